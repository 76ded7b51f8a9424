-- What did each capture count, and in which visit?
-- Grain: one row per capture that showed the post. Variables: platform, post_id.

select
    snapshot.captured_at,
    snapshot.like_count,
    snapshot.comment_count,
    snapshot.share_count,
    snapshot.view_count,
    snapshot.save_count,
    snapshot.is_pinned,
    capture.capture_id,
    capture.route,
    capture.parser_version,
    feed.crawl_id
from fact_post_snapshot as snapshot
left join dim_capture as capture using (capture_key)
left join dim_feed as feed using (feed_key)
where snapshot.post_key = key_of(getvariable('platform') || chr(31) || getvariable('post_id'))
order by snapshot.captured_at, capture.capture_id;
