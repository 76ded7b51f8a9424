-- Posts that were drawn for hand coding
-- Grain: one row per sample and unit.

select
    sample.sample,
    cast(sample.post_key as varchar) as post_key,
    sample.version,
    sample.stratum,
    sample.inclusion_probability,
    sample.population,
    sample.drawn,
    sample.place,
    sample.coders,
    sample.codebook_version,
    sample.seed,
    sample.drawn_at
from fact_sample as sample
semi join exported_post using (post_key)
