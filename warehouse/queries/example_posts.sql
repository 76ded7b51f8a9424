-- What do posts with a code look like, and which words told?
-- Grain: one row per post and code. Variables: code, most (10 per group unless told). Not the best but a fixed draw,
-- first one of each institution, then a second.

with told as (
    select code_set, code, is_primary
    from asked_sets
    where dimension = asked_dimension() and code is not null
        and coalesce(code = cast(getvariable('code') as varchar), true)
),

-- No group needs more posts of an account than it may have rows. Keys are hashes, so their order is a draw.
near as (
    select account_key, code_set, unnest(min(post_key, coalesce(cast(getvariable('most') as bigint), 10))) as post_key
    from asked_units
    where code_set in (select code_set from told)
    group by account_key, code_set
),

nearest as (
    select near.account_key, near.post_key, told.code, told.is_primary
    from near
    join told using (code_set)
    qualify row_number() over (partition by near.account_key, told.code order by near.post_key)
        <= coalesce(cast(getvariable('most') as bigint), 10)
),

turn as (
    select
        account.account_groups as groups,
        nearest.*,
        row_number() over (
            partition by account.account_groups, nearest.code, account.cluster order by nearest.post_key
        ) as turn
    from nearest
    join asked_accounts as account using (account_key)
),

drawn as (
    select *
    from turn
    qualify row_number() over (partition by groups, code order by turn, post_key)
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
    on coding.post_key = drawn.post_key and coding.version = posts.version and coding.code = drawn.code
    and coding.dimension = asked_dimension() and coding.coder = asked_coder()
    and coding.codebook_version = asked_codebook()
order by drawn.groups, drawn.code, drawn.turn, drawn.post_key;
