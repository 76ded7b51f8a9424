-- What did people, and the rules, answer about the units of a sample?
-- Grain: one row per unit, coder, dimension and code. Variables: sample. Of the rules, the codebook they used last.

with sample as (
    select post_key, version, codebook_version from fact_sample where sample = getvariable('sample')
),

last as (
    select arg_max(codebook_version, last_coded_at) as codebook_version from dim_coder where coder = 'rules'
)

select
    coding.post_key,
    coding.version,
    coding.coder,
    coding.dimension,
    coding.code,
    coding.is_primary,
    coding.evidence
from fact_coding as coding
join sample on sample.post_key = coding.post_key and sample.version = coding.version
where coding.codebook_version = case
    when coding.coder = 'rules' then (select codebook_version from last) else sample.codebook_version end;
