-- How many posts of each group, institution and side carry each code? Views on those of 31_asked_counts.sql, one per
-- shape of answer.
-- Grain: said at each view.

-- Grain: one row per group and code, also where no post carries it. `clusters`: the posts (`under`) of each institution
-- (`member`) in the group, which may be there several times; `carriers` and `primaries`: those (`over`) that carry the
-- code, and that carry it as primary one, of each institution (`carrier`) that has any.
create or replace view asked_shares as
with carried as materialized (
    select * from asked_carrying
),

gathered as (
    select
        accounts_key,
        part_key,
        code_number,
        cast(sum(posts) as bigint) as posts,
        cast(coalesce(sum(primary_posts), 0) as bigint) as primary_posts,
        list({carrier: cluster_number, over: cast(posts as bigint)}) as carriers,
        list({carrier: cluster_number, over: cast(primary_posts as bigint)}) filter (where primary_posts > 0)
            as primaries
    from carried
    where code_number > 0
    group by accounts_key, part_key, code_number
),

total as materialized (
    select
        accounts_key,
        part_key,
        groups_of(any_value(account_groups), any_value(period), any_value(media_type), any_value(language),
            sector := any_value(sector), audience := any_value(audience), standing := any_value(standing)) as groups,
        cast(sum(posts) as bigint) as posts,
        count(distinct cluster_number) as n_institutions,
        list({member: cluster_number, under: cast(posts as bigint)}) as clusters
    from carried
    where code_number = 0
    group by accounts_key, part_key
),

code as (
    select distinct code_number, code
    from asked_told
    where code_number > 0
        and (code_number in (select code_number from gathered) or getvariable('code') is not null)
)

select
    total.groups,
    code.code,
    total.posts as n_posts,
    coalesce(carrying.posts, 0) as n_carrying,
    coalesce(carrying.primary_posts, 0) as n_primary,
    total.n_institutions,
    total.clusters,
    coalesce(carrying.carriers, []) as carriers,
    coalesce(carrying.primaries, []) as primaries
from total
cross join code
left join gathered as carrying
    on carrying.accounts_key = total.accounts_key and carrying.part_key = total.part_key
    and carrying.code_number = code.code_number;

-- Grain: one row per institution (`cluster`), group and code, also where no post carries it.
-- `groups`: the group's value for each name of `by_names`, in that order; `group_number` is quicker to group by.
create or replace view asked_cells as
with carried as materialized (
    select * from asked_carrying
),

counted as (
    select
        accounts_key,
        cluster_number,
        part_key,
        code_number,
        cast(sum(posts) as bigint) as posts,
        cast(coalesce(sum(primary_posts), 0) as bigint) as primary_posts
    from carried
    group by accounts_key, cluster_number, part_key, code_number
),

placed as materialized (
    select
        accounts_key,
        part_key,
        row_number() over () as group_number,
        any_value(account_groups) as account_groups,
        groups_of(any_value(account_groups), any_value(period), any_value(media_type), any_value(language),
            sector := any_value(sector), audience := any_value(audience), standing := any_value(standing)) as groups
    from carried
    where code_number = 0
    group by accounts_key, part_key
),

code as (
    select distinct code_number, code
    from asked_told
    where code_number > 0
        and (code_number in (select code_number from counted) or getvariable('code') is not null)
)

select
    cluster.cluster,
    total.cluster_number,
    total.accounts_key,
    placed.account_groups,
    placed.group_number,
    placed.groups,
    code.code,
    total.posts as n_posts,
    coalesce(carrying.posts, 0) as n_carrying,
    coalesce(carrying.primary_posts, 0) as n_primary
from counted as total
join placed using (accounts_key, part_key)
join (select distinct cluster_number, cluster from asked_accounts) as cluster using (cluster_number)
cross join code
left join counted as carrying
    on carrying.accounts_key = total.accounts_key and carrying.cluster_number = total.cluster_number
    and carrying.part_key = total.part_key and carrying.code_number = code.code_number
where total.code_number = 0;

-- Grain: one row per group and code, also where no post carries it, of two sides: those of the last name of `by_names`,
-- which is 'scope' or 'standing'. `clusters`: the posts of the first side (`under`) and of the second (`under_2`) of each
-- institution (`member`); `carriers`: those that carry the code, of each institution (`carrier`) that has any.
create or replace view asked_gaps as
with carried as materialized (
    select * from asked_carrying
),

placed as materialized (
    select
        accounts_key,
        part_key,
        groups_of(any_value(account_groups), any_value(period), any_value(media_type), any_value(language),
            sector := any_value(sector), audience := any_value(audience), standing := any_value(standing)) as groups
    from carried
    where code_number = 0
    group by accounts_key, part_key
),

sided as (
    select
        accounts_key,
        part_key,
        groups[:-2] as groups,
        dense_rank() over (order by groups[:-2]) as group_number,
        groups[-1] in ('central', 'promising') as is_first
    from placed
    where groups[-1] in ('central', 'programme', 'promising', 'less_promising')
),

cell as (
    select
        sided.group_number,
        carried.cluster_number,
        carried.code_number,
        cast(coalesce(sum(carried.posts) filter (where sided.is_first), 0) as bigint) as first_posts,
        cast(coalesce(sum(carried.posts) filter (where not sided.is_first), 0) as bigint) as second_posts
    from carried
    join sided using (accounts_key, part_key)
    group by sided.group_number, carried.cluster_number, carried.code_number
),

gathered as (
    select
        group_number,
        code_number,
        cast(sum(first_posts) as bigint) as first_posts,
        cast(sum(second_posts) as bigint) as second_posts,
        count(*) as n_institutions,
        list({member: cluster_number, under: first_posts, under_2: second_posts}) filter (where code_number = 0)
            as clusters,
        list({carrier: cluster_number, over: first_posts, over_2: second_posts}) filter (where code_number > 0)
            as carriers
    from cell
    group by group_number, code_number
),

code as (
    select distinct code_number, code
    from asked_told
    where code_number > 0
        and (code_number in (select code_number from carried) or getvariable('code') is not null)
)

select
    sided.groups,
    code.code,
    total.first_posts as n_first,
    total.second_posts as n_second,
    total.n_institutions,
    coalesce(carrying.first_posts, 0) / nullif(total.first_posts, 0) as share_first,
    coalesce(carrying.second_posts, 0) / nullif(total.second_posts, 0) as share_second,
    share_first - share_second as gap,
    total.clusters,
    coalesce(carrying.carriers, []) as carriers
from (select distinct group_number, groups from sided) as sided
join gathered as total on total.group_number = sided.group_number and total.code_number = 0
cross join code
left join gathered as carrying
    on carrying.group_number = total.group_number and carrying.code_number = code.code_number;
