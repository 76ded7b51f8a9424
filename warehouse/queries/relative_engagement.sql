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

usual as materialized (
    select of_account.*, account.cluster_key
    from of_account
    join asked_accounts as account on account.account_key = of_account.account_key and account.why_left_out is null
    where of_account.interactions > 0
),

-- Figures are rounded to hundredths and kept as their number, which is quicker to gather by.
unit as (
    select
        usual.cluster_key,
        part_key_of(coded.period, coded.media_type, coded.language) as part_key,
        coded.code_set,
        cast(round(coded.interactions / usual.interactions * 100) as bigint) as hundredths
    from asked_coded as coded
    join usual
        on usual.account_key = coded.account_key and usual.quarter = date_trunc('quarter', coded.posted_local)
    where coded.interactions is not null and coded.posted_precision not in ('unknown', 'year')
        and (asked_period() is null or coded.period is not null)
),

counted as (
    select unit.cluster_key, unit.part_key, told.code_number, unit.hundredths, count(*) as posts
    from unit
    join asked_told as told on told.code_set = unit.code_set and told.code_number > 0
    group by unit.cluster_key, unit.part_key, told.code_number, unit.hundredths
),

counts as (
    select cluster.accounts_key, cluster.cluster_number, counted.*
    from counted
    join asked_clusters as cluster using (cluster_key)
),

-- What the numbers stand for; nothing is read again where no name asked for is a matter of the post.
part as (
    select distinct part_key_of(period, media_type, language) as part_key, period, media_type, language
    from asked_coded
    where asked_of_posts()
),

code as (
    select distinct code_number, code from asked_told where code_number > 0
),

ranked as (
    select
        *,
        sum(posts) over (partition by accounts_key, part_key, code_number order by hundredths) as up_to,
        sum(posts) over (partition by accounts_key, part_key, code_number) as n_posts
    from (
        select accounts_key, part_key, code_number, hundredths, sum(posts) as posts
        from counts
        group by accounts_key, part_key, code_number, hundredths
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
        ranked.code_number,
        any_value(place.account_groups) as account_groups,
        cast(any_value(n_posts) as bigint) as n_posts,
        (min(hundredths) filter (where up_to >= n_posts / 2) / 100
            + min(hundredths) filter (where up_to > n_posts / 2) / 100) / 2 as median_relative_engagement,
        min(hundredths) filter (where up_to >= n_posts * (1 - place.told_apart) / 2) as lowest,
        min(hundredths) filter (where up_to >= n_posts * (1 + place.told_apart) / 2) as highest
    from ranked
    join place using (accounts_key)
    group by ranked.accounts_key, ranked.part_key, ranked.code_number
),

measured as (
    select accounts_key, part_key, code_number, list({member: cluster_number, figure: figure, posts: posts}) as clusters
    from (
        select
            counts.accounts_key,
            counts.part_key,
            counts.code_number,
            counts.cluster_number,
            case
                when counts.hundredths < middle.lowest then '-infinity'::double
                when counts.hundredths > middle.highest then 'infinity'::double
                else counts.hundredths / 100
            end as figure,
            cast(sum(counts.posts) as bigint) as posts
        from counts
        join middle using (accounts_key, part_key, code_number)
        group by all
    )
    group by accounts_key, part_key, code_number
)

select
    groups_of(middle.account_groups, part.period, part.media_type, part.language) as groups,
    code.code,
    middle.n_posts,
    cast(list_unique(list_transform(measured.clusters, lambda one: one.member)) as bigint) as n_institutions,
    middle.median_relative_engagement,
    measured.clusters
from measured
join middle using (accounts_key, part_key, code_number)
join code using (code_number)
left join part using (part_key)
order by groups, middle.median_relative_engagement desc, code.code;
