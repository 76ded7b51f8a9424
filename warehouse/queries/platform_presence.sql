-- How many institutions are on each platform, and how many told the survey that they are (figure 2.6)?
-- Grain: one row per level and platform; of the register, whatever the crawl could see.

with institution as (
    select level, count(distinct institution) as n_institutions
    from accounts
    where institution is not null
    group by level
),

present as (
    select level, platform, count(distinct institution) as n_present
    from accounts
    where institution is not null
    group by level, platform
),

platform as (
    select distinct platform from accounts where institution is not null
    union
    select answer from ref_survey where item = 'figure 2.6'
)

select
    institution.level,
    platform.platform,
    institution.n_institutions,
    coalesce(present.n_present, 0) as n_present,
    coalesce(present.n_present, 0) / institution.n_institutions as share,
    survey.value / 100 as said,
    survey.n as n_said
from institution
cross join platform
left join present on present.level = institution.level and present.platform = platform.platform
left join ref_survey as survey
    on survey.item = 'figure 2.6' and survey.level = institution.level and survey.answer = platform.platform
order by institution.level, share desc, platform.platform;
