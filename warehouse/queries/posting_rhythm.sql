-- When are posts made: in which month, on which weekday, at which hour in Amsterdam?
-- Grain: one row per group (variable `by_names`), part (month, weekday, hour) and value. Dates too vague for a part are
-- not in it. Weekdays count from 1, Monday.

with account as (
    select account_key, account_groups, dense_rank() over (order by account_groups) as place
    from asked_accounts
),

hour as (  -- there are few hours, and telling the time of day in Amsterdam is slow
    select
        account.place,
        post.period,
        post.media_type,
        post.language,
        post.posted_precision,
        date_trunc('hour', utc(post.posted_at)) as posted_at,
        count(*) as posts
    from asked_posts as post
    join account using (account_key)
    where post.posted_at is not null and (asked_period() is null or post.period is not null)
    group by all
),

post as (
    select
        groups_of(account.account_groups, hour.period, hour.media_type, hour.language) as groups,
        hour.posted_at at time zone 'UTC' at time zone 'Europe/Amsterdam' as posted_at,
        hour.posted_precision,
        hour.posts
    from hour
    join (select distinct place, account_groups from account) as account using (place)
),

part as (
    select groups, 'month' as part, month(posted_at) as value, sum(posts) as n_posts
    from post
    where posted_precision not in ('unknown', 'year')
    group by all
    union all
    select groups, 'weekday', isodow(posted_at), sum(posts)
    from post
    where posted_precision in ('second', 'minute', 'hour', 'day')
    group by all
    union all
    select groups, 'hour', hour(posted_at), sum(posts)
    from post
    where posted_precision in ('second', 'minute', 'hour')
    group by all
)

select
    groups,
    part,
    value,
    cast(n_posts as bigint) as n_posts,
    n_posts / sum(n_posts) over (partition by groups, part) as share
from part
order by groups, part, value;
