-- Which posts are new, and whose words changed?
-- Grain: dim_post, one row per post and version of its words; versions are numbered in the order they were learnt.

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
semi join stg_repeated using (post_key)
anti join stg_known using (post_key)
group by post_key
having count(*) > 1;

create or replace temp table stg_before as
select * from dim_post where post_key in (select post_key from stg_told);

-- What only the replaced reading said goes, and a post that nothing shows any more; one that another visit showed stays.
create or replace temp table stg_unsaid as
select post_key, capture_key
from stg_reread
where post_key in (select post_key from stg_sight)
union
select post_key, capture_key
from stg_before
where post_key in (select post_key from stg_reread)
    and post_key not in (select post_key from stg_sight)
    and post_key not in (
        select post_key from fact_post_snapshot where post_key in (select post_key from stg_reread));

create or replace temp table stg_chain as
with seen as (
    select post_key, capture_key, captured_at as valid_from, false as is_known, turn, title, text, alt_text, transcript,
        transcript_source, title_hash, text_hash, alt_text_hash, transcript_hash, hashtags, mentions, coauthors
    from stg_observation
    join stg_words using (row_id, is_several)
    where post_key in (select post_key from stg_told)
    union all
    select post_key, capture_key, valid_from, true, version, title, text, alt_text, transcript,
        transcript_source, title_hash, text_hash, alt_text_hash, transcript_hash, hashtags, mentions, coauthors
    from stg_before
    anti join stg_unsaid using (post_key, capture_key)
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
        case when transcript is not null then transcript_source end as transcript_source,
        last_value(title_hash ignore nulls) over story as title_hash,
        last_value(text_hash ignore nulls) over story as text_hash,
        last_value(alt_text_hash ignore nulls) over story as alt_text_hash,
        last_value(transcript_hash ignore nulls) over story as transcript_hash,
        last_value(hashtags ignore nulls) over story as hashtags,
        last_value(mentions ignore nulls) over story as mentions,
        last_value(coauthors ignore nulls) over story as coauthors
    from seen
    window story as (
        partition by post_key order by valid_from, is_known desc, turn rows between unbounded preceding and current row
    )
),

compared as (
    select * replace (max(transcript_source) over (partition by post_key, transcript_hash) as transcript_source),
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

before as (
    select post_key, version,
        row(coalesce(title_hash, 0), coalesce(text_hash, 0), coalesce(alt_text_hash, 0), coalesce(transcript_hash, 0))
            as words
    from stg_before
),

-- A version that says the same as before keeps its number, so codings stay with the words they are about.
numbered_before as (
    select *, row_number() over (partition by post_key, words order by version) as nth from before
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
    chain.transcript_source,
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
    words.transcript_source,
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
from stg_fact as fact
join stg_observation as seen using (post_key)
join stg_several_words as words using (row_id)
anti join stg_told using (post_key)
where fact.is_new;

insert into dim_post by name
select
    line.post_key,
    1 as version,
    line.platform,
    line.post_id,
    sight.account_key,
    line.account,
    line.account_id,
    line.url,
    line.media_type,
    line.title,
    line.text,
    line.alt_text,
    line.transcript,
    line.transcript_source,
    line.title_hash,
    line.text_hash,
    line.alt_text_hash,
    line.transcript_hash,
    case when len(line.hashtags) > 0 then line.hashtags end as hashtags,
    case when len(line.mentions) > 0 then line.mentions end as mentions,
    case when len(line.coauthors) > 0 then line.coauthors end as coauthors,
    line.posted_at,
    line.posted_precision,
    line.posted_source,
    line.is_repost,
    line.repost_of,
    'first' as change,
    sight.capture_key,
    line.captured_at as valid_from,
    true as is_current
from stg_line as line
join stg_sight as sight on sight.row_id = line.rowid
semi join stg_lone as lone on lone.row_id = line.rowid;

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

-- Who told what is said may be learnt later than the words; of two, a person.
update dim_post
set transcript_source = told.transcript_source
from (
    select line.post_key, line.transcript_hash, max(line.transcript_source) as transcript_source
    from stg_line as line
    join stg_sight as sight on sight.row_id = line.rowid
    where line.transcript_source is not null
    group by line.post_key, line.transcript_hash
) as told
where dim_post.post_key = told.post_key and dim_post.transcript_hash = told.transcript_hash
    and coalesce(dim_post.transcript_source, '') < told.transcript_source;
