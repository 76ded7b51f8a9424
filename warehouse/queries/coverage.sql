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
where is_kept('level', level) and is_kept('platform', platform) and is_kept('institution', institution)
    and is_kept('account', account) and is_kept('scope', scope)
order by is_complete, level, institution, platform, account;
