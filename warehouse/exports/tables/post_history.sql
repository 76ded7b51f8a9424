-- Every version of the posts' words
-- Grain: one row per post and version.

select
    cast(post_key as varchar) as post_key,
    version,
    platform,
    post_id,
    change,
    title,
    text,
    alt_text,
    transcript,
    transcript_source,
    valid_from,
    valid_to,
    is_current,
    capture_id,
    route
from post_history
semi join exported_post using (post_key)
