-- Which posts were there before and were not seen by the latest complete visit?
-- Grain: one row per post. Only posts within that visit's reach: since its window began or its oldest post.

select
    account.institution,
    account.level,
    post.platform,
    account.account,
    post.post_id,
    post.url,
    post.posted_at,
    latest.first_captured_at,
    latest.last_captured_at,
    account.started_at as missing_since
from asked_accounts as account
join dim_post as post on post.account_key = account.account_key and post.is_current and not post.is_repost
join fact_post_latest as latest on latest.post_key = post.post_key
where account.outcome in ('complete', 'empty')
    and latest.last_captured_at < account.started_at
    and post.posted_precision in ('second', 'minute', 'hour', 'day')
    and post.posted_at >= coalesce(account.window_since, account.oldest_posted_at, '2000-01-01 00:00:00+00')
order by account.level, account.institution, post.posted_at;
