-- Which crawls and imports brought what is here, by which route, on which legal ground and with which software?
-- Grain: one row per crawl, platform, route, legal ground and software. The route is the one by which a visit ended: where
-- the study's first route does not reach an account, the next one may.

with visit as (
    select
        feed.crawl_id,
        feed.platform,
        feed.account_key,
        coalesce(outcome.route, feed.route) as route,
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
from visit
group by crawl_id, platform, route, legal_ground, software
order by started_at, crawl_id, platform, route, legal_ground, software;
