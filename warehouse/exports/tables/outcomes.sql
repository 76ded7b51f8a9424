-- How each visit to an account ended, and the sign that told
-- Grain: one row per account and crawl.

select
    crawl_id,
    cast(account_key as varchar) as account_key,
    platform,
    account,
    outcome,
    sign,
    status,
    final_url,
    route,
    legal_ground,
    posts_collected,
    posts_reported,
    errors_count,
    oldest_posted_at,
    newest_posted_at,
    window_since,
    started_at,
    ended_at
from fact_outcome
