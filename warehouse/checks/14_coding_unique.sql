-- A coder gives each code of a dimension to a unit once.
select post_key, version, dimension, code, coder, codebook_version, count(*) as times
from fact_coding
group by all
having count(*) > 1
limit 1000;
