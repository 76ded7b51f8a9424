-- Which accounts were seen, how completely, and why are the others left out?
-- Grain: one row per account that was asked for. `coverage` is the posts known after the latest visit over
-- those that the platform reports; null where it reports none.

select
    coverage.institution,
    coverage.level,
    coverage.platform,
    coverage.account,
    coverage.scope,
    coverage.outcome,
    coverage.is_complete,
    coverage.sign,
    coverage.posts_collected,
    coverage.posts_known,
    coverage.posts_reported,
    coverage.coverage,
    coverage.errors_count,
    coverage.oldest_posted_at,
    coverage.newest_posted_at,
    coverage.window_since,
    coverage.started_at,
    coverage.crawl_id,
    coverage.route,
    coverage.legal_ground
from coverage
join accounts using (account_key)
where is_kept('level', coalesce(accounts.level, 'unknown'))
    and is_kept('platform', accounts.platform)
    and is_kept('institution', coalesce(accounts.institution, 'unknown'))
    and is_kept('account', accounts.account)
    and is_kept('region', coalesce(accounts.region, 'unknown'))
    and is_kept('place', coalesce(accounts.place, 'unknown'))
    and is_kept('type', coalesce(accounts.type, 'unknown'))
    and is_kept('scope', coalesce(accounts.scope, 'unknown'))
    and is_kept('programme', coalesce(accounts.programme, 'none'))
    and is_kept('run_by', coalesce(accounts.run_by, 'unknown'))
order by is_complete, coverage.level, coverage.institution, coverage.platform, coverage.account;
