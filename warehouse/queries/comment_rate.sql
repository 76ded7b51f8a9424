-- Do posts get an answer, or is it too much sending?
-- Grain: one row per group (variable `by_names`). Only posts whose comments are shown count, and for the rate to likes only
-- posts that show both.

with post as (
    select
        groups_of(account.account_groups, asked.period, asked.media_type, asked.language) as groups,
        account.cluster,
        latest.comment_count,
        latest.like_count
    from asked_posts as asked
    join asked_accounts as account using (account_key)
    join fact_post_latest as latest using (post_key)
    where latest.comment_count is not null and (asked_period() is null or asked.period is not null)
),

cluster as (
    select
        groups,
        cluster,
        count(*) as posts,
        count(*) filter (where comment_count > 0) as commented,
        sum(comment_count) filter (where like_count is not null) as comments,
        sum(like_count) as likes
    from post
    group by groups, cluster
),

middle as (
    select groups, median(comment_count) as median_comments from post group by groups
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
