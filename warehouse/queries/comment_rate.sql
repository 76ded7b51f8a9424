-- Do posts get an answer, or is it too much sending?
-- Grain: one row per group (variable `by_names`). Only posts whose comments are shown count, and for the rate to
-- likes only posts that show both.

with counts as (
    select
        post.account_key,
        post.period,
        post.media_type,
        post.language,
        latest.comment_count,
        count(*) as posts,
        count(latest.like_count) as liked_posts,
        sum(latest.like_count) as likes
    from asked_posts as post
    join fact_post_latest as latest on latest.post_key = post.post_key
    where latest.comment_count is not null and (asked_period() is null or post.period is not null)
    group by all
),

placed as (
    select
        groups_of(account.account_groups, counts.period, counts.media_type, counts.language) as groups,
        account.cluster,
        counts.comment_count,
        sum(counts.posts) as posts,
        sum(counts.liked_posts * counts.comment_count) as comments,
        sum(counts.likes) as likes
    from counts
    join asked_accounts as account using (account_key)
    group by all
),

cluster as (
    select
        groups,
        cluster,
        sum(posts) as posts,
        coalesce(sum(posts) filter (where comment_count > 0), 0) as commented,
        sum(comments) as comments,
        sum(likes) as likes
    from placed
    group by groups, cluster
),

ranked as (
    select
        groups,
        comment_count,
        sum(posts) over (partition by groups order by comment_count) as up_to,
        sum(posts) over (partition by groups) as n_posts
    from placed
),

middle as (
    select
        groups,
        (min(comment_count) filter (where up_to >= n_posts / 2)
            + min(comment_count) filter (where up_to > n_posts / 2)) / 2 as median_comments
    from ranked
    group by groups
)

select
    cluster.groups,
    cast(sum(posts) as bigint) as n_posts,
    cast(sum(commented) as bigint) as n_carrying,
    count(*) as n_institutions,
    sum(commented) / sum(posts) as share,
    any_value(middle.median_comments) as median_comments,
    100 * sum(comments) / nullif(sum(likes), 0) as comments_per_100_likes,
    list({over: commented, under: posts} order by cluster) as clusters
from cluster
join middle on middle.groups = cluster.groups
group by cluster.groups
order by cluster.groups;
