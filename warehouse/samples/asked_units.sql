-- In which groups is each hand-coded post, and what does the coder asked for say of it?
-- Grain: one row per unit, group and code it carries; code null where it carries none.
-- Variables: those of a question; temporary table: sample_unit.

with unit as (
    select *
    from asked_units
    where (post_key, version) in (select (post_key, version) from sample_unit)
        and post_key in (select post_key from sample_unit)
        and (asked_period() is null or period is not null)
),

standing as (
    select distinct code.code_set, promising.level, promising.standing
    from asked_sets as code
    join ref_promising_sector as promising on promising.sector = code.code
    where code.dimension = 'sector' and asked_by('standing')
)

select
    unit.post_key,
    unit.version,
    cluster.cluster_number,
    groups_of(cluster.account_groups, unit.period, unit.media_type, unit.language, sector := sector.sector,
        audience := audience.audience,
        standing := case when asked_by('standing') then coalesce(standing.standing, 'unclassified') end) as groups,
    told.code,
    told.is_primary
from unit
join asked_clusters as cluster using (cluster_key)
join asked_sets as told on told.code_set = unit.code_set
left join asked_sectors as sector on sector.code_set = unit.sector_set
left join asked_audiences as audience on audience.code_set = unit.audience_set
left join standing on standing.code_set = unit.sector_set and standing.level = unit.level
where (not asked_by('sector') or sector.sector is not null)
    and (not asked_by('audience') or audience.audience is not null);
