-- Which posts do these feeds show, beside their words, and which of them are known?
-- Grain: stg_sight, one row per line that shows a post; stg_observation, one row per visit and post; stg_fact, one row
-- per post that is not new and shown once (those are in stg_lone).

create or replace temp table stg_sight as
select
    line.post_key,
    capture.capture_key,
    header.feed_key,
    author.account_key,
    line.rowid as row_id,
    header.turn + line.rowid as turn,
    line.captured_at,
    line.title_hash,
    line.text_hash,
    line.alt_text_hash,
    line.transcript_hash,
    line.like_count,
    line.comment_count,
    line.share_count,
    line.view_count,
    line.save_count,
    line.is_pinned
from stg_line as line
join stg_header as header on header.filename = line.filename
join stg_capture as capture on capture.capture_id = line.capture_id
join stg_author as author
    on author.platform = line.platform and author.account = line.account
    and author.account_id is not distinct from line.account_id
where line.record = 'post';

-- Most posts are shown once; what is shown more often has to be put together.
create or replace temp table stg_repeated as
select post_key from stg_sight group by post_key having count(*) > 1;

-- One visit may show a post several times; together that is one observation, each text as last shown. Words are long:
-- they stay in stg_line until they are kept.
create or replace temp table stg_several as
select post_key, feed_key
from stg_sight
semi join stg_repeated using (post_key)
group by post_key, feed_key
having count(*) > 1;

create or replace temp table stg_observation as
select post_key, feed_key, capture_key, captured_at, row_id, turn, title_hash, text_hash, alt_text_hash, transcript_hash,
    false as is_several
from stg_sight
anti join stg_several using (post_key, feed_key)
union all
select
    post_key,
    feed_key,
    arg_min(capture_key, row_id),
    min(captured_at),
    min(row_id),
    min(turn),
    arg_max(title_hash, row_id) filter (where title_hash is not null),
    arg_max(text_hash, row_id) filter (where text_hash is not null),
    arg_max(alt_text_hash, row_id) filter (where alt_text_hash is not null),
    arg_max(transcript_hash, row_id) filter (where transcript_hash is not null),
    true
from stg_sight
semi join stg_several using (post_key, feed_key)
group by post_key, feed_key;

create or replace temp table stg_several_words as
select
    min(sight.row_id) as row_id,
    arg_max(line.title, sight.row_id) filter (where line.title is not null) as title,
    arg_max(line.text, sight.row_id) filter (where line.text is not null) as text,
    arg_max(line.alt_text, sight.row_id) filter (where line.alt_text is not null) as alt_text,
    arg_max(line.transcript, sight.row_id) filter (where line.transcript is not null) as transcript,
    arg_max_null(line.transcript_source, sight.row_id) filter (where line.transcript is not null) as transcript_source,
    arg_max(line.hashtags, sight.row_id) filter (where len(line.hashtags) > 0) as hashtags,
    arg_max(line.mentions, sight.row_id) filter (where len(line.mentions) > 0) as mentions,
    arg_max(line.coauthors, sight.row_id) filter (where len(line.coauthors) > 0) as coauthors
from stg_sight as sight
semi join stg_several using (post_key, feed_key)
join stg_line as line on line.rowid = sight.row_id
group by sight.post_key, sight.feed_key;

create or replace temp view stg_words as
select
    rowid as row_id,
    title,
    text,
    alt_text,
    transcript,
    transcript_source,
    case when len(hashtags) > 0 then hashtags end as hashtags,
    case when len(mentions) > 0 then mentions end as mentions,
    case when len(coauthors) > 0 then coauthors end as coauthors,
    false as is_several
from stg_line
union all
select *, true from stg_several_words;

create or replace temp table stg_shown as
select post_key from stg_sight union select post_key from stg_reread;

-- First where they are: that reads nothing but keys, however many posts there are.
create or replace temp table stg_place as
select rowid as place from dim_post where post_key in (select post_key from stg_shown);

-- What the warehouse knows of these posts, without their words: those are long.
create or replace temp table stg_version as
select post_key, account_key, account, account_id, url, media_type, posted_at, posted_precision, posted_source,
    is_repost, repost_of, version as last_version, valid_from, title_hash, text_hash, alt_text_hash, transcript_hash,
    is_current
from dim_post
where rowid in (select place from stg_place);

create or replace temp table stg_known as
with several as (
    select post_key from stg_version group by post_key having count(*) > 1
)

select * exclude (is_current) from stg_version anti join several using (post_key)
union all by name
select
    post_key,
    any_value(account_key) as account_key,
    any_value(account) as account,
    any_value(account_id) as account_id,
    any_value(url) as url,
    any_value(media_type) as media_type,
    any_value(posted_at) as posted_at,
    any_value(posted_precision) as posted_precision,
    any_value(posted_source) as posted_source,
    bool_or(is_repost) as is_repost,
    any_value(repost_of) as repost_of,
    max(last_version) as last_version,
    max(valid_from) as valid_from,
    max(title_hash) filter (where is_current) as title_hash,
    max(text_hash) filter (where is_current) as text_hash,
    max(alt_text_hash) filter (where is_current) as alt_text_hash,
    max(transcript_hash) filter (where is_current) as transcript_hash
from stg_version
semi join several using (post_key)
group by post_key;

-- Posts that are new and shown once need no choice of the best that is shown or known.
create or replace temp table stg_lone as
select sight.post_key, sight.row_id
from stg_sight as sight
anti join stg_repeated using (post_key)
anti join stg_known using (post_key)
anti join stg_reread using (post_key);

-- The best of what is shown beside the words; what an earlier reading of the same visit said gives way.
create or replace temp table stg_fact as
with shown as (
    select
        line.post_key,
        line.platform,
        line.post_id,
        sight.account_key,
        line.account,
        line.account_id,
        line.url,
        line.media_type,
        date_rank(line.posted_precision, line.posted_source) as date_rank,
        {posted_at: line.posted_at, posted_precision: line.posted_precision, posted_source: line.posted_source}
            as posted,
        line.is_repost,
        line.repost_of,
        sight.turn
    from stg_sight as sight
    anti join stg_lone using (post_key)
    join stg_line as line on line.rowid = sight.row_id
),

best as (
    select * exclude (turn) from shown anti join stg_repeated using (post_key)
    union all
    select
        post_key,
        any_value(platform),
        any_value(post_id),
        arg_min(account_key, turn),
        arg_min(account, turn),
        arg_min(account_id, turn),
        arg_min(url, turn),
        coalesce(arg_min(media_type, turn) filter (where media_type = 'short'), arg_min(media_type, turn)),
        max(date_rank),
        arg_max(posted, date_rank * 1000000000000 - turn),
        bool_or(is_repost),
        arg_min(repost_of, turn)
    from shown
    semi join stg_repeated using (post_key)
    group by post_key
),

judged as (
    select
        best.*,
        known,
        known.post_key is null or best.post_key in (select post_key from stg_reread) as is_fresh,
        date_rank(known.posted_precision, known.posted_source) as known_rank
    from best
    left join stg_known as known using (post_key)
)

select
    post_key,
    platform,
    post_id,
    case when is_fresh then account_key else known.account_key end as account_key,
    case when is_fresh then account else known.account end as account,
    case when is_fresh then coalesce(account_id, known.account_id)
        else coalesce(known.account_id, account_id) end as account_id,
    case when is_fresh then coalesce(url, known.url) else coalesce(known.url, url) end as url,
    case when is_fresh or media_type = 'short' then coalesce(media_type, known.media_type)
        else coalesce(known.media_type, media_type) end as media_type,
    case when known_rank is null or date_rank > known_rank or (is_fresh and date_rank = known_rank) then posted
        else {posted_at: known.posted_at, posted_precision: known.posted_precision,
            posted_source: known.posted_source} end as posted,
    case when is_fresh then is_repost else is_repost or known.is_repost end as is_repost,
    case when is_fresh then coalesce(repost_of, known.repost_of)
        else coalesce(known.repost_of, repost_of) end as repost_of,
    known.post_key is null as is_new
from judged;
