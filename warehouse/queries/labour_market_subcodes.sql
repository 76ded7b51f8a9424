-- What do posts about labour-market prospects tell: salary, shortage, a career?
-- Grain: one row per group (variable `by_names`) and sub-code; n_posts are the group's posts that carry the theme.

with of_account as (
    select account_key, period, media_type, language, labour_set, count(*) as posts
    from asked_coded
    where theme_set in (select code_set from dim_code_set where dimension = 'theme' and 'labour_market' in codes)
        and (asked_period() is null or period is not null)
    group by all
),

counted as (
    select account.cluster_key, of_account.* exclude (account_key)
    from of_account
    join asked_accounts as account on account.account_key = of_account.account_key and account.why_left_out is null
),

placed as (
    select
        cluster.cluster_number,
        groups_of(cluster.account_groups, counted.period, counted.media_type, counted.language) as groups,
        counted.labour_set,
        counted.posts
    from counted
    join asked_clusters as cluster using (cluster_key)
),

unit as (
    select cluster_number, groups, sum(posts) as posts from placed group by cluster_number, groups
),

carrying as (
    select placed.cluster_number, placed.groups, told.code, sum(placed.posts) as posts
    from placed
    join asked_sets as told on told.code_set = placed.labour_set and told.code is not null
    group by all
),

code as (
    select distinct code from carrying
)

select
    unit.groups,
    code.code,
    cast(sum(unit.posts) as bigint) as n_posts,
    cast(sum(coalesce(carrying.posts, 0)) as bigint) as n_carrying,
    count(*) as n_institutions,
    sum(coalesce(carrying.posts, 0)) / sum(unit.posts) as share,
    list({member: unit.cluster_number, over: coalesce(carrying.posts, 0), under: unit.posts}) as clusters
from unit
cross join code
left join carrying
    on carrying.cluster_number = unit.cluster_number and carrying.groups = unit.groups and carrying.code = code.code
group by unit.groups, code.code
order by unit.groups, share desc, code.code;
