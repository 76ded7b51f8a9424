-- Each snapshot is of a post, a capture and a feed that are known.
select post_key, capture_key, feed_key
from fact_post_snapshot
where post_key not in (select post_key from dim_post)
    or capture_key not in (select capture_key from dim_capture)
    or feed_key not in (select feed_key from dim_feed)
limit 1000;
