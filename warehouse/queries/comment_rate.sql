-- Do posts get an answer, or is it too much sending?
-- Grain: one row per group (variable `by_names`). Only posts whose comments are shown count, and for the rate to
-- likes only posts that show both.

with counted as (
    select
        account_key,
        period,
        media_type,
        language,
        comment_count,
        count(*) as posts,
        count(like_count) * comment_count as comments,
        sum(like_count) as likes
    from asked_own
    where comment_count is not null and (asked_period() is null or period is not null)
    group by account_key, period, media_type, language, comment_count
),

placed as (
    select
        account.accounts_key,
        account.cluster_number,
        account.account_groups,
        part_key_of(counted.period, counted.media_type, counted.language) as part_key,
        counted.*
    from counted
    join asked_accounts as account on account.account_key = counted.account_key and account.why_left_out is null
),

cluster as (
    select
        accounts_key,
        part_key,
        period,
        media_type,
        language,
        cluster_number,
        any_value(account_groups) as account_groups,
        cast(sum(posts) as bigint) as posts,
        cast(coalesce(sum(posts) filter (where comment_count > 0), 0) as bigint) as commented,
        sum(comments) as comments,
        sum(likes) as likes
    from placed
    group by accounts_key, part_key, period, media_type, language, cluster_number
),

ranked as (
    select
        accounts_key,
        part_key,
        comment_count,
        sum(posts) over (partition by accounts_key, part_key order by comment_count) as up_to,
        sum(posts) over (partition by accounts_key, part_key) as n_posts
    from (
        select accounts_key, part_key, comment_count, sum(posts) as posts
        from placed
        group by accounts_key, part_key, comment_count
    )
),

middle as (
    select
        accounts_key,
        part_key,
        (min(comment_count) filter (where up_to >= n_posts / 2)
            + min(comment_count) filter (where up_to > n_posts / 2)) / 2 as median_comments
    from ranked
    group by accounts_key, part_key
),

measured as (
    select
        any_value(account_groups) as account_groups,
        period,
        media_type,
        language,
        any_value(median_comments) as median_comments,
        sum(posts) as posts,
        sum(commented) as commented,
        sum(comments) as comments,
        sum(likes) as likes,
        count(*) as n_institutions,
        list({member: cluster_number, over: commented, under: posts}) as clusters
    from cluster
    join middle using (accounts_key, part_key)
    group by accounts_key, period, media_type, language
)

select
    groups_of(account_groups, period, media_type, language) as groups,
    cast(posts as bigint) as n_posts,
    cast(commented as bigint) as n_carrying,
    n_institutions,
    commented / posts as share,
    median_comments,
    100 * comments / nullif(likes, 0) as comments_per_100_likes,
    clusters
from measured
order by groups;
