-- How each visit to an account ended
-- Grain: one row per account and crawl.

select
    pseudonym('crawl', visit.crawl_id) as crawl,
    account.account,
    visit.platform,
    visit.outcome,
    visit.status,
    visit.route,
    roughly(visit.posts_collected) as posts_collected,
    case when visit.posts_reported > 0
        then round(least(visit.posts_collected / visit.posts_reported, 1.0), 1) end as coverage,
    visit.errors_count,
    week_of(visit.started_at, 'second') as started_week
from fact_outcome as visit
join shared_account as account using (account_key)
