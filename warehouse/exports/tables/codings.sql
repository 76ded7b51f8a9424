-- Codings of the posts as they read now, by rules and people, with the evidence
-- Grain: one row per post, dimension, code, coder and codebook version.

select
    cast(post_key as varchar) as post_key,
    platform,
    post_id,
    dimension,
    code,
    coder,
    codebook_version,
    is_primary,
    score,
    cast(evidence as varchar) as evidence,
    coded_at
from codings
semi join exported_post using (post_key)
