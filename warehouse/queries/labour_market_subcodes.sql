-- What do posts about labour-market prospects tell: salary, shortage, a career?
-- Grain: one row per group (variable `by_names`) and sub-code; n_posts are the group's posts that carry the theme.

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

-- Code null stands for all these posts, whatever they tell.
told as (
    select code_set, code from asked_sets where dimension = 'labour' and code is not null
    union all
    select code_set, null from dim_code_set where dimension = 'labour'
),

gathered as (
    select
        groups_of(any_value(account.account_groups), counted.period, counted.media_type, counted.language) as groups,
        told.code,
        cast(sum(counted.posts) as bigint) as posts,
        count(distinct account.cluster_number) as n_institutions,
        list({member: account.cluster_number, under: counted.posts}) filter (where told.code is null) as clusters,
        list({carrier: account.cluster_number, over: counted.posts}) filter (where told.code is not null) as carriers
    from counted
    join asked_accounts as account on account.account_key = counted.account_key and account.why_left_out is null
    join told on told.code_set = counted.labour_set
    group by account.accounts_key, counted.period, counted.media_type, counted.language, told.code
),

code as (
    select distinct code from gathered where code is not null
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
from gathered as total
cross join code
left join gathered as carrying on carrying.groups = total.groups and carrying.code = code.code
where total.code is null
order by total.groups, share desc, code.code;
