-- What do posts with a code look like, and which words told?
-- Grain: one row per post and code. Variables: code, most (10 per group unless told). Not the best but a fixed draw,
-- first one of each institution, then a second.

with carrying as (
    select
        post.account_key,
        post.post_key,
        post.version,
        coding.code,
        coding.is_primary
    from asked_posts as post
    join asked_codings as coding on coding.post_key = post.post_key and coding.version = post.version
    where coding.dimension = asked_dimension()
        and coalesce(coding.code = cast(getvariable('code') as varchar), true)
),

-- No group needs more posts of an account than it may have rows.
nearest as (
    select unnest(min_by(
        {post_key: post_key, version: version, account_key: account_key, code: code, is_primary: is_primary},
        hash_order(post_key), coalesce(cast(getvariable('most') as bigint), 10)), recursive := true)
    from carrying
    group by account_key, code
),

turn as (
    select
        account.account_groups as groups,
        nearest.*,
        row_number() over (
            partition by account.account_groups, nearest.code, account.cluster order by hash_order(nearest.post_key)
        ) as turn
    from nearest
    join asked_accounts as account using (account_key)
),

drawn as (
    select *
    from turn
    qualify row_number() over (partition by groups, code order by turn, hash_order(post_key))
        <= coalesce(cast(getvariable('most') as bigint), 10)
)

select
    drawn.groups,
    drawn.code,
    drawn.is_primary,
    coding.score,
    posts.institution,
    posts.level,
    posts.platform,
    posts.account,
    posts.post_id,
    posts.url,
    posts.posted_at,
    posts.posted_precision,
    posts.title,
    posts.text,
    posts.alt_text,
    posts.transcript,
    posts.language,
    coding.evidence
from drawn
join posts on posts.post_key = drawn.post_key
join fact_coding as coding
    on coding.post_key = drawn.post_key and coding.version = drawn.version and coding.code = drawn.code
    and coding.dimension = asked_dimension() and coding.coder = asked_coder()
    and coding.codebook_version = asked_codebook()
order by drawn.groups, drawn.code, drawn.turn, hash_order(drawn.post_key);
