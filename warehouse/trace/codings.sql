-- Which codes did it get, from whom, and by which words?
-- Grain: one row per version, coder, codebook version, dimension and code. Variables: platform, post_id.

select version, dimension, code, is_primary, score, coder, codebook_version, coded_at, evidence
from fact_coding
where post_key = key_of(getvariable('platform') || chr(31) || getvariable('post_id'))
order by version, coder, codebook_version, dimension, is_primary desc, code;
