-- What do posts with a code look like, and which words told?
-- Grain: one row per post and code. Variables: code, most (10 per group unless told). Not the best but a fixed draw,
-- first one of each institution, then a second.

with carrying as (
    select
        account.account_groups as groups,
        account.cluster,
        post.post_key,
        post.version,
        coding.code,
        coding.is_primary,
        coding.score,
        coding.evidence
    from asked_posts as post
    join asked_accounts as account using (account_key)
    join fact_coding as coding on coding.post_key = post.post_key and coding.version = post.version
    where coding.dimension = asked_dimension()
        and coding.coder = asked_coder()
        and coding.codebook_version = coalesce(
            cast(getvariable('codebook_version') as varchar),
            (select arg_max(codebook_version, last_coded_at) from dim_coder where coder = asked_coder()))
        and coalesce(coding.code = cast(getvariable('code') as varchar), true)
),

turn as (
    select *, row_number() over (partition by groups, code, cluster order by hash_order(post_key)) as turn
    from carrying
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
    drawn.score,
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
    drawn.evidence
from drawn
join posts using (post_key)
order by drawn.groups, drawn.code, drawn.turn, hash_order(drawn.post_key);
