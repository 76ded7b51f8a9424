-- Do posts get an answer, or is it too much sending?
-- Grain: one row per group (variable `by_names`). Only posts whose comments are shown count, and for the rate to
-- likes only posts that show both.

with counts as (
    select
        cluster_key,
        accounts_key,
        period,
        media_type,
        language,
        part_key_of(period, media_type, language) as part_key,
        comment_count,
        count(*) as posts,
        count(like_count) * comment_count as comments,
        sum(like_count) as likes
    from asked_posts
    where comment_count is not null and (asked_period() is null or period is not null)
    group by cluster_key, accounts_key, period, media_type, language, comment_count
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
    select
        named.group_number,
        place.cluster_number,
        counts.comment_count,
        counts.posts,
        counts.comments,
        counts.likes
    from counts
    join asked_clusters as place using (cluster_key)
    join named on named.accounts_key = counts.accounts_key and named.part_key = counts.part_key
),

cluster as (
    select
        group_number,
        cluster_number,
        sum(posts) as posts,
        coalesce(sum(posts) filter (where comment_count > 0), 0) as commented,
        sum(comments) as comments,
        sum(likes) as likes
    from placed
    group by group_number, cluster_number
),

ranked as (
    select
        group_number,
        comment_count,
        sum(posts) over (partition by group_number order by comment_count) as up_to,
        sum(posts) over (partition by group_number) as n_posts
    from (
        select group_number, comment_count, sum(posts) as posts from placed group by group_number, comment_count
    )
),

middle as (
    select
        group_number,
        (min(comment_count) filter (where up_to >= n_posts / 2)
            + min(comment_count) filter (where up_to > n_posts / 2)) / 2 as median_comments
    from ranked
    group by group_number
)

select
    any_value(named.groups) as groups,
    cast(sum(cluster.posts) as bigint) as n_posts,
    cast(sum(cluster.commented) as bigint) as n_carrying,
    count(*) as n_institutions,
    sum(cluster.commented) / sum(cluster.posts) as share,
    any_value(middle.median_comments) as median_comments,
    100 * sum(cluster.comments) / nullif(sum(cluster.likes), 0) as comments_per_100_likes,
    list({member: cluster.cluster_number, over: cluster.commented, under: cluster.posts}) as clusters
from cluster
join middle using (group_number)
join named using (group_number)
group by group_number
order by groups;
