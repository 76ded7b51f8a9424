-- The latest counts are those that the snapshots last showed.
with counted as (
    select
        post_key,
        min(captured_at) as first_captured_at,
        max(captured_at) as last_captured_at,
        arg_max(like_count, captured_at) as like_count,
        arg_max(comment_count, captured_at) as comment_count,
        arg_max(share_count, captured_at) as share_count,
        arg_max(view_count, captured_at) as view_count,
        arg_max(save_count, captured_at) as save_count
    from fact_post_snapshot
    group by post_key
)

select coalesce(counted.post_key, latest.post_key) as post_key
from counted
full join fact_post_latest as latest using (post_key)
where row(counted.first_captured_at, counted.last_captured_at, counted.like_count, counted.comment_count,
        counted.share_count, counted.view_count, counted.save_count)
    is distinct from row(latest.first_captured_at, latest.last_captured_at, latest.like_count,
        latest.comment_count, latest.share_count, latest.view_count, latest.save_count)
limit 1000;
