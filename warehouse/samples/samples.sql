-- Which samples were drawn, and how far are they coded?
-- Grain: one row per sample, the latest first.

with settled as (
    select distinct post_key, version, codebook_version
    from fact_coding
    where coder = 'settled' and dimension = 'theme' and is_primary
)

select
    sample.sample,
    sample.codebook_version,
    min(sample.seed) as seed,
    min(sample.drawn_at) as drawn_at,
    count(*) as n_posts,
    count(distinct sample.stratum) as n_strata,
    count(settled.post_key) as n_settled,
    list_sort(list_distinct(flatten(list(sample.coders)))) as coders
from fact_sample as sample
left join settled using (post_key, version, codebook_version)
group by all
order by drawn_at desc, sample.sample;
