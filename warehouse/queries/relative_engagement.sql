-- How does a post with each code do, against the same account's other posts of that quarter?
-- Grain: one row per group (variable `by_names`) and code. A post's figure is its interactions (likes, comments, shares
-- and saves as last shown) divided by the median of the account's posts in the quarter; posts with hidden likes are left
-- out, as are quarters with a median of 0. Raw likes are never compared between accounts.

with of_account as (
    select account_key, date_trunc('quarter', posted_local) as quarter, median(interactions) as interactions
    from mart_post
    where not is_repost and interactions is not null and posted_precision not in ('unknown', 'year')
    group by account_key, quarter
),

usual as (
    select of_account.*, account.accounts_key, account.cluster_number
    from of_account
    join asked_accounts as account on account.account_key = of_account.account_key and account.why_left_out is null
    where of_account.interactions > 0
),

told as (
    select code_set, code
    from asked_sets
    where dimension = asked_dimension() and code is not null
        and coalesce(code = cast(getvariable('code') as varchar), true)
),

counted as (
    select
        usual.accounts_key,
        usual.cluster_number,
        unit.period,
        unit.media_type,
        unit.language,
        told.code,
        round(unit.interactions / usual.interactions, 2) as figure,
        count(*) as posts
    from asked_coded as unit
    join usual
        on usual.account_key = unit.account_key and usual.quarter = date_trunc('quarter', unit.posted_local)
    join told using (code_set)
    where unit.interactions is not null and unit.posted_precision not in ('unknown', 'year')
        and (asked_period() is null or unit.period is not null)
    group by all
),

counts as (
    select *, part_key_of(period, media_type, language) as part_key from counted
),

ranked as (
    select
        *,
        sum(posts) over (partition by accounts_key, part_key, code order by figure) as up_to,
        sum(posts) over (partition by accounts_key, part_key, code) as n_posts
    from (
        select accounts_key, part_key, code, figure, any_value(period) as period, any_value(media_type) as media_type,
            any_value(language) as language, sum(posts) as posts
        from counts
        group by accounts_key, part_key, code, figure
    )
),

-- The median of a draw of many institutions is near that of all: variable `middle` is the share of the posts, those
-- around the median, whose figures are then told apart (unless told, all).
place as (
    select
        accounts_key,
        any_value(account_groups) as account_groups,
        case when count(distinct cluster_number) < 50 then 1 else coalesce(cast(getvariable('middle') as double), 1)
        end as told_apart
    from asked_accounts
    group by accounts_key
),

middle as (
    select
        ranked.accounts_key,
        ranked.part_key,
        ranked.code,
        groups_of(any_value(place.account_groups), any_value(ranked.period), any_value(ranked.media_type),
            any_value(ranked.language)) as groups,
        cast(any_value(n_posts) as bigint) as n_posts,
        (min(figure) filter (where up_to >= n_posts / 2) + min(figure) filter (where up_to > n_posts / 2)) / 2
            as median_relative_engagement,
        min(figure) filter (where up_to >= n_posts * (1 - place.told_apart) / 2) as lowest,
        min(figure) filter (where up_to >= n_posts * (1 + place.told_apart) / 2) as highest
    from ranked
    join place using (accounts_key)
    group by ranked.accounts_key, ranked.part_key, ranked.code
),

measured as (
    select accounts_key, part_key, code, list({member: cluster_number, figure: figure, posts: posts}) as clusters
    from (
        select
            counts.accounts_key,
            counts.part_key,
            counts.code,
            counts.cluster_number,
            case when counts.figure < middle.lowest then '-infinity'::double
                when counts.figure > middle.highest then 'infinity'::double else counts.figure end as figure,
            cast(sum(counts.posts) as bigint) as posts
        from counts
        join middle using (accounts_key, part_key, code)
        group by all
    )
    group by accounts_key, part_key, code
)

select
    middle.groups,
    middle.code,
    middle.n_posts,
    cast(list_unique(list_transform(measured.clusters, lambda one: one.member)) as bigint) as n_institutions,
    middle.median_relative_engagement,
    measured.clusters
from measured
join middle using (accounts_key, part_key, code)
order by middle.groups, middle.median_relative_engagement desc, middle.code;
