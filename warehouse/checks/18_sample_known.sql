-- Each sampled unit is known, once per sample.
select sample.sample, sample.post_key, sample.version, count(*) as times
from fact_sample as sample
group by all
having count(*) > 1 or sample.post_key not in (select post_key from dim_post)
limit 1000;
