-- How did each visit end, which known posts did it miss, and what could not be read?
-- Grain: fact_outcome, one row per account and crawl; fact_vanished, one row per visit and post; fact_parse_error, one
-- row per record that could not be read.

insert into fact_outcome by name
select
    asked.feed_key,
    header.crawl_id,
    asked.platform,
    asked.account_key,
    asked.account,
    line.account_id,
    line.outcome,
    line.sign,
    cast(line.status as integer) as status,
    line.final_url,
    coalesce(line.route, header.route) as route,
    coalesce(line.legal_ground, header.legal_ground) as legal_ground,
    cast(line.posts_collected as bigint) as posts_collected,
    cast(line.posts_reported as bigint) as posts_reported,
    cast(line.errors_count as bigint) as errors_count,
    cast(line.oldest_posted_at as timestamptz) as oldest_posted_at,
    cast(line.newest_posted_at as timestamptz) as newest_posted_at,
    cast(line.window_since as timestamptz) as window_since,
    cast(line.started_at as timestamptz) as started_at,
    cast(line.ended_at as timestamptz) as ended_at,
    line.capture_ids
from stg_said as line
join stg_asked as asked using (filename)
join stg_header as header on header.filename = line.filename
where line.record = 'outcome';

insert into fact_parse_error by name
select asked.feed_key, line.capture_id, line.place, line.problem
from stg_said as line
join stg_asked as asked using (filename)
where line.record = 'error';

create or replace temp table stg_vanished as
select
    asked.feed_key,
    key_of(asked.platform || chr(31) || line.post_id) as post_key,
    max(cast(line.last_seen_at as timestamptz)) as last_seen_at
from stg_said as line
join stg_asked as asked using (filename)
where line.record = 'vanished' and line.post_id is not null
group by all;

insert into fact_vanished by name select * from stg_vanished;

insert into meta_changed select post_key from stg_vanished;
