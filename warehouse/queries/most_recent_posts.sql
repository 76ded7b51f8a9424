-- Which post of each institution carried a code most recently?
-- Grain: one row per institution and code with at least one dated post. Variable: code.

with told as (
    select code_set, code
    from asked_sets
    where dimension = asked_dimension() and code is not null
        and coalesce(code = cast(getvariable('code') as varchar), true)
),

newest as (
    select
        account_key,
        code_set,
        arg_max(post_key, {posted_local: posted_local, post_key: post_key}) as post_key,
        max(posted_local) as posted_local
    from asked_units
    where posted_local is not null and code_set in (select code_set from told)
    group by account_key, code_set
),

latest as (
    select account.institution, account.level, told.code, newest.post_key
    from newest
    join told using (code_set)
    join asked_accounts as account using (account_key)
    where account.institution is not null
    qualify row_number() over (
        partition by account.institution, told.code order by newest.posted_local desc, newest.post_key desc
    ) = 1
)

select
    latest.institution,
    latest.level,
    latest.code,
    posts.platform,
    posts.account,
    posts.post_id,
    posts.url,
    posts.posted_at,
    posts.posted_precision,
    posts.title,
    posts.text
from latest
join posts using (post_key)
order by latest.level, latest.institution, latest.code;
