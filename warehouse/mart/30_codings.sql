-- Which codes did each coder give the changed posts, as they read now?
-- Grain: mart_coding, one row per post, coder and codebook version; dim_code_set, one row per set of codes that occurs.

-- Codings of some posts are looked for once and kept aside; where all are told again, that would be all there is.
create or replace temp table stg_some_coding as
select post_key, version, coder, codebook_version, dimension, code, is_primary
from fact_coding
where post_key in (select post_key from stg_changed where not (select is_whole from stg_remake));

create or replace temp view stg_coding as
select * from stg_some_coding
union all
select post_key, version, coder, codebook_version, dimension, code, is_primary
from fact_coding
where post_key in (select post_key from stg_changed where (select is_whole from stg_remake));

-- Few answers are possible: each gets a number, and a set of answers the xor of those, whatever their order.
create or replace temp table stg_answer as
select *, key_of(concat_ws(chr(31), dimension, code, is_primary)) as answer_key
from (select distinct dimension, code, is_primary and dimension = 'theme' as is_primary from stg_coding);

create or replace temp table stg_coded as
with coding as (
    select
        coding.post_key,
        coding.version,
        coding.coder,
        coding.codebook_version,
        answer.dimension,
        answer.is_primary,
        answer.answer_key
    from stg_coding as coding
    join stg_answer as answer
        on answer.dimension = coding.dimension and answer.code = coding.code
        and answer.is_primary = (coding.is_primary and coding.dimension = 'theme')
)

select
    post_key,
    version,
    coder,
    codebook_version,
    bit_xor(case when dimension = 'theme' then answer_key else 0 end) as theme_key,
    bit_xor(case when dimension = 'labour' then answer_key else 0 end) as labour_key,
    bit_xor(case when dimension = 'sector' then answer_key else 0 end) as sector_key,
    bit_xor(case when dimension = 'audience' then answer_key else 0 end) as audience_key
from coding
group by post_key, version, coder, codebook_version
having bool_or(is_primary);

-- Sets that did not occur before: one unit that has the set tells its codes.
create or replace temp table stg_new_set as
with found as (
    select 'theme' as dimension, theme_key as set_key,
        any_value({post_key: post_key, version: version, coder: coder, codebook_version: codebook_version}) as unit
    from stg_coded group by theme_key
    union all
    select 'labour', labour_key,
        any_value({post_key: post_key, version: version, coder: coder, codebook_version: codebook_version})
    from stg_coded group by labour_key
    union all
    select 'sector', sector_key,
        any_value({post_key: post_key, version: version, coder: coder, codebook_version: codebook_version})
    from stg_coded group by sector_key
    union all
    select 'audience', audience_key,
        any_value({post_key: post_key, version: version, coder: coder, codebook_version: codebook_version})
    from stg_coded group by audience_key
)

select * from found anti join dim_code_set using (dimension, set_key);

insert into dim_code_set by name
select
    (select coalesce(max(code_set), 0) from dim_code_set) + row_number() over (order by found.dimension, found.set_key)
        as code_set,
    found.dimension,
    coalesce(list_sort(list(coding.code) filter (where coding.code is not null)), []) as codes,
    max(coding.code) filter (where coding.is_primary and coding.dimension = 'theme') as primary_code,
    found.set_key
from stg_new_set as found
left join stg_coding as coding
    on coding.post_key = found.unit.post_key and coding.version = found.unit.version
    and coding.coder = found.unit.coder and coding.codebook_version = found.unit.codebook_version
    and coding.dimension = found.dimension
group by found.dimension, found.set_key;

insert into mart_coding by name
select
    coded.post_key,
    coded.version,
    post.account_key,
    coded.coder,
    coded.codebook_version,
    post.media_type,
    post.language,
    post.posted_local,
    post.posted_precision,
    post.interactions,
    theme.code_set as theme_set,
    labour.code_set as labour_set,
    sector.code_set as sector_set,
    audience.code_set as audience_set
from stg_coded as coded
join mart_post as post on post.post_key = coded.post_key and post.version = coded.version and not post.is_repost
join dim_code_set as theme on theme.dimension = 'theme' and theme.set_key = coded.theme_key
join dim_code_set as labour on labour.dimension = 'labour' and labour.set_key = coded.labour_key
join dim_code_set as sector on sector.dimension = 'sector' and sector.set_key = coded.sector_key
join dim_code_set as audience on audience.dimension = 'audience' and audience.set_key = coded.audience_key
order by coded.coder, coded.codebook_version, post.account_key, post.posted_local;

delete from meta_changed;

drop table stg_changed;
drop table stg_changed_post;
drop table stg_remake;
drop table stg_told_before;
drop view stg_coding;
drop table stg_some_coding;
drop table stg_answer;
drop table stg_coded;
drop table stg_new_set;
