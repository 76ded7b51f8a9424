-- Which posts, as they read now, has this coder not coded with this version of the codebook?
-- Grain: one row per post. Variables: coder, codebook_version.

with coded as (
    select post_key, version
    from fact_coding
    where coder = getvariable('coder') and codebook_version = getvariable('codebook_version')
        and dimension = 'theme' and is_primary
)

select
    post.post_key,
    post.version,
    post.platform,
    post.post_id,
    post.title,
    post.text,
    post.alt_text,
    post.transcript,
    post.media_type,
    coalesce(post.hashtags, []) as hashtags,
    coalesce(post.mentions, []) as mentions,
    coalesce(post.coauthors, []) as coauthors,
    language.language,
    account.account,
    account.run_by,
    account.scope,
    account.institution,
    account.level
from dim_post as post
join accounts as account on account.account_key = post.account_key
left join dim_language as language
    on language.text_hash = speech_hash(post.title_hash, post.text_hash, post.transcript_hash)
where post.is_current
    and not post.is_repost
    and not exists (select 1 from coded where coded.post_key = post.post_key and coded.version = post.version);
