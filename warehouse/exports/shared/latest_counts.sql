-- Counts of the posts as last shown, rounded
-- Grain: one row per post.

select
    pseudonym('post', platform || '/' || post_id) as post,
    roughly(like_count) as like_count,
    roughly(comment_count) as comment_count,
    roughly(share_count) as share_count,
    roughly(view_count) as view_count,
    roughly(save_count) as save_count,
    is_pinned,
    week_of(first_captured_at, 'second') as first_captured_week,
    week_of(last_captured_at, 'second') as last_captured_week
from latest_counts
semi join exported_post using (post_key)
