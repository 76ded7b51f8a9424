-- Codings of the posts, by rules and people, with the rules that decided and without the words
-- Grain: one row per post, dimension, code, coder and codebook version.

select
    pseudonym('post', platform || '/' || post_id) as post,
    dimension,
    code,
    case when coder in ('rules', 'settled') then coder else pseudonym('coder', coder) end as coder,
    codebook_version,
    is_primary,
    score,
    list_sort(list_distinct(json_extract_string(evidence, '$[*].rule'))) as rules
from codings
semi join exported_post using (post_key)
