-- What do these feeds say, line by line?
-- Grain: one row per line of the files in variable `feeds`; everything still as text.

-- Reading lines whole and taking them apart is five times faster than naming the columns to read_json. Rows keep the
-- order of the lines, so their rowid tells it.
create or replace temp table stg_line as
select
    filename,
    unnest(json_transform(json, '{
        "record": "varchar", "crawl_id": "varchar", "study": "varchar", "platform": "varchar", "account": "varchar",
        "account_id": "varchar", "route": "varchar", "legal_ground": "varchar", "software": "varchar",
        "started_at": "varchar", "ended_at": "varchar", "window_since": "varchar", "window_until": "varchar",
        "capture_id": "varchar", "captured_at": "varchar", "parser_version": "varchar",
        "name": "varchar", "url": "varchar", "description": "varchar", "website": "varchar",
        "followers_count": "varchar", "following_count": "varchar", "posts_count": "varchar",
        "is_private": "varchar", "is_verified": "varchar",
        "post_id": "varchar", "media_type": "varchar", "title": "varchar", "text": "varchar", "alt_text": "varchar",
        "transcript": "varchar", "hashtags": ["varchar"], "mentions": ["varchar"], "coauthors": ["varchar"],
        "posted_at": "varchar", "posted_precision": "varchar", "posted_source": "varchar",
        "like_count": "varchar", "comment_count": "varchar", "share_count": "varchar", "view_count": "varchar",
        "save_count": "varchar", "is_pinned": "varchar", "is_repost": "varchar", "repost_of": "varchar",
        "outcome": "varchar", "sign": "varchar", "status": "varchar", "final_url": "varchar",
        "posts_collected": "varchar", "posts_reported": "varchar", "errors_count": "varchar",
        "oldest_posted_at": "varchar", "newest_posted_at": "varchar", "capture_ids": ["varchar"],
        "place": "varchar", "problem": "varchar", "last_seen_at": "varchar"
    }'))
from read_ndjson_objects(
    getvariable('feeds'), compression = 'gzip', filename = true, maximum_object_size = 67108864);

create or replace temp table stg_header as
with hashes as (
    select unnest(getvariable('feeds')) as filename, unnest(getvariable('hashes')) as sha256
)
select
    key_of(line.crawl_id || chr(31) || line.platform || chr(31) || lower(line.account)) as feed_key,
    line.*,
    hashes.sha256
from hashes
join stg_line as line on line.filename = hashes.filename and line.record = 'crawl';
