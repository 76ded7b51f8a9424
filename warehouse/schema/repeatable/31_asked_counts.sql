-- How many posts does a question count, and how many carry each code? Views on those of 30_asked.sql, one step each:
-- posts that are alike, in the groups they belong to, with the codes they carry, per group or per institution.
-- Grain: said at each view.

-- Grain: none. The columns that tell groups of posts apart, for those that are not gathered by (macro `is_told`).
create or replace view asked_nothing as
select
    cast(null as timestamp) as period,
    cast(null as varchar) as media_type,
    cast(null as varchar) as language,
    cast(null as integer) as sector_set,
    cast(null as integer) as audience_set,
    cast(null as varchar) as sector,
    cast(null as varchar) as audience,
    cast(null as varchar) as standing
where false;

-- Grain: one row per account, period, media type, language and sets of codes; where weeks or months are asked for, few
-- posts are alike in all of these: then one row per post, which costs less than to gather them. `posts` says how many.
create or replace view asked_counts as
with unit as (
    select account_key, period, media_type, language, sector_set, audience_set, code_set
    from asked_coded
    where asked_period() is null or period is not null
),

counted as (
    select columns(lambda name: is_told(name)), count(*) as posts
    from unit
    where not (asked_by('week') or asked_by('month'))
    group by all
    union all by name
    select columns(lambda name: is_told(name)), 1 as posts
    from unit
    where asked_by('week') or asked_by('month')
    union all by name
    select * from asked_nothing
)

select account_key, period, media_type, language, sector_set, audience_set, code_set, posts from counted;

-- Grain: as asked_counts, and per sector, audience and standing where those are asked for. A post about two sectors is in
-- both their groups; one about two kept sectors counts once, unless they are told apart.
create or replace view asked_placed as
-- What is promising depends on the level. A post about both kinds of sector is in both groups.
with standing as (
    select distinct accounts.account_key, code.code_set, promising.standing
    from asked_sets as code
    join ref_promising_sector as promising on promising.sector = code.code
    join accounts on accounts.level = promising.level
    where code.dimension = 'sector' and asked_by('standing')
)

select
    counts.account_key,
    counts.period,
    counts.media_type,
    counts.language,
    sector.sector,
    audience.audience,
    case when asked_by('standing') then coalesce(standing.standing, 'unclassified') end as standing,
    counts.code_set,
    counts.posts
from asked_counts as counts
left join asked_sectors as sector on sector.code_set = counts.sector_set
left join asked_audiences as audience on audience.code_set = counts.audience_set
left join standing on standing.code_set = counts.sector_set and standing.account_key = counts.account_key
where (not asked_by('sector') or sector.sector is not null)
    and (not asked_by('audience') or audience.audience is not null);

-- Grain: one row per account that counts, period, media type, language, sector, audience, standing (`part_key`: these as
-- one number) and code that its posts carry; and one with code_number 0 for all its posts there, whatever they carry.
create or replace view asked_carrying as
with placed as (
    select placed.* exclude (code_set), told.code_number, told.is_primary
    from asked_placed as placed
    join asked_told as told using (code_set)
),

carrying as (  -- accounts are joined to what was counted, not to millions of posts
    select
        columns(lambda name: is_told(name) and name not in ('posts', 'is_primary')),
        sum(posts) as posts,
        sum(posts) filter (where is_primary) as primary_posts
    from placed
    group by all
    union all by name
    select * exclude (sector_set, audience_set) from asked_nothing
)

select
    account.cluster,
    account.cluster_number,
    account.accounts_key,
    account.account_groups,
    period,
    media_type,
    language,
    sector,
    audience,
    standing,
    code_number,
    posts,
    primary_posts,
    part_key_of(period, media_type, language, sector := sector, audience := audience, standing := standing) as part_key
from carrying
join asked_accounts as account on account.account_key = carrying.account_key and account.why_left_out is null;

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

-- Grain: one row per group and code, also where no post carries it, of two sides: those of the last name of `by_names`, which
-- is 'scope' or 'standing'. `clusters`: the posts of the first side (`under`) and of the second (`under_2`) of each
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
