-- How many posts does a question count, and how many carry each code? Views on those of 30_asked.sql, one step each:
-- posts that are alike, in the groups they belong to, with the codes they carry.
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

-- Grain: as asked_counts, where no sector, audience or standing is asked for.
create or replace view asked_placed_whole as
select
    account_key,
    period,
    media_type,
    language,
    cast(null as varchar) as sector,
    cast(null as varchar) as audience,
    cast(null as varchar) as standing,
    code_set,
    posts
from asked_counts;

-- Grain: as asked_counts, and per sector, audience and standing, of those asked for. A post about two sectors is in both
-- their groups; one about two kept sectors counts once, unless they are told apart.
create or replace view asked_placed_apart as
-- What is promising depends on the level. A post about both kinds of sector is in both groups.
with standing as materialized (
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

-- Grain: as asked_counts, and per sector, audience and standing where those are asked for.
create or replace view asked_placed as
select *
from query_table(case when asked_by('sector') or asked_by('audience') or asked_by('standing') then 'asked_placed_apart'
    else 'asked_placed_whole' end);

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
