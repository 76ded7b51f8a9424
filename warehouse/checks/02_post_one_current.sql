-- Each post has exactly one current version, and it is the last.
select post_key, count(*) filter (where is_current) as current_versions
from dim_post
group by post_key
having count(*) filter (where is_current) <> 1
    or max(valid_from) <> max(valid_from) filter (where is_current)
limit 1000;
