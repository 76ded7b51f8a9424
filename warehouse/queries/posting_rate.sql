-- How many posts do accounts make a week?
-- Grain: one row per group (variable `by_names`). The weeks are those from the first to the last post of each account
-- within the window; accounts with fewer than two dated posts are left out.

with post as (
    select account_key, period, media_type, language, posted_at
    from asked_own
    where posted_precision not in ('unknown', 'year', 'month')
        and (asked_period() is null or period is not null)
),

counts as (
    select
        columns(lambda name: is_told(name) and name <> 'posted_at'),
        count(*) as posts,
        (epoch_us(max(posted_at)) - epoch_us(min(posted_at))) / 604800000000 as weeks
    from post
    group by all
    having count(*) > 1 and weeks > 0
    union all by name
    select * from asked_nothing
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
