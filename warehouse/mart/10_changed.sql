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

-- Two statements a table: an "or" would look at every row instead of looking for keys.
delete from mart_post where (select is_whole from stg_remake);

delete from mart_coding where (select is_whole from stg_remake);

-- First where they are: that reads nothing but keys, however many posts there are. New posts are in neither table.
create or replace temp table stg_told_before as
select rowid as place, post_key from mart_post where post_key in (select post_key from stg_changed);

delete from mart_post where rowid in (select place from stg_told_before);

delete from mart_coding where post_key in (select post_key from stg_told_before);

create or replace temp table stg_changed_post as
select rowid as place from dim_post where post_key in (select post_key from stg_changed) and is_current;
