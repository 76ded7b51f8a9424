-- Each coding is of words that are known.
select coding.post_key, coding.version
from fact_coding as coding
where not exists (
    select 1 from dim_post as post where post.post_key = coding.post_key and post.version = coding.version
)
limit 1000;
