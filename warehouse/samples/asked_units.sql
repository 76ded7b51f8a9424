-- In which groups is each hand-coded post, and what does the coder asked for say of it?
-- Grain: one row per unit, group and code it carries; code null where it carries none.
-- Variables: those of a question; temporary table: sample_unit.

with unit as (
    select post.*
    from asked_posts as post
    where post.post_key in (select post_key from sample_unit)
        and (post.post_key, post.version) in (select (post_key, version) from sample_unit)
),

coding as (
    select coding.*
    from asked_codings as coding
    where coding.post_key in (select post_key from sample_unit)
        and (coding.post_key, coding.version) in (select (post_key, version) from sample_unit)
),

sector as (
    select distinct post_key, version, case when asked_by('sector') then code end as code, true as is_there
    from coding
    where dimension = 'sector' and (asked_by('sector') or not is_kept('sector', null)) and is_kept('sector', code)
),

audience as (
    select distinct post_key, version, case when asked_by('audience') then code end as code, true as is_there
    from coding
    where dimension = 'audience' and (asked_by('audience') or not is_kept('audience', null))
        and is_kept('audience', code)
),

standing as (
    select distinct coding.post_key, coding.version, promising.level, promising.standing
    from coding
    join ref_promising_sector as promising on promising.sector = coding.code
    where coding.dimension = 'sector' and asked_by('standing')
)

select
    unit.post_key,
    unit.version,
    account.cluster,
    groups_of(account.account_groups, unit.period, unit.media_type, unit.language,
        sector := case when asked_by('sector') then coalesce(sector.code, 'none') end,
        audience := case when asked_by('audience') then coalesce(audience.code, 'none') end,
        standing := case when asked_by('standing') then coalesce(standing.standing, 'unclassified') end) as groups,
    coding.code,
    coalesce(coding.is_primary, false) as is_primary
from unit
join asked_accounts as account using (account_key)
left join sector on sector.post_key = unit.post_key and sector.version = unit.version
left join audience on audience.post_key = unit.post_key and audience.version = unit.version
left join standing
    on standing.post_key = unit.post_key and standing.version = unit.version and standing.level = unit.level
left join coding
    on coding.post_key = unit.post_key and coding.version = unit.version and coding.dimension = asked_dimension()
where (asked_period() is null or unit.period is not null)
    and (is_kept('sector', null) or sector.is_there)
    and (is_kept('audience', null) or audience.is_there);
