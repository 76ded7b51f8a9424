-- When are posts made: in which month, on which weekday, at which hour in Amsterdam?
-- Grain: one row per group (variable `by_names`), part (month, weekday, hour) and value. Dates too vague for a part are
-- not in it. Weekdays count from 1, Monday.

with hour as (
    select
        accounts_key,
        period,
        media_type,
        language,
        posted_precision,
        month(posted_local) as month,
        isodow(posted_local) as weekday,
        hour(posted_local) as hour,
        count(*) as posts
    from asked_posts
    where posted_local is not null and (asked_period() is null or period is not null)
    group by all
),

post as (
    select groups_of(account.account_groups, hour.period, hour.media_type, hour.language) as groups, hour.*
    from hour
    join (select distinct accounts_key, account_groups from asked_clusters) as account using (accounts_key)
),

part as (
    select groups, 'month' as part, month as value, sum(posts) as n_posts
    from post
    where posted_precision not in ('unknown', 'year')
    group by all
    union all
    select groups, 'weekday', weekday, sum(posts)
    from post
    where posted_precision in ('second', 'minute', 'hour', 'day')
    group by all
    union all
    select groups, 'hour', hour, sum(posts)
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
