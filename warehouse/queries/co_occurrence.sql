-- Which codes go together in one post, and more often than chance would have it?
-- Grain: one row per group (variable `by_names`) and pair of codes. `lift` is 1 where two codes have nothing to do
-- with one another; `share` is of the first code's posts.

with gathered as (
    select
        account.accounts_key,
        any_value(account.account_groups) as account_groups,
        counted.period,
        counted.media_type,
        counted.language,
        counted.code_set,
        sum(counted.posts) as posts
    from asked_counts as counted
    join asked_accounts as account on account.account_key = counted.account_key and account.why_left_out is null
    group by account.accounts_key, counted.period, counted.media_type, counted.language, counted.code_set
),

placed as (
    select groups_of(account_groups, period, media_type, language) as groups, code_set, posts from gathered
),

told as (
    select code_set, code from asked_sets where dimension = asked_dimension() and code is not null
),

unit as (
    select groups, sum(posts) as n_posts from placed group by groups
),

single as (
    select placed.groups, told.code, sum(placed.posts) as posts
    from placed
    join told using (code_set)
    group by placed.groups, told.code
),

pair as (
    select placed.groups, one.code, other.code as with_code, sum(placed.posts) as posts
    from placed
    join told as one using (code_set)
    join told as other using (code_set)
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
