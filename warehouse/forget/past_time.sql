-- Which posts came by this route and were not seen again, by any route, since a moment?
-- Grain: one row per post. Variables: platform, route, before.

select post.post_id, max(snapshot.captured_at) as last_seen_at
from fact_post_snapshot as snapshot
join dim_capture as capture using (capture_key)
join dim_post as post on post.post_key = snapshot.post_key and post.is_current
where post.platform = getvariable('platform')
group by post.post_id
having bool_or(capture.route = getvariable('route')) and max(snapshot.captured_at) < getvariable('before')
order by post.post_id;
