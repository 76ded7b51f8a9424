-- Counts of the posts as each capture showed them
-- Grain: one row per post and capture.

select
    cast(snapshot.post_key as varchar) as post_key,
    capture.capture_id,
    capture.platform,
    capture.route,
    snapshot.captured_at,
    snapshot.like_count,
    snapshot.comment_count,
    snapshot.share_count,
    snapshot.view_count,
    snapshot.save_count,
    snapshot.is_pinned
from fact_post_snapshot as snapshot
join dim_capture as capture using (capture_key)
semi join exported_post using (post_key)
