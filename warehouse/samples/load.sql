-- Which posts are to be coded by hand, and with what chance was each drawn?
-- Grain: fact_sample, one row per sample and unit.

insert into fact_sample by name
select
    getvariable('sample') as sample,
    post_key,
    version,
    stratum,
    drawn / population as inclusion_probability,
    getvariable('seed') as seed,
    getvariable('drawn_at') as drawn_at,
    population,
    drawn,
    place,
    coders,
    codebook_version
from sample_rows;
