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

counts as (
    select
        unit.cluster_key,
        unit.accounts_key,
        unit.period,
        unit.media_type,
        unit.language,
        unit.code_set,
        round(unit.interactions / usual.interactions, 2) as figure,
        count(*) as posts
    from asked_units as unit
    join usual
        on usual.account_key = unit.account_key and usual.quarter = date_trunc('quarter', unit.posted_local)
    where unit.interactions is not null and unit.posted_precision not in ('unknown', 'year')
        and (asked_period() is null or unit.period is not null)
    group by all
),

named as (
    select *, groups_of(account_groups, period, media_type, language) as groups, row_number() over () as group_number
    from (
        select distinct counts.accounts_key, place.account_groups, counts.period, counts.media_type, counts.language
        from counts
        join asked_clusters as place using (cluster_key)
    )
),

told as (
    select code_set, code
    from asked_sets
    where dimension = asked_dimension() and code is not null
        and coalesce(code = cast(getvariable('code') as varchar), true)
),

placed as (
    select named.group_number, told.code, place.cluster_number, counts.figure, sum(counts.posts) as posts
    from counts
    join told using (code_set)
    join asked_clusters as place using (cluster_key)
    join named
        on named.accounts_key = counts.accounts_key
        and named.period is not distinct from counts.period
        and named.media_type is not distinct from counts.media_type
        and named.language is not distinct from counts.language
    group by named.group_number, told.code, place.cluster_number, counts.figure
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
        count(distinct cluster_number) as n_institutions,
        list({member: cluster_number, figure: figure, posts: cast(posts as bigint)}) as clusters
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
