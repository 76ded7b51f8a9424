-- Posts as they read now
-- Grain: one row per post.

select
    cast(post_key as varchar) as post_key,
    cast(account_key as varchar) as account_key,
    platform,
    post_id,
    url,
    institution,
    level,
    account,
    scope,
    programme,
    run_by,
    media_type,
    title,
    text,
    alt_text,
    transcript,
    hashtags,
    mentions,
    coauthors,
    language,
    posted_at,
    posted_precision,
    posted_source,
    is_repost,
    repost_of,
    is_own,
    version,
    is_edited
from posts
where is_exported(posted_at)
