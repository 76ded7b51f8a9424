-- How does a post with each code do, against the same account's other posts of that quarter?
-- Grain: one row per group (variable `by_names`) and code. A post's figure is its interactions (likes, comments, shares and
-- saves as last shown) divided by the median of the account's posts in the quarter; posts with hidden likes are left
-- out, as are quarters with a median of 0. Raw likes are never compared between accounts.

with usual as (
    select account_key, date_trunc('quarter', posted_local) as quarter, median(interactions) as interactions
    from mart_post
    where not is_repost and interactions is not null and posted_precision not in ('unknown', 'year')
        and account_key in (select account_key from asked_accounts where why_left_out is null)
    group by account_key, quarter
    having median(interactions) > 0
),

told as (
    select code_set, code
    from asked_sets
    where dimension = asked_dimension() and code is not null
        and coalesce(code = cast(getvariable('code') as varchar), true)
),

counts as (
    select
        unit.accounts_key,
        part_key_of(unit.period, unit.media_type, unit.language) as part_key,
        told.code,
        unit.cluster_key,
        round(unit.interactions / usual.interactions, 2) as figure,
        any_value(unit.period) as period,
        any_value(unit.media_type) as media_type,
        any_value(unit.language) as language,
        count(*) as posts
    from asked_units as unit
    join usual
        on usual.account_key = unit.account_key and usual.quarter = date_trunc('quarter', unit.posted_local)
    join told using (code_set)
    where unit.interactions is not null and unit.posted_precision not in ('unknown', 'year')
        and (asked_period() is null or unit.period is not null)
    group by unit.accounts_key, part_key, told.code, unit.cluster_key, figure
),

named as (
    select *, groups_of(account_groups, period, media_type, language) as groups, row_number() over () as group_number
    from (
        select counts.accounts_key, counts.part_key, any_value(place.account_groups) as account_groups,
            any_value(counts.period) as period, any_value(counts.media_type) as media_type,
            any_value(counts.language) as language
        from counts
        join asked_clusters as place using (cluster_key)
        group by counts.accounts_key, counts.part_key
    )
),

placed as (
    select named.group_number, counts.code, counts.cluster_key, counts.figure, counts.posts
    from counts
    join named on named.accounts_key = counts.accounts_key and named.part_key = counts.part_key
),

ranked as (
    select
        group_number,
        code,
        figure,
        sum(posts) over (partition by group_number, code order by figure) as up_to,
        sum(posts) over (partition by group_number, code) as n_posts
    from (
        select group_number, code, figure, sum(posts) as posts from placed group by group_number, code, figure
    )
),

middle as (
    select
        group_number,
        code,
        (min(figure) filter (where up_to >= n_posts / 2) + min(figure) filter (where up_to > n_posts / 2)) / 2
            as median_relative_engagement
    from ranked
    group by group_number, code
),

measured as (
    select
        group_number,
        code,
        cast(sum(posts) as bigint) as n_posts,
        count(distinct cluster_key) as n_institutions,
        list({member: cluster_key, figure: figure, posts: cast(posts as bigint)}) as clusters
    from placed
    group by group_number, code
)

select
    named.groups,
    measured.code,
    measured.n_posts,
    measured.n_institutions,
    middle.median_relative_engagement,
    measured.clusters
from measured
join middle using (group_number, code)
join named using (group_number)
order by named.groups, middle.median_relative_engagement desc, measured.code;
