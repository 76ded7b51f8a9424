-- What did a coder answer about which unit, and why?
-- Grain: fact_coding, one row per post version, dimension, code, coder and codebook version.

delete from fact_coding
where exists (
    select 1
    from coding_rows as row
    where row.post_key = fact_coding.post_key and row.version = fact_coding.version
        and row.coder = fact_coding.coder and row.codebook_version = fact_coding.codebook_version
);

insert into fact_coding by name
select
    post_key,
    version,
    dimension,
    code,
    is_primary,
    cast(score as double) as score,
    coder,
    codebook_version,
    cast(evidence as json) as evidence,
    getvariable('loaded_at') as coded_at
from coding_rows;

create or replace temp table stg_coder as
select coder, codebook_version, min(loaded_at) as first_coded_at, max(loaded_at) as last_coded_at
from (
    select distinct coder, codebook_version, cast(getvariable('loaded_at') as timestamptz) as loaded_at from coding_rows
    union all
    select coder, codebook_version, unnest([first_coded_at, last_coded_at]) from dim_coder
    where (coder, codebook_version) in (select coder, codebook_version from coding_rows)
) as seen
group by coder, codebook_version;

delete from dim_coder
where (coder, codebook_version) in (select coder, codebook_version from stg_coder);

insert into dim_coder by name select * from stg_coder;

insert into meta_changed select distinct post_key from coding_rows;
