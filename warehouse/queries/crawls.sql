-- Which crawls and imports brought what is here, by which route, on which legal ground and with which software?
-- Grain: one row per crawl, platform, route, legal ground and software. The route is the one that the visit ended on,
-- with the ground that this route needed; the header names the first, which may have handed over to the next.

with visits as (
    select
        feed.crawl_id,
        feed.platform,
        feed.account_key,
        coalesce(nullif(outcome.route, ''), feed.route) as route,
        coalesce(outcome.legal_ground, feed.legal_ground) as legal_ground,
        feed.software,
        feed.started_at,
        coalesce(outcome.ended_at, outcome.started_at, feed.started_at) as ended_at
    from dim_feed as feed
    left join fact_outcome as outcome on outcome.feed_key = feed.feed_key
)

select
    crawl_id,
    platform,
    route,
    legal_ground,
    software,
    count(distinct account_key) as n_accounts,
    min(started_at) as started_at,
    max(ended_at) as ended_at
from visits
group by crawl_id, platform, route, legal_ground, software
order by started_at, crawl_id, platform, route, legal_ground, software;
