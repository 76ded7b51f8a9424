-- Posts as they read now
-- Grain: one row per post.

select
    cast(posts.post_key as varchar) as post_key,
    cast(posts.account_key as varchar) as account_key,
    platform,
    post_id,
    url,
    institution,
    level,
    account,
    scope,
    programme,
    run_by,
    posts.media_type,
    title,
    text,
    alt_text,
    transcript,
    transcript_source,
    hashtags,
    mentions,
    coauthors,
    posts.language,
    posts.posted_at,
    posts.posted_precision,
    posted_source,
    posts.is_repost,
    repost_of,
    is_own,
    posts.version,
    is_edited,
    mart_post.vanished_at
from posts
left join mart_post using (post_key)
where is_exported(posts.posted_at)
