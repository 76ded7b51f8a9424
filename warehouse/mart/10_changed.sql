-- Which posts changed since the marts were made?
-- Grain: one row per post. Where it is a fifth of all or more, all are made again: that costs less, and sorts them.

create or replace temp table stg_changed as
select distinct post_key from meta_changed;

create or replace temp table stg_remake as
select (select count(*) from stg_changed) * 5 >= (select count(*) from mart_post) as is_whole;

insert into stg_changed
select post_key
from dim_post
where (select is_whole from stg_remake) and is_current
    and post_key not in (select post_key from meta_changed);

delete from mart_post
where (select is_whole from stg_remake) or post_key in (select post_key from stg_changed);

delete from mart_coding
where (select is_whole from stg_remake) or post_key in (select post_key from stg_changed);
