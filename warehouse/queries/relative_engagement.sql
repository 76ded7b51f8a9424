-- How does a post with each code do, against the same account's other posts of that quarter?
-- Grain: one row per group (variable `by_names`) and code. A post's figure is its interactions (likes, comments, shares and
-- saves as last shown) divided by the median of the account's posts in the quarter; posts with hidden likes are left
-- out, as are quarters with a median of 0. Raw likes are never compared between accounts.

with counted as (
    select
        post.post_key,
        post.version,
        post.account_key,
        date_trunc('quarter', utc(post.posted_at)) as quarter,
        latest.like_count + coalesce(latest.comment_count, 0) + coalesce(latest.share_count, 0)
            + coalesce(latest.save_count, 0) as interactions
    from dim_post as post
    join fact_post_latest as latest on latest.post_key = post.post_key
    where post.is_current and not post.is_repost and latest.like_count is not null
        and post.posted_precision not in ('unknown', 'year')
        and post.account_key in (select account_key from asked_accounts where why_left_out is null)
),

usual as (
    select account_key, quarter, median(interactions) as interactions
    from counted
    group by account_key, quarter
    having median(interactions) > 0
),

coding as (
    select post_key, version, code
    from asked_codings
    where dimension = asked_dimension()
        and coalesce(code = cast(getvariable('code') as varchar), true)
),

counts as (
    select
        post.account_key,
        post.period,
        post.media_type,
        post.language,
        coding.code,
        round(counted.interactions / usual.interactions, 2) as figure,
        count(*) as posts
    from counted
    join usual using (account_key, quarter)
    join asked_posts as post on post.post_key = counted.post_key
    join coding on coding.post_key = post.post_key and coding.version = post.version
    group by all
),

placed as (
    select
        groups_of(account.account_groups, counts.period, counts.media_type, counts.language) as groups,
        account.cluster,
        counts.code,
        counts.figure,
        sum(counts.posts) as posts
    from counts
    join asked_accounts as account using (account_key)
    where asked_period() is null or counts.period is not null
    group by all
),

ranked as (
    select *,
        sum(posts) over (partition by groups, code order by figure) as up_to,
        sum(posts) over (partition by groups, code) as n_posts
    from placed
)

select
    groups,
    code,
    cast(any_value(n_posts) as bigint) as n_posts,
    count(distinct cluster) as n_institutions,
    (min(figure) filter (where up_to >= n_posts / 2) + min(figure) filter (where up_to > n_posts / 2)) / 2
        as median_relative_engagement,
    list({cluster: cluster, figure: figure, posts: cast(posts as bigint)} order by figure, cluster) as clusters
from ranked
group by groups, code
order by groups, median_relative_engagement desc, code;
