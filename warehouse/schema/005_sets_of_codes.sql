-- Which sets of codes occur? Those of sub-codes, sectors and audiences were told wrongly; all are told anew.
-- Grain: dim_code_set, one row per set of codes that occurs.

delete from mart_coding;
delete from dim_code_set;
insert into meta_changed select post_key from dim_post where is_current;
