-- How many posts does a question count, and how many carry each code? Views on those of 30_asked.sql, one step each:
-- posts that are alike, in the groups they belong to, with the codes they carry, per group or per institution.
-- Grain: said at each view.

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
select account_key, null, null, null, sector_set, audience_set, code_set, count(*)
from asked_coded
where asked_of_posts() and not asked_of_looks() and asked_period() is null
group by account_key, sector_set, audience_set, code_set
union all
select account_key, period, media_type, language, sector_set, audience_set, code_set, count(*)
from asked_coded
where (asked_of_looks() or asked_by('quarter') or asked_by('year')) and not (asked_by('week') or asked_by('month'))
    and (asked_period() is null or period is not null)
group by all
union all
select account_key, period, media_type, language, sector_set, audience_set, code_set, 1
from asked_coded
where (asked_by('week') or asked_by('month')) and period is not null;

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
with carrying as (  -- accounts are joined to what was counted, not to millions of posts
    select
        placed.account_key,
        placed.period,
        placed.media_type,
        placed.language,
        placed.sector,
        placed.audience,
        placed.standing,
        told.code_number,
        sum(placed.posts) as posts,
        sum(placed.posts) filter (where told.is_primary) as primary_posts
    from asked_placed as placed
    join asked_told as told using (code_set)
    group by all
)

select
    account.cluster,
    account.cluster_number,
    account.accounts_key,
    account.account_groups,
    carrying.* exclude (account_key),
    part_key_of(period, media_type, language, sector := sector, audience := audience, standing := standing) as part_key
from carrying
join asked_accounts as account on account.account_key = carrying.account_key and account.why_left_out is null;

-- Grain: one row per group and code, also where no post carries it. `clusters`: the posts (`under`) of each institution
-- (`member`) in the group, which may be there several times; `carriers` and `primaries`: those (`over`) that carry the
-- code, and that carry it as primary one, of each institution (`carrier`) that has any.
create or replace view asked_shares as
with gathered as (
    select
        accounts_key,
        part_key,
        code_number,
        any_value(account_groups) as account_groups,
        any_value(period) as period,
        any_value(media_type) as media_type,
        any_value(language) as language,
        any_value(sector) as sector,
        any_value(audience) as audience,
        any_value(standing) as standing,
        cast(sum(posts) as bigint) as posts,
        cast(coalesce(sum(primary_posts), 0) as bigint) as primary_posts,
        list({member: cluster_number, under: cast(posts as bigint)}) filter (where code_number = 0) as clusters,
        list({carrier: cluster_number, over: cast(posts as bigint)}) filter (where code_number > 0) as carriers,
        list({carrier: cluster_number, over: cast(primary_posts as bigint)}) filter (where primary_posts > 0)
            as primaries
    from asked_carrying
    group by accounts_key, part_key, code_number
),

code as (
    select distinct code_number, code
    from asked_told
    where code_number > 0
        and (code_number in (select code_number from gathered) or getvariable('code') is not null)
),

total as materialized (
    select
        accounts_key,
        part_key,
        groups_of(account_groups, period, media_type, language, sector := sector, audience := audience,
            standing := standing) as groups,
        posts,
        cast(list_unique(list_transform(clusters, lambda one: one.member)) as bigint) as n_institutions,
        clusters
    from gathered
    where code_number = 0
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
with counted as (
    select
        accounts_key,
        cluster_number,
        part_key,
        code_number,
        any_value(cluster) as cluster,
        any_value(account_groups) as account_groups,
        any_value(period) as period,
        any_value(media_type) as media_type,
        any_value(language) as language,
        any_value(sector) as sector,
        any_value(audience) as audience,
        any_value(standing) as standing,
        cast(sum(posts) as bigint) as posts,
        cast(coalesce(sum(primary_posts), 0) as bigint) as primary_posts
    from asked_carrying
    group by accounts_key, cluster_number, part_key, code_number
),

total as (
    select
        *,
        dense_rank() over (order by accounts_key, part_key) as group_number,
        groups_of(account_groups, period, media_type, language, sector := sector, audience := audience,
            standing := standing) as groups
    from counted
    where code_number = 0
),

code as (
    select distinct code_number, code
    from asked_told
    where code_number > 0
        and (code_number in (select code_number from counted) or getvariable('code') is not null)
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
    and carrying.part_key = total.part_key and carrying.code_number = code.code_number;
