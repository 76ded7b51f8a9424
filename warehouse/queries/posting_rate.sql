-- How many posts do accounts make a week?
-- Grain: one row per group (variable `by_names`). The weeks are those from the first to the last post of each account
-- within the window; accounts with fewer than two dated posts are left out.

with counts as (
    select
        post.account_key,
        post.period,
        post.media_type,
        post.language,
        count(*) as posts,
        (epoch_us(max(post.posted_at)) - epoch_us(min(post.posted_at))) / 604800000000 as weeks
    from asked_own as post
    where post.posted_precision not in ('unknown', 'year', 'month')
        and (asked_period() is null or post.period is not null)
    group by all
    having count(*) > 1 and weeks > 0
),

account_rate as (
    select
        groups_of(account.account_groups, counts.period, counts.media_type, counts.language) as groups,
        account.cluster,
        counts.posts,
        counts.weeks
    from counts
    join asked_accounts as account on account.account_key = counts.account_key and account.why_left_out is null
)

select
    groups,
    cast(sum(posts) as bigint) as n_posts,
    count(*) as n_accounts,
    count(distinct cluster) as n_institutions,
    sum(posts - 1) / sum(weeks) as posts_per_week,
    median((posts - 1) / weeks) as median_posts_per_week
from account_rate
group by groups
order by groups;
