-- Which posts do these feeds show, and what do they say?
-- Grain: dim_post, one row per post and version of its words; versions are numbered in the order they were learnt.

create or replace temp table stg_sight as
select
    key_of(line.platform || chr(31) || line.post_id) as post_key,
    key_of(line.capture_id) as capture_key,
    header.feed_key,
    line.rowid as row_id,
    author.account_key,
    line.platform,
    line.post_id,
    line.account,
    line.account_id,
    line.url,
    line.media_type,
    text_key('title', line.title) as title_hash,
    text_key('text', line.text) as text_hash,
    text_key('alt_text', line.alt_text) as alt_text_hash,
    text_key('transcript', line.transcript) as transcript_hash,
    cast(line.posted_at as timestamptz) as posted_at,
    case when line.posted_at is null then 'unknown' else coalesce(line.posted_precision, 'unknown') end
        as posted_precision,
    case when line.posted_at is null then 'unknown' else coalesce(line.posted_source, 'unknown') end
        as posted_source,
    coalesce(cast(line.is_repost as boolean), false) as is_repost,
    line.repost_of,
    cast(line.captured_at as timestamptz) as captured_at,
    cast(line.like_count as bigint) as like_count,
    cast(line.comment_count as bigint) as comment_count,
    cast(line.share_count as bigint) as share_count,
    cast(line.view_count as bigint) as view_count,
    cast(line.save_count as bigint) as save_count,
    coalesce(cast(line.is_pinned as boolean), false) as is_pinned
from stg_line as line
join stg_header as header on header.filename = line.filename
join stg_author as author
    on author.platform = line.platform and author.account = line.account
    and author.account_id is not distinct from line.account_id
where line.record = 'post';

-- One visit may show a post several times; together that is one observation, each text as last shown. Words are long:
-- they stay in stg_line until they are kept.
create or replace temp table stg_several as
select post_key, feed_key from stg_sight group by post_key, feed_key having count(*) > 1;

create or replace temp table stg_observation as
select post_key, feed_key, capture_key, captured_at, row_id, title_hash, text_hash, alt_text_hash, transcript_hash,
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
    case when len(hashtags) > 0 then hashtags end as hashtags,
    case when len(mentions) > 0 then mentions end as mentions,
    case when len(coauthors) > 0 then coauthors end as coauthors,
    false as is_several
from stg_line
union all
select *, true from stg_several_words;

-- What the warehouse knows of these posts, without their words: those are long.
create or replace temp table stg_known as
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
    max(version) as last_version,
    max(valid_from) as valid_from,
    max(title_hash) filter (where is_current) as title_hash,
    max(text_hash) filter (where is_current) as text_hash,
    max(alt_text_hash) filter (where is_current) as alt_text_hash,
    max(transcript_hash) filter (where is_current) as transcript_hash
from dim_post
where post_key in (select post_key from stg_sight union select post_key from stg_reread)
group by post_key;

-- The best of what is shown beside the words; what an earlier reading of the same visit said gives way.
create or replace temp table stg_fact as
with best as (
    select
        post_key,
        any_value(platform) as platform,
        any_value(post_id) as post_id,
        arg_min(account_key, row_id) as account_key,
        arg_min(account, row_id) as account,
        any_value(account_id) as account_id,
        any_value(url) as url,
        coalesce(any_value(case when media_type = 'short' then media_type end), any_value(media_type)) as media_type,
        max(date_rank(posted_precision, posted_source)) as date_rank,
        arg_max({posted_at: posted_at, posted_precision: posted_precision, posted_source: posted_source},
            date_rank(posted_precision, posted_source) * 1000000000000 - row_id) as posted,
        bool_or(is_repost) as is_repost,
        any_value(repost_of) as repost_of
    from stg_sight
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

-- Posts whose history has to be told: read anew, edited, completed, captured before what is known, or new and
-- seen by several visits. All others are either new with one version or say nothing new.
create or replace temp table stg_told as
select post_key from stg_reread
union
select seen.post_key
from stg_observation as seen
join stg_known as known using (post_key)
where seen.captured_at < known.valid_from
    or coalesce(seen.title_hash <> coalesce(known.title_hash, 0), false)
    or coalesce(seen.text_hash <> coalesce(known.text_hash, 0), false)
    or coalesce(seen.alt_text_hash <> coalesce(known.alt_text_hash, 0), false)
    or coalesce(seen.transcript_hash <> coalesce(known.transcript_hash, 0), false)
union
select post_key
from stg_observation
anti join stg_known using (post_key)
group by post_key
having count(*) > 1;

create or replace temp table stg_before as
select * from dim_post where post_key in (select post_key from stg_told);

create or replace temp table stg_chain as
with seen as (
    select post_key, capture_key, captured_at as valid_from, 1 as turn, row_id, title, text, alt_text, transcript,
        title_hash, text_hash, alt_text_hash, transcript_hash, hashtags, mentions, coauthors
    from stg_observation
    join stg_words using (row_id, is_several)
    where post_key in (select post_key from stg_told)
    union all
    select post_key, capture_key, valid_from, 0, version, title, text, alt_text, transcript,
        title_hash, text_hash, alt_text_hash, transcript_hash, hashtags, mentions, coauthors
    from stg_before
    anti join stg_reread using (post_key, capture_key)
),

filled as (
    select
        post_key,
        capture_key,
        valid_from,
        row_number() over story as step,
        last_value(title ignore nulls) over story as title,
        last_value(text ignore nulls) over story as text,
        last_value(alt_text ignore nulls) over story as alt_text,
        last_value(transcript ignore nulls) over story as transcript,
        last_value(title_hash ignore nulls) over story as title_hash,
        last_value(text_hash ignore nulls) over story as text_hash,
        last_value(alt_text_hash ignore nulls) over story as alt_text_hash,
        last_value(transcript_hash ignore nulls) over story as transcript_hash,
        last_value(hashtags ignore nulls) over story as hashtags,
        last_value(mentions ignore nulls) over story as mentions,
        last_value(coauthors ignore nulls) over story as coauthors
    from seen
    window story as (
        partition by post_key order by valid_from, turn, row_id rows between unbounded preceding and current row
    )
),

compared as (
    select *,
        lag(step) over story is null as is_first,
        row(coalesce(title_hash, 0), coalesce(text_hash, 0), coalesce(alt_text_hash, 0), coalesce(transcript_hash, 0))
            as words,
        lag(row(
            coalesce(title_hash, 0), coalesce(text_hash, 0), coalesce(alt_text_hash, 0), coalesce(transcript_hash, 0)
        )) over story as words_before,
        coalesce(lag(title_hash) over story <> title_hash, false)
            or coalesce(lag(text_hash) over story <> text_hash, false)
            or coalesce(lag(alt_text_hash) over story <> alt_text_hash, false)
            or coalesce(lag(transcript_hash) over story <> transcript_hash, false) as is_edited
    from filled
    window story as (partition by post_key order by step)
),

versions as (
    select *,
        case when is_first then 'first' when is_edited then 'edited' else 'completed' end as change,
        row_number() over (partition by post_key, words order by step) as nth
    from compared
    where is_first or words <> words_before
),

-- A version that says the same as before keeps its number, so codings stay with the words they are about.
numbered_before as (
    select post_key, version,
        row(coalesce(title_hash, 0), coalesce(text_hash, 0), coalesce(alt_text_hash, 0), coalesce(transcript_hash, 0))
            as words,
        row_number() over (
            partition by post_key, title_hash, text_hash, alt_text_hash, transcript_hash order by version
        ) as nth
    from stg_before
)

select
    versions.* exclude (words, words_before, is_first, is_edited, nth),
    numbered_before.version as kept_version,
    coalesce(known.last_version, 0) as last_version
from versions
left join numbered_before
    on numbered_before.post_key = versions.post_key and numbered_before.words = versions.words
    and numbered_before.nth = versions.nth
left join stg_known as known on known.post_key = versions.post_key;

-- Posts that only the replaced reading showed, and that the new one does not, go.
create or replace temp table stg_gone as
select distinct post_key from stg_before where post_key not in (select post_key from stg_chain);

delete from dim_post where post_key in (select post_key from stg_told);

insert into dim_post by name
select
    chain.post_key,
    coalesce(
        chain.kept_version,
        chain.last_version + row_number() over (
            partition by chain.post_key, chain.kept_version is null order by chain.step
        )
    ) as version,
    coalesce(fact.platform, before.platform) as platform,
    coalesce(fact.post_id, before.post_id) as post_id,
    coalesce(fact.account_key, before.account_key) as account_key,
    coalesce(fact.account, before.account) as account,
    coalesce(fact.account_id, before.account_id) as account_id,
    coalesce(fact.url, before.url) as url,
    coalesce(fact.media_type, before.media_type) as media_type,
    chain.title,
    chain.text,
    chain.alt_text,
    chain.transcript,
    chain.title_hash,
    chain.text_hash,
    chain.alt_text_hash,
    chain.transcript_hash,
    chain.hashtags,
    chain.mentions,
    chain.coauthors,
    case when fact.post_key is null then before.posted_at else fact.posted.posted_at end as posted_at,
    coalesce(fact.posted.posted_precision, before.posted_precision) as posted_precision,
    coalesce(fact.posted.posted_source, before.posted_source) as posted_source,
    coalesce(fact.is_repost, before.is_repost) as is_repost,
    coalesce(fact.repost_of, before.repost_of) as repost_of,
    chain.change,
    chain.capture_key,
    chain.valid_from,
    lead(chain.valid_from) over (partition by chain.post_key order by chain.step) as valid_to,
    lead(chain.step) over (partition by chain.post_key order by chain.step) is null as is_current
from stg_chain as chain
left join stg_fact as fact on fact.post_key = chain.post_key
left join (
    select distinct on (post_key) * from stg_before order by post_key, version
) as before on before.post_key = chain.post_key;

insert into dim_post by name
select
    seen.post_key,
    1 as version,
    fact.platform,
    fact.post_id,
    fact.account_key,
    fact.account,
    fact.account_id,
    fact.url,
    fact.media_type,
    words.title,
    words.text,
    words.alt_text,
    words.transcript,
    seen.title_hash,
    seen.text_hash,
    seen.alt_text_hash,
    seen.transcript_hash,
    words.hashtags,
    words.mentions,
    words.coauthors,
    fact.posted.posted_at,
    fact.posted.posted_precision,
    fact.posted.posted_source,
    fact.is_repost,
    fact.repost_of,
    'first' as change,
    seen.capture_key,
    seen.captured_at as valid_from,
    true as is_current
from stg_words as words
join stg_observation as seen on seen.row_id = words.row_id and seen.is_several = words.is_several
join stg_fact as fact on fact.post_key = seen.post_key and fact.is_new
anti join stg_told as told on told.post_key = seen.post_key;

create or replace temp table stg_better as
select fact.*
from stg_fact as fact
join stg_known as known using (post_key)
where fact.post_key not in (select post_key from stg_told)
    and row(fact.account_id, fact.url, fact.media_type, fact.posted.posted_at, fact.posted.posted_precision,
        fact.posted.posted_source, fact.is_repost, fact.repost_of)
    is distinct from row(known.account_id, known.url, known.media_type, known.posted_at, known.posted_precision,
        known.posted_source, known.is_repost, known.repost_of);

update dim_post
set account_id = better.account_id, url = better.url, media_type = better.media_type,
    posted_at = better.posted.posted_at, posted_precision = better.posted.posted_precision,
    posted_source = better.posted.posted_source, is_repost = better.is_repost, repost_of = better.repost_of
from stg_better as better
where dim_post.post_key = better.post_key;
