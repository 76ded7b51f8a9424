-- Counts of the posts as each capture showed them, rounded
-- Grain: one row per post and capture.

select
    pseudonym('post', post.platform || '/' || post.post_id) as post,
    pseudonym('capture', capture.capture_id) as capture,
    capture.route,
    week_of(snapshot.captured_at, 'second') as captured_week,
    roughly(snapshot.like_count) as like_count,
    roughly(snapshot.comment_count) as comment_count,
    roughly(snapshot.share_count) as share_count,
    roughly(snapshot.view_count) as view_count,
    roughly(snapshot.save_count) as save_count
from fact_post_snapshot as snapshot
join dim_capture as capture using (capture_key)
join exported_post as post using (post_key)
