-- What is known of each changed post, without its words?
-- Grain: mart_post, one row per post as it reads now.

insert into mart_post by name
with post as (
    select
        post_key,
        version,
        account_key,
        media_type,
        posted_at,
        posted_precision,
        is_repost,
        speech_hash(title_hash, text_hash, transcript_hash) as text_hash
    from dim_post
    where rowid in (select place from stg_changed_post)
),

language as (
    select text_hash, language from dim_language where text_hash in (select text_hash from post)
),

edited as (
    select post_key, max(valid_from) as edited_at
    from dim_post
    where change = 'edited' and post_key in (select post_key from stg_changed)
    group by post_key
),

latest as (
    select * from fact_post_latest where post_key in (select post_key from stg_changed)
),

-- A post that was seen again after a visit missed it has not vanished.
vanished as (
    select fact_vanished.post_key, max(outcome.started_at) as vanished_at
    from fact_vanished
    join fact_outcome as outcome using (feed_key)
    where fact_vanished.post_key in (select post_key from stg_changed)
    group by fact_vanished.post_key
)

select
    post.* exclude (text_hash),
    language.language,
    edited.edited_at,
    post.posted_at at time zone 'Europe/Amsterdam' as posted_local,
    latest.first_captured_at,
    latest.last_captured_at,
    case when vanished.vanished_at > latest.last_captured_at then vanished.vanished_at end as vanished_at,
    latest.like_count,
    latest.comment_count,
    latest.like_count + coalesce(latest.comment_count, 0) + coalesce(latest.share_count, 0)
        + coalesce(latest.save_count, 0) as interactions
from post
left join language using (text_hash)
left join edited using (post_key)
left join latest using (post_key)
left join vanished using (post_key)
order by post.account_key, post.posted_at;
