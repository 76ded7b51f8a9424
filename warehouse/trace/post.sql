-- Which post is this, and whose?
-- Grain: one row per post. Variables: platform, post_id.

select
    post.platform,
    post.post_id,
    post.account,
    account.institution,
    account.level,
    post.url,
    post.media_type,
    post.posted_at,
    post.posted_precision,
    post.posted_source,
    post.is_repost,
    post.repost_of,
    language.language
from dim_post as post
left join accounts as account using (account_key)
left join dim_language as language
    on language.text_hash = speech_hash(post.title_hash, post.text_hash, post.transcript_hash)
where post.platform = getvariable('platform') and post.post_id = getvariable('post_id') and post.is_current;
