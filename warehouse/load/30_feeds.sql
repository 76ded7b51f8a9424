-- Which visits are these, and do they replace earlier readings of the same visit?
-- Grain: dim_feed, one row per account and crawl; dim_capture, one row per capture.

create or replace temp table stg_replaced as
select feed.feed_key
from dim_feed as feed
semi join stg_header using (feed_key);

-- Posts that the earlier reading showed: their history is told anew by what is left and what comes in.
create or replace temp table stg_reread as
select distinct snapshot.post_key, snapshot.capture_key
from fact_post_snapshot as snapshot
semi join stg_replaced using (feed_key);

delete from fact_post_snapshot where feed_key in (select feed_key from stg_replaced);
delete from fact_account_snapshot where feed_key in (select feed_key from stg_replaced);
delete from fact_parse_error where feed_key in (select feed_key from stg_replaced);
delete from fact_outcome where feed_key in (select feed_key from stg_replaced);

insert into meta_changed
select post_key from fact_vanished where feed_key in (select feed_key from stg_replaced);

delete from fact_vanished where feed_key in (select feed_key from stg_replaced);
delete from dim_feed where feed_key in (select feed_key from stg_replaced);

create or replace temp table stg_capture as
select
    key_of(capture_id) as capture_key,
    capture_id,
    min(platform) as platform,
    min(route) as route,
    max(parser_version) as parser_version,
    min(captured_at) as captured_at
from stg_line
where record in ('post', 'account')
group by capture_id;

create or replace temp table stg_known_capture as
select capture_key from dim_capture semi join stg_capture using (capture_key);

update dim_capture
set parser_version = stg_capture.parser_version
from stg_capture
where dim_capture.capture_key = stg_capture.capture_key
    and dim_capture.parser_version is distinct from stg_capture.parser_version;

insert into dim_capture by name
select * from stg_capture anti join stg_known_capture using (capture_key);
