-- How did the visits end that showed it, by which route and on what ground?
-- Grain: one row per visit. Variables: platform, post_id.

select
    outcome.crawl_id,
    outcome.account,
    outcome.outcome,
    outcome.sign,
    outcome.status,
    outcome.final_url,
    outcome.route,
    outcome.legal_ground,
    outcome.posts_collected,
    outcome.posts_reported,
    outcome.started_at,
    outcome.ended_at,
    feed.software,
    feed.file
from fact_outcome as outcome
join dim_feed as feed using (feed_key)
where outcome.feed_key in (
    select feed_key from fact_post_snapshot
    where post_key = key_of(getvariable('platform') || chr(31) || getvariable('post_id')))
order by outcome.started_at;
