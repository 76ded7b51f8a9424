-- How many posts does a question count, and how many carry each code? Views on those of 30_asked.sql, one step each:
-- posts that are alike, in the groups they belong to, with the codes they carry, per group or per institution.
-- Grain: said at each view.

-- Whether a name is asked for that is a matter of the post: what is the same for all is not to be gathered by.
create or replace macro asked_of_posts() as coalesce(regexp_matches(cast(getvariable('by_names') as varchar),
    '\b(week|month|quarter|year|media_type|language|sector|audience|standing)\b'), false);

-- Grain: one row per account, period, media type, language and sets of codes; where weeks or months are asked for, few
-- posts are alike in all of these: then one row per post, which costs less than to gather them. `posts` says how many.
create or replace view asked_counts as
select account_key, cast(null as timestamp) as period, cast(null as varchar) as media_type,
    cast(null as varchar) as language, cast(null as integer) as sector_set, cast(null as integer) as audience_set,
    code_set, count(*) as posts
from asked_coded
where not asked_of_posts()
group by account_key, code_set
union all
select account_key, period, media_type, language, sector_set, audience_set, code_set, count(*)
from asked_coded
where asked_of_posts() and not (asked_by('week') or asked_by('month'))
    and (asked_period() is null or period is not null)
group by all
union all
select account_key, period, media_type, language, sector_set, audience_set, code_set, 1
from asked_coded
where (asked_by('week') or asked_by('month')) and period is not null;

-- Grain: as asked_counts, and per sector, audience and standing where those are asked for. A post about two sectors is in
-- both their groups; one about two kept sectors counts once, unless they are told apart.
create or replace view asked_placed as
with sector as (
    select code_set, coalesce(code, 'none') as sector
    from asked_sets
    where dimension = 'sector' and asked_by('sector') and is_kept('sector', code)
),

audience as (
    select code_set, coalesce(code, 'none') as audience
    from asked_sets
    where dimension = 'audience' and asked_by('audience') and is_kept('audience', code)
),

-- What is promising depends on the level. A post about both kinds of sector is in both groups.
standing as (
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
left join sector on sector.code_set = counts.sector_set
left join audience on audience.code_set = counts.audience_set
left join standing on standing.code_set = counts.sector_set and standing.account_key = counts.account_key
where (not asked_by('sector') or sector.sector is not null)
    and (not asked_by('audience') or audience.audience is not null);

-- Grain: one row per account that counts, period, media type, language, sector, audience, standing and code that its
-- posts carry; and one with code null for all its posts there, whatever they carry.
create or replace view asked_carrying as
with told as (
    select code_set, code, is_primary
    from asked_sets
    where dimension = asked_dimension() and code is not null
        and coalesce(code = cast(getvariable('code') as varchar), true)
    union all
    select code_set, null, false from dim_code_set where dimension = asked_dimension()
),

carrying as (  -- accounts are joined to what was counted, not to millions of posts
    select
        placed.account_key,
        placed.period,
        placed.media_type,
        placed.language,
        placed.sector,
        placed.audience,
        placed.standing,
        told.code,
        sum(placed.posts) as posts,
        sum(placed.posts) filter (where told.is_primary) as primary_posts
    from asked_placed as placed
    join told using (code_set)
    group by all
)

select
    account.cluster,
    account.cluster_number,
    account.accounts_key,
    account.account_groups,
    carrying.* exclude (account_key)
from carrying
join asked_accounts as account on account.account_key = carrying.account_key and account.why_left_out is null;

-- Grain: one row per group and code, also where no post carries it. `clusters`: the posts (`under`) of each institution
-- (`member`) in the group, which may be there several times; `carriers` and `primaries`: those (`over`) that carry the
-- code, and that carry it as primary one, of each institution (`carrier`) that has any.
create or replace view asked_shares as
with gathered as (
    select
        groups_of(any_value(account_groups), period, media_type, language, sector := sector, audience := audience,
            standing := standing) as groups,
        code,
        cast(sum(posts) as bigint) as posts,
        cast(coalesce(sum(primary_posts), 0) as bigint) as primary_posts,
        list({member: cluster_number, under: cast(posts as bigint)}) filter (where code is null) as clusters,
        list({carrier: cluster_number, over: cast(posts as bigint)}) filter (where code is not null) as carriers,
        list({carrier: cluster_number, over: cast(primary_posts as bigint)}) filter (where primary_posts > 0)
            as primaries
    from asked_carrying
    group by accounts_key, period, media_type, language, sector, audience, standing, code
),

code as (
    select distinct code from gathered where code is not null
    union
    select cast(getvariable('code') as varchar) where cast(getvariable('code') as varchar) is not null
)

select
    total.groups,
    code.code,
    total.posts as n_posts,
    coalesce(carrying.posts, 0) as n_carrying,
    coalesce(carrying.primary_posts, 0) as n_primary,
    cast(list_unique(list_transform(total.clusters, lambda one: one.member)) as bigint) as n_institutions,
    total.clusters,
    coalesce(carrying.carriers, []) as carriers,
    coalesce(carrying.primaries, []) as primaries
from gathered as total
cross join code
left join gathered as carrying on carrying.groups = total.groups and carrying.code = code.code
where total.code is null;

-- Grain: one row per institution (`cluster`), group and code, also where no post carries it.
-- `groups`: the group's value for each name of `by_names`, in that order; `group_number` is quicker to group by.
create or replace view asked_cells as
with counted as (
    select
        any_value(cluster) as cluster,
        cluster_number,
        accounts_key,
        any_value(account_groups) as account_groups,
        part_key_of(period, media_type, language, sector := sector, audience := audience, standing := standing)
            as part_key,
        any_value(period) as period,
        any_value(media_type) as media_type,
        any_value(language) as language,
        any_value(sector) as sector,
        any_value(audience) as audience,
        any_value(standing) as standing,
        code,
        cast(sum(posts) as bigint) as posts,
        cast(coalesce(sum(primary_posts), 0) as bigint) as primary_posts
    from asked_carrying
    group by accounts_key, cluster_number, part_key, code
),

total as (
    select
        *,
        dense_rank() over (order by accounts_key, part_key) as group_number,
        groups_of(account_groups, period, media_type, language, sector := sector, audience := audience,
            standing := standing) as groups
    from counted
    where code is null
),

code as (
    select distinct code from counted where code is not null
    union
    select cast(getvariable('code') as varchar) where cast(getvariable('code') as varchar) is not null
)

select
    total.cluster,
    total.cluster_number,
    total.account_groups,
    total.group_number,
    total.groups,
    code.code,
    total.posts as n_posts,
    coalesce(carrying.posts, 0) as n_carrying,
    coalesce(carrying.primary_posts, 0) as n_primary
from total
cross join code
left join counted as carrying
    on carrying.accounts_key = total.accounts_key and carrying.cluster_number = total.cluster_number
    and carrying.part_key = total.part_key and carrying.code = code.code;
