-- Followers and number of posts of accounts, as each capture showed them
-- Grain: one row per account and capture.

select
    cast(snapshot.account_key as varchar) as account_key,
    account.platform,
    account.account,
    capture.capture_id,
    snapshot.captured_at,
    snapshot.followers_count,
    snapshot.following_count,
    snapshot.posts_count
from fact_account_snapshot as snapshot
join accounts as account using (account_key)
join dim_capture as capture using (capture_key)
