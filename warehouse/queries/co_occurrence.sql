-- Which codes go together in one post, and more often than chance would have it?
-- Grain: one row per group (variable `by_names`) and pair of codes. `lift` is 1 where two codes have nothing to do with one
-- another; `share` is of the first code's posts.

with coding as (
    select post_key, version, code from asked_codings where dimension = asked_dimension()
),

placed as (
    select
        post.post_key,
        post.version,
        groups_of(account.account_groups, post.period, post.media_type, post.language) as groups
    from asked_posts as post
    join asked_accounts as account using (account_key)
    where asked_period() is null or post.period is not null
),

unit as (
    select groups, count(*) as n_posts
    from placed
    semi join (select * from asked_codings where dimension = 'theme' and is_primary) as coded using (post_key, version)
    group by groups
),

single as (
    select placed.groups, coding.code, count(*) as posts
    from placed
    join coding using (post_key, version)
    group by placed.groups, coding.code
),

pair as (
    select placed.groups, one.code as code, other.code as with_code, count(*) as posts
    from placed
    join coding as one using (post_key, version)
    join coding as other using (post_key, version)
    where one.code <> other.code
    group by placed.groups, one.code, other.code
)

select
    one.groups,
    one.code,
    other.code as with_code,
    unit.n_posts,
    one.posts as n_carrying,
    coalesce(pair.posts, 0) as n_both,
    coalesce(pair.posts, 0) / one.posts as share,
    coalesce(pair.posts, 0) * unit.n_posts / (one.posts * other.posts) as lift
from single as one
join single as other on other.groups = one.groups and other.code <> one.code
join unit on unit.groups = one.groups
left join pair
    on pair.groups = one.groups and pair.code = one.code and pair.with_code = other.code
where coalesce(one.code = cast(getvariable('code') as varchar), true)
order by one.groups, one.code, n_both desc, with_code;
