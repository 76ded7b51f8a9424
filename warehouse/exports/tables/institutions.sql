-- Institutions of the study's register
-- Grain: one row per institution.

select institution, level, place, region, type, website
from dim_institution
