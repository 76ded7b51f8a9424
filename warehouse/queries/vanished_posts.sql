-- Which posts were there before and are gone, as a later visit that reached as far found?
-- Grain: one row per post that was not seen again since. `missing_since` is when that visit began.

select
    account.institution,
    account.level,
    post.platform,
    account.account,
    post.post_id,
    post.url,
    post.posted_at,
    mart.first_captured_at,
    mart.last_captured_at,
    mart.vanished_at as missing_since
from mart_post as mart
join asked_accounts as account on account.account_key = mart.account_key and account.why_left_out is null
join dim_post as post on post.post_key = mart.post_key and post.is_current
where mart.vanished_at is not null and not mart.is_repost
order by account.level, account.institution, post.posted_at, post.post_id;
