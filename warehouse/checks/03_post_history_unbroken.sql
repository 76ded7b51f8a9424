-- The versions of a post follow one another without gap or overlap.
with story as (
    select post_key, version, valid_from, valid_to, is_current,
        lead(valid_from) over (partition by post_key order by valid_from, version) as next_from
    from dim_post
    where post_key in (select post_key from dim_post where version > 1 or not is_current)
)

select post_key, version, valid_from, valid_to, next_from
from story
where valid_to is distinct from next_from
limit 1000;
