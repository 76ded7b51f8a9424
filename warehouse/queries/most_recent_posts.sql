-- Which post of each institution carried a code most recently?
-- Grain: one row per institution and code with at least one dated post. Variable: code.

with carrying as (
    select account.institution, account.level, coding.code, post.post_key, post.posted_at
    from asked_posts as post
    join asked_accounts as account using (account_key)
    join asked_codings as coding on coding.post_key = post.post_key and coding.version = post.version
    where account.institution is not null
        and post.posted_at is not null
        and coding.dimension = asked_dimension()
        and coalesce(coding.code = cast(getvariable('code') as varchar), true)
),

latest as (
    select *
    from carrying
    qualify row_number() over (partition by institution, code order by posted_at desc, hash_order(post_key)) = 1
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
