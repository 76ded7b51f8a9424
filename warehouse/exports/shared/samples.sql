-- Posts that were drawn for hand coding
-- Grain: one row per sample and unit.

select
    sample.sample,
    pseudonym('post', post.platform || '/' || post.post_id) as post,
    sample.stratum,
    sample.inclusion_probability,
    sample.population,
    sample.drawn,
    sample.codebook_version
from fact_sample as sample
join exported_post as post using (post_key)
