-- Each unit that was coded has exactly one primary theme per coder and codebook.
select post_key, version, coder, codebook_version, count(*) filter (where dimension = 'theme' and is_primary) as primary_themes
from fact_coding
group by post_key, version, coder, codebook_version
having count(*) filter (where dimension = 'theme' and is_primary) <> 1
limit 1000;
