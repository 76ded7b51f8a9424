-- What do posts about labour-market prospects tell: salary, shortage, a career?
-- Grain: one row per group (variable `by_names`) and sub-code; n_posts are the group's posts that carry the theme.
-- Variable: code.

with unit as (
    select account_key, period, media_type, language, labour_set
    from asked_coded
    where theme_set in (select code_set from dim_code_set where dimension = 'theme' and 'labour_market' in codes)
        and (asked_period() is null or period is not null)
),

counted as (
    select columns(lambda name: is_told(name)), count(*) as posts
    from unit
    group by all
    union all by name
    select * from asked_nothing
),

placed as materialized (
    select
        account.accounts_key,
        account.account_groups,
        account.cluster_number,
        part_key_of(counted.period, counted.media_type, counted.language) as part_key,
        counted.* exclude (account_key)
    from counted
    join asked_accounts as account on account.account_key = counted.account_key and account.why_left_out is null
),

total as (
    select
        accounts_key,
        part_key,
        groups_of(any_value(account_groups), any_value(period), any_value(media_type), any_value(language)) as groups,
        cast(sum(posts) as bigint) as posts,
        count(distinct cluster_number) as n_institutions,
        list({member: cluster_number, under: posts}) as clusters
    from placed
    group by accounts_key, part_key
),

gathered as (
    select
        placed.accounts_key,
        placed.part_key,
        told.code,
        cast(sum(placed.posts) as bigint) as posts,
        list({carrier: placed.cluster_number, over: placed.posts}) as carriers
    from placed
    join asked_sets as told on told.code_set = placed.labour_set and told.code is not null
    group by placed.accounts_key, placed.part_key, told.code
),

code as (
    select distinct code
    from (select code from gathered union all select cast(getvariable('code') as varchar))
    where code = coalesce(cast(getvariable('code') as varchar), code)
)

select
    total.groups,
    code.code,
    total.posts as n_posts,
    coalesce(carrying.posts, 0) as n_carrying,
    total.n_institutions,
    n_carrying / n_posts as share,
    total.clusters,
    coalesce(carrying.carriers, []) as carriers
from total
cross join code
left join gathered as carrying
    on carrying.accounts_key = total.accounts_key and carrying.part_key = total.part_key and carrying.code = code.code
order by total.groups, share desc, code.code;
