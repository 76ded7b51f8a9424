-- Which post of each institution carried a code most recently?
-- Grain: one row per institution and code with at least one dated post. Variable: code.

with told as (
    select code_set, code
    from asked_sets
    where dimension = asked_dimension() and code is not null
        and coalesce(code = cast(getvariable('code') as varchar), true)
),

newest as (
    select account_key, code_set, max(posted_local) as posted_local
    from asked_coded
    where posted_local is not null
    group by account_key, code_set
),

latest as (
    select account.institution, account.level, told.code, newest.*
    from newest
    join told using (code_set)
    join asked_accounts as account on account.account_key = newest.account_key and account.why_left_out is null
    where account.institution is not null
    qualify rank() over (partition by account.institution, told.code order by newest.posted_local desc) = 1
),

-- Of several at that moment, one.
one as (
    select latest.institution, latest.level, latest.code, max(coded.post_key) as post_key
    from asked_coded as coded
    join latest using (account_key, code_set, posted_local)
    group by latest.institution, latest.level, latest.code
)

select
    one.institution,
    one.level,
    one.code,
    post.platform,
    account.account,
    post.post_id,
    post.url,
    post.posted_at,
    post.posted_precision,
    post.title,
    post.text
from one
join dim_post as post on post.post_key = one.post_key and post.is_current
join accounts as account on account.account_key = post.account_key
order by one.level, one.institution, one.code;
