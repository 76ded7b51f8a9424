-- What do these feeds say, line by line?
-- Grain: stg_line, one row per line of the files in variable `feeds`; stg_said, one row per line that shows no post.

-- Each file is read once, and a post is taken apart as it is read: lines whole and then json_transform cost less than
-- naming the columns to read_json. A file's rows lie together and keep the order of its lines, so their rowid tells it, as
-- long as no join comes in between (a long IN is one). The files may lie in any order: `turn` tells theirs.
create or replace temp table stg_line as
with line as (
    select
        filename,
        json,
        json_transform(json, '{
            "record": "varchar", "platform": "varchar", "account": "varchar", "account_id": "varchar",
            "post_id": "varchar", "url": "varchar", "media_type": "varchar",
            "title": "varchar", "text": "varchar", "alt_text": "varchar", "transcript": "varchar",
            "transcript_source": "varchar",
            "hashtags": ["varchar"], "mentions": ["varchar"], "coauthors": ["varchar"],
            "posted_at": "varchar", "posted_precision": "varchar", "posted_source": "varchar",
            "like_count": "varchar", "comment_count": "varchar", "share_count": "varchar", "view_count": "varchar",
            "save_count": "varchar", "is_pinned": "varchar", "is_repost": "varchar", "repost_of": "varchar",
            "route": "varchar", "capture_id": "varchar", "captured_at": "varchar", "parser_version": "varchar"
        }') as said
    from read_ndjson_objects(
        getvariable('feeds'), compression = 'gzip', filename = true, maximum_object_size = 67108864)
),

dated as (
    select
        *,
        try_cast(said.posted_at as timestamptz) as posted_at,
        try_cast(said.captured_at as timestamptz) as captured_at
    from line
)

select
    filename,
    said.record,
    case when said.record is distinct from 'post' then json end as other,
    said.record is distinct from 'post' or (
        said.post_id <> '' and said.account is not null and said.capture_id is not null
        and said.captured_at is not null
        and said.platform in ('instagram', 'tiktok', 'youtube', 'linkedin')
        and list_position(
            ['second', 'minute', 'hour', 'day', 'week', 'month', 'year', 'unknown'],
            coalesce(said.posted_precision, 'unknown')) > 0
        and is_moment(said.captured_at, captured_at) and is_moment(said.posted_at, posted_at)
        and is_count_text(said.like_count) and is_count_text(said.comment_count)
        and is_count_text(said.share_count) and is_count_text(said.view_count)
        and is_count_text(said.save_count) and is_integer_text(said.parser_version)
        and is_flag_text(said.is_pinned) and is_flag_text(said.is_repost)
    ) is true as is_sound,
    key_of(said.platform || chr(31) || said.post_id) as post_key,
    said.platform,
    said.account,
    said.account_id,
    said.post_id,
    said.url,
    said.media_type,
    said.title,
    said.text,
    said.alt_text,
    said.transcript,
    said.transcript_source,
    text_key('title', said.title) as title_hash,
    text_key('text', said.text) as text_hash,
    text_key('alt_text', said.alt_text) as alt_text_hash,
    text_key('transcript', said.transcript) as transcript_hash,
    said.hashtags,
    said.mentions,
    said.coauthors,
    posted_at,
    case when said.posted_at is null then 'unknown' else coalesce(said.posted_precision, 'unknown') end
        as posted_precision,
    case when said.posted_at is null then 'unknown' else coalesce(said.posted_source, 'unknown') end as posted_source,
    try_cast(said.like_count as bigint) as like_count,
    try_cast(said.comment_count as bigint) as comment_count,
    try_cast(said.share_count as bigint) as share_count,
    try_cast(said.view_count as bigint) as view_count,
    try_cast(said.save_count as bigint) as save_count,
    coalesce(try_cast(said.is_pinned as boolean), false) as is_pinned,
    coalesce(try_cast(said.is_repost as boolean), false) as is_repost,
    said.repost_of,
    said.route,
    said.capture_id,
    captured_at,
    try_cast(said.parser_version as integer) as parser_version
from dated;


create or replace temp table stg_said as
select
    filename,
    rowid as row_id,
    unnest(json_transform(other, '{
        "record": "varchar", "crawl_id": "varchar", "study": "varchar", "platform": "varchar", "account": "varchar",
        "account_id": "varchar", "route": "varchar", "legal_ground": "varchar", "software": "varchar",
        "started_at": "varchar", "ended_at": "varchar", "window_since": "varchar", "window_until": "varchar",
        "capture_id": "varchar", "captured_at": "varchar", "parser_version": "varchar",
        "name": "varchar", "url": "varchar", "description": "varchar", "website": "varchar",
        "followers_count": "varchar", "following_count": "varchar", "posts_count": "varchar",
        "is_private": "varchar", "is_verified": "varchar",
        "outcome": "varchar", "sign": "varchar", "status": "varchar", "final_url": "varchar",
        "posts_collected": "varchar", "posts_reported": "varchar", "errors_count": "varchar",
        "oldest_posted_at": "varchar", "newest_posted_at": "varchar", "capture_ids": ["varchar"],
        "place": "varchar", "problem": "varchar", "post_id": "varchar", "last_seen_at": "varchar"
    }'))
from stg_line
where other is not null;

create or replace temp table stg_header as
with hashes as (
    select
        unnest(getvariable('feeds')) as filename,
        unnest(getvariable('hashes')) as sha256,
        generate_subscripts(getvariable('feeds'), 1) as nth
)

select
    key_of(said.crawl_id || chr(31) || said.platform || chr(31) || lower(said.account)) as feed_key,
    said.*,
    hashes.sha256,
    -- Added to a line's rowid, this puts the lines of all feeds in order.
    hashes.nth * 100000000 as turn
from hashes
join stg_said as said on said.filename = hashes.filename and said.record = 'crawl';
