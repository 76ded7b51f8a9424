-- Which crawls and imports brought what is here, by which route, on which legal ground and with which software?
-- Grain: one row per crawl, platform, route, legal ground and software.

select
    feed.crawl_id,
    feed.platform,
    feed.route,
    feed.legal_ground,
    feed.software,
    count(distinct feed.account_key) as n_accounts,
    min(feed.started_at) as started_at,
    max(coalesce(outcome.ended_at, outcome.started_at, feed.started_at)) as ended_at
from dim_feed as feed
left join fact_outcome as outcome on outcome.feed_key = feed.feed_key
group by feed.crawl_id, feed.platform, feed.route, feed.legal_ground, feed.software
order by started_at, feed.crawl_id, feed.platform, feed.route, feed.legal_ground, feed.software;
