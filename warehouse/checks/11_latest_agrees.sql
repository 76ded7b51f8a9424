-- The latest counts are those that the snapshots last showed.
with counted as (
    select * from latest_of('fact_post_snapshot')
)

select coalesce(counted.post_key, latest.post_key) as post_key
from counted
full join fact_post_latest as latest using (post_key)
where row(counted.first_captured_at, counted.last_captured_at, counted.like_count, counted.comment_count,
        counted.share_count, counted.view_count, counted.save_count)
    is distinct from row(latest.first_captured_at, latest.last_captured_at, latest.like_count,
        latest.comment_count, latest.share_count, latest.view_count, latest.save_count)
limit 1000;
