-- Institutions of the study's register, by pseudonym
-- Grain: one row per institution.

select
    pseudonym('institution', lower(institution)) as institution,
    level,
    case when count(*) over (partition by level, type) >= fewest_alike() then type end as type
from dim_institution
