-- What did this load add?
-- Grain: one row.

select
    (select count(*) from stg_lone) + (select count(*) from stg_fact where is_new) as posts_new,
    (select count(*) from stg_chain where kept_version is null and change <> 'first') as versions_new,
    (select count(*) from stg_snapshot) as snapshots_new,
    (select count(*) from stg_said where record = 'outcome') as outcomes,
    (select count(*) from stg_said where record = 'error') as parse_errors;
