-- How completely each account was seen, by the latest visit to it
-- Grain: one row per account of the register or visited.

select
    cast(account_key as varchar) as account_key,
    institution,
    level,
    platform,
    account,
    scope,
    outcome,
    is_complete,
    posts_collected,
    posts_known,
    posts_reported,
    coverage,
    oldest_posted_at,
    newest_posted_at,
    started_at,
    crawl_id
from coverage
