-- Which accounts did a route show before a moment, in which captures?
-- Grain: one row per account and capture. Variables: platform, route, before.

select account.account, capture.capture_id, snapshot.captured_at
from fact_account_snapshot as snapshot
join dim_capture as capture using (capture_key)
join dim_account as account on account.account_key = snapshot.account_key and account.is_current
where capture.platform = getvariable('platform')
    and capture.route = getvariable('route')
    and snapshot.captured_at < getvariable('before')
order by account.account, snapshot.captured_at;
