-- Who coded posts, with which codebook, and when?
-- Grain: one row per coder and version of the codebook.

with coded as (
    select coder, codebook_version, count(*) as n_posts
    from fact_coding
    where dimension = 'theme' and is_primary
    group by coder, codebook_version
)

select
    coder.coder,
    coder.codebook_version,
    coder.first_coded_at,
    coder.last_coded_at,
    coalesce(coded.n_posts, 0) as n_posts
from dim_coder as coder
left join coded using (coder, codebook_version)
order by coder.last_coded_at, coder.coder, coder.codebook_version;
