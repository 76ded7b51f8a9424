-- Who coded posts, with which codebook, and when?
-- Grain: one row per coder and version of the codebook.

select coder.coder, coder.codebook_version, coder.first_coded_at, coder.last_coded_at, count(coding.post_key) as n_posts
from dim_coder as coder
left join fact_coding as coding
    on coding.coder = coder.coder
    and coding.codebook_version = coder.codebook_version
    and coding.dimension = 'theme'
    and coding.is_primary
group by all
order by coder.last_coded_at, coder.coder, coder.codebook_version;
