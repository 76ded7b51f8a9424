-- How much more often did the survey's respondents name a code than the posts carry it?
-- Grain: one row per figure of the survey that names a code. Variable `by_names` has to be ['level']. A figure for both
-- levels together, or for the lower or higher of the two, is set against the posts of both.

with measured as (
    select
        coalesce(groups[1], 'all') as level,
        code,
        cast(sum(n_posts) as bigint) as n_posts,
        cast(sum(n_carrying) as bigint) as n_carrying,
        count(distinct cluster_number) as n_institutions,
        sum(n_carrying) / sum(n_posts) as share,
        list({member: cluster_number, over: n_carrying, under: n_posts}) as clusters
    from asked_cells
    group by grouping sets ((groups[1], code), (code))
),

survey as (
    select
        row_number() over () as place,
        *,
        case when level in ('mbo', 'hbo') then level else 'all' end as measured_level,
        case unit when 'percent' then value / 100 when 'answers' then value / n end as said
    from ref_survey
    where unit in ('percent', 'answers')
        and (question like '%aims%' or question like '%good examples%')
)

select
    survey.source,
    survey.item,
    survey.question,
    survey.level,
    survey.answer as code,
    survey.n as n_said,
    survey.said,
    measured.n_posts,
    measured.n_carrying,
    measured.n_institutions,
    measured.share,
    survey.said - measured.share as said_minus_done,
    measured.clusters
from survey
join measured on measured.level = survey.measured_level and measured.code = survey.answer
order by survey.place;
