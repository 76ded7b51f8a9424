-- Counts of the posts as last shown
-- Grain: one row per post.

select
    cast(post_key as varchar) as post_key,
    platform,
    post_id,
    like_count,
    comment_count,
    share_count,
    view_count,
    save_count,
    is_pinned,
    first_captured_at,
    last_captured_at
from latest_counts
semi join exported_post using (post_key)
