-- What does an analyst look at? Plain names for what the tables know by now.
-- Grain: said at each view.

-- The latest visit to each account. Grain: one row per account that was ever visited. A person's import only adds posts:
-- it takes the place of no crawl that ended as complete or empty; and a crawl that asked nothing takes not that of an import.
create or replace view latest_outcomes as
with visit as (
    select
        *,
        crawl_id like 'import-%' as is_import,
        coalesce(max_by(outcome, (started_at, crawl_id)) filter (where crawl_id not like 'import-%') over account
            in ('complete', 'empty'), false) as crawl_is_complete,
        coalesce(max_by(crawl_id, (started_at, crawl_id)) filter (where outcome <> 'skipped') over account
            like 'import-%', false) as newest_is_import
    from fact_outcome
    window account as (partition by account_key)
)

select * exclude (is_import, crawl_is_complete, newest_is_import)
from visit
qualify row_number() over (
    partition by account_key
    order by
        (is_import and crawl_is_complete) or (outcome = 'skipped' and newest_is_import),
        started_at desc,
        crawl_id desc
) = 1;

-- Grain: one row per account, those outside the register included.
create or replace view accounts as
select
    account.account_key,
    account.platform,
    account.account,
    account.account_id,
    institution.institution,
    institution.level,
    institution.place,
    institution.region,
    institution.type,
    account.scope,
    account.programme,
    account.run_by,
    account.name,
    account.url,
    account.description,
    account.website,
    account.is_private,
    account.is_verified,
    account.version
from dim_account as account
left join dim_institution as institution using (institution_key)
where account.is_current;

-- Grain: one row per post, as it reads now. `is_own`: made, not only shared, by an account of the register.
create or replace view posts as
select
    post.post_key,
    post.platform,
    post.post_id,
    post.url,
    account.institution,
    account.level,
    account.region,
    account.type,
    account.account,
    account.scope,
    account.programme,
    account.run_by,
    post.media_type,
    post.title,
    post.text,
    post.alt_text,
    post.transcript,
    post.transcript_source,
    post.hashtags,
    post.mentions,
    post.coauthors,
    language.language,
    post.posted_at,
    post.posted_precision,
    post.posted_source,
    post.is_repost,
    post.repost_of,
    account.institution is not null and not post.is_repost as is_own,
    post.version,
    post.post_key in (select post_key from dim_post where change = 'edited') as is_edited,
    post.account_key
from dim_post as post
join accounts as account on account.account_key = post.account_key
left join dim_language as language
    on language.text_hash = speech_hash(post.title_hash, post.text_hash, post.transcript_hash)
where post.is_current;

-- Grain: one row per post and version of its words.
create or replace view post_history as
select
    post.platform,
    post.post_id,
    post.version,
    post.change,
    post.title,
    post.text,
    post.alt_text,
    post.transcript,
    post.transcript_source,
    post.valid_from,
    post.valid_to,
    post.is_current,
    capture.capture_id,
    capture.route,
    post.post_key
from dim_post as post
left join dim_capture as capture using (capture_key);

-- Grain: one row per post; each count as last shown, null where it never was.
create or replace view latest_counts as
select
    latest.post_key,
    post.platform,
    post.post_id,
    latest.like_count,
    latest.comment_count,
    latest.share_count,
    latest.view_count,
    latest.save_count,
    latest.is_pinned,
    latest.first_captured_at,
    latest.last_captured_at
from fact_post_latest as latest
join dim_post as post on post.post_key = latest.post_key and post.is_current;

-- Grain: one row per post, dimension, code, coder and version of the codebook, for the words as they read now.
create or replace view codings as
select
    post.platform,
    post.post_id,
    coding.dimension,
    coding.code,
    coding.is_primary,
    coding.score,
    coding.coder,
    coding.codebook_version,
    coding.evidence,
    coding.coded_at,
    coding.post_key,
    coding.version
from fact_coding as coding
join dim_post as post
    on post.post_key = coding.post_key and post.version = coding.version and post.is_current;

-- Grain: one row per account that was asked for: of the register, or visited. A visit that was complete covers the posts
-- known before it, whether or not it asked for them again.
create or replace view coverage as
with known as (
    select account_key, count(*) filter (where vanished_at is null) as posts
    from mart_post
    group by account_key
),

visit as (
    select
        latest_outcomes.*,
        outcome in ('complete', 'empty') as is_complete,
        case when outcome in ('complete', 'empty') then greatest(coalesce(posts_collected, 0), coalesce(known.posts, 0))
            else posts_collected end as posts_known
    from latest_outcomes
    left join known using (account_key)
)

select
    account.institution,
    account.level,
    account.platform,
    account.account,
    account.scope,
    coalesce(visit.outcome, 'never_visited') as outcome,
    coalesce(visit.is_complete, false) as is_complete,
    visit.sign,
    visit.posts_collected,
    visit.posts_known,
    visit.posts_reported,
    case when visit.posts_reported > 0 then least(visit.posts_known / visit.posts_reported, 1.0) end as coverage,
    visit.errors_count,
    visit.oldest_posted_at,
    visit.newest_posted_at,
    visit.window_since,
    visit.started_at,
    visit.crawl_id,
    visit.route,
    visit.legal_ground,
    account.account_key
from accounts as account
left join visit on visit.account_key = account.account_key
where account.institution is not null or visit.account_key is not null;
