-- Each version of a post is there once.
select post_key, version, count(*) as times from dim_post group by all having count(*) > 1 limit 1000;
