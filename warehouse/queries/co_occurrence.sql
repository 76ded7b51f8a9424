-- Which codes go together in one post, and more often than chance would have it?
-- Grain: one row per group (variable `by_names`) and pair of codes. `lift` is 1 where two codes have nothing to do
-- with one another; `share` is of the first code's posts.

with coding as (
    select *
    from asked_codings
    where dimension = asked_dimension() or (dimension = 'theme' and is_primary)
),

code as (
    select code, row_number() over (order by code) as place
    from (select distinct code from coding where dimension = asked_dimension())
),

-- Few combinations of codes are many posts: pairs are counted on those.
answered as (
    select
        coding.post_key,
        coding.version,
        coalesce(bit_or(case when coding.dimension = asked_dimension() then cast(1 as bigint) << code.place end), 0)
            as codes
    from coding
    left join code on code.code = coding.code
    group by coding.post_key, coding.version
),

combination as (
    select post.account_key, post.period, post.media_type, post.language, answered.codes, count(*) as posts
    from answered
    join asked_posts as post on post.post_key = answered.post_key and post.version = answered.version
    where asked_period() is null or post.period is not null
    group by all
),

placed as (
    select
        groups_of(account.account_groups, combination.period, combination.media_type, combination.language) as groups,
        combination.codes,
        sum(combination.posts) as posts
    from combination
    join asked_accounts as account using (account_key)
    group by all
),

unit as (
    select groups, sum(posts) as n_posts from placed group by groups
),

single as (
    select placed.groups, code.code, sum(placed.posts) as posts
    from placed
    join code on placed.codes & (cast(1 as bigint) << code.place) <> 0
    group by placed.groups, code.code
),

pair as (
    select placed.groups, one.code as code, other.code as with_code, sum(placed.posts) as posts
    from placed
    join code as one on placed.codes & (cast(1 as bigint) << one.place) <> 0
    join code as other on placed.codes & (cast(1 as bigint) << other.place) <> 0
    where one.code <> other.code
    group by placed.groups, one.code, other.code
)

select
    one.groups,
    one.code,
    other.code as with_code,
    cast(unit.n_posts as bigint) as n_posts,
    cast(one.posts as bigint) as n_carrying,
    cast(coalesce(pair.posts, 0) as bigint) as n_both,
    coalesce(pair.posts, 0) / one.posts as share,
    coalesce(pair.posts, 0) * unit.n_posts / (one.posts * other.posts) as lift
from single as one
join single as other on other.groups = one.groups and other.code <> one.code
join unit on unit.groups = one.groups
left join pair
    on pair.groups = one.groups and pair.code = one.code and pair.with_code = other.code
where coalesce(one.code = cast(getvariable('code') as varchar), true)
order by one.groups, one.code, n_both desc, with_code;
