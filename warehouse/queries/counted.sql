-- What do the figures stand on: how many posts, accounts and institutions count, and what does not?
-- Grain: one row.

with own as (
    select
        account_key,
        count(*) as n_posts,
        count(*) filter (where posted_at is null) as n_posts_undated,
        min(posted_at) as oldest_posted_at,
        max(posted_at) as newest_posted_at
    from asked_own
    group by account_key
),

coded as (
    select account_key, count(*) as n_posts from asked_coded group by account_key
),

kept as (
    select account_key, count(*) as n_posts, count(*) filter (where is_repost) as n_reposts
    from mart_post
    group by account_key
),

counted as (
    select
        count(*) as n_accounts,
        count(distinct account.institution) as n_institutions,
        coalesce(cast(sum(own.n_posts) as bigint), 0) as n_posts,
        coalesce(cast(sum(own.n_posts_undated) as bigint), 0) as n_posts_undated,
        min(own.oldest_posted_at) as oldest_posted_at,
        max(own.newest_posted_at) as newest_posted_at,
        coalesce(cast(sum(coded.n_posts) as bigint), 0) as n_posts_coded
    from asked_accounts as account
    left join own using (account_key)
    left join coded using (account_key)
    where account.why_left_out is null
),

left_out as (
    select count(*) as n_accounts_left_out from asked_accounts where why_left_out is not null
),

everything as (
    select
        coalesce(cast(sum(kept.n_posts) as bigint), 0) as n_posts_kept,
        coalesce(cast(sum(kept.n_reposts) as bigint), 0) as n_reposts,
        coalesce(cast(sum(kept.n_posts - kept.n_reposts) filter (where accounts.institution is null) as bigint), 0)
            as n_posts_of_others
    from kept
    join accounts using (account_key)
)

select
    counted.n_posts,
    counted.n_posts_undated,
    counted.oldest_posted_at,
    counted.newest_posted_at,
    counted.n_posts_coded,
    counted.n_accounts,
    left_out.n_accounts_left_out,
    counted.n_institutions,
    everything.n_posts_kept,
    everything.n_reposts,
    everything.n_posts_of_others
from counted, left_out, everything;
