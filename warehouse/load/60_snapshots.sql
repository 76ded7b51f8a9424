-- What did each capture count, and what is known of each post by now?
-- Grain: fact_post_snapshot, one row per post and capture; fact_post_latest, one row per post.

create or replace temp table stg_snapshot as
with twice as (
    select post_key, capture_key
    from stg_sight
    semi join stg_repeated using (post_key)
    group by post_key, capture_key
    having count(*) > 1
),

sight as (
    select post_key, capture_key, feed_key, captured_at, like_count, comment_count, share_count, view_count, save_count,
        is_pinned
    from stg_sight
    anti join twice using (post_key, capture_key)
    union all
    select
        post_key,
        capture_key,
        arg_min(feed_key, turn),
        min(captured_at),
        arg_min(like_count, turn),
        arg_min(comment_count, turn),
        arg_min(share_count, turn),
        arg_min(view_count, turn),
        arg_min(save_count, turn),
        bool_or(is_pinned)
    from stg_sight
    semi join twice using (post_key, capture_key)
    group by post_key, capture_key
),

-- Only captures that were known before can have been counted before.
counted as (
    select post_key, capture_key from fact_post_snapshot semi join stg_known_capture using (capture_key)
)

select * from sight anti join counted using (post_key, capture_key);

insert into fact_post_snapshot by name select * from stg_snapshot;

create or replace temp view stg_repeated_snapshot as
select * from stg_snapshot semi join stg_repeated using (post_key);

create or replace temp table stg_latest as
select
    post_key,
    captured_at as first_captured_at,
    captured_at as last_captured_at,
    like_count,
    comment_count,
    share_count,
    view_count,
    save_count,
    is_pinned
from stg_snapshot
anti join stg_repeated using (post_key)
union all by name
select * from latest_of('stg_repeated_snapshot');

create or replace temp table stg_counted as
select post_key from stg_latest union select post_key from stg_reread;

-- As with dim_post: first where they are.
create or replace temp table stg_latest_place as
select rowid as place from fact_post_latest where post_key in (select post_key from stg_counted);

create or replace temp table stg_latest_before as
select * from fact_post_latest where rowid in (select place from stg_latest_place);

-- Posts captured out of order or read anew are counted again from all their snapshots.
create or replace temp table stg_recount as
select latest.post_key
from stg_latest as latest
join stg_latest_before as before using (post_key)
where latest.first_captured_at <= before.last_captured_at
union
select post_key from stg_reread;

delete from fact_post_latest where rowid in (select place from stg_latest_place);

insert into fact_post_latest by name
select
    latest.post_key,
    coalesce(before.first_captured_at, latest.first_captured_at) as first_captured_at,
    latest.last_captured_at,
    coalesce(latest.like_count, before.like_count) as like_count,
    coalesce(latest.comment_count, before.comment_count) as comment_count,
    coalesce(latest.share_count, before.share_count) as share_count,
    coalesce(latest.view_count, before.view_count) as view_count,
    coalesce(latest.save_count, before.save_count) as save_count,
    latest.is_pinned
from stg_latest as latest
left join stg_latest_before as before using (post_key)
anti join stg_recount using (post_key);

create or replace temp view stg_recount_snapshot as
select * from fact_post_snapshot semi join stg_recount using (post_key);

insert into fact_post_latest by name select * from latest_of('stg_recount_snapshot');

insert into meta_changed select post_key from stg_sight union select post_key from stg_reread;
