-- A post is counted once per capture.
select post_key, capture_key, count(*) as times
from fact_post_snapshot
group by post_key, capture_key
having count(*) > 1
limit 1000;
