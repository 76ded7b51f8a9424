-- What is wrong with these feeds?
-- Grain: one row per feed of variable `suspects`, its first problem: file, line (null where the whole file is meant),
-- field, value, expected.

-- These few feeds are read once more, with every field as it stands there.
create or replace temp table stg_text as
select
    filename,
    unnest(json_transform(json, '{
        "record": "varchar", "crawl_id": "varchar", "platform": "varchar", "account": "varchar",
        "started_at": "varchar", "ended_at": "varchar", "window_since": "varchar", "window_until": "varchar",
        "capture_id": "varchar", "captured_at": "varchar", "parser_version": "varchar",
        "followers_count": "varchar", "following_count": "varchar", "posts_count": "varchar",
        "is_private": "varchar", "is_verified": "varchar",
        "post_id": "varchar", "posted_at": "varchar", "posted_precision": "varchar",
        "like_count": "varchar", "comment_count": "varchar", "share_count": "varchar", "view_count": "varchar",
        "save_count": "varchar", "is_pinned": "varchar", "is_repost": "varchar",
        "outcome": "varchar", "status": "varchar",
        "posts_collected": "varchar", "posts_reported": "varchar", "errors_count": "varchar",
        "oldest_posted_at": "varchar", "newest_posted_at": "varchar", "last_seen_at": "varchar"
    }'))
from read_ndjson_objects(
    getvariable('suspects'), compression = 'gzip', filename = true, maximum_object_size = 67108864);

with first_line as (
    select filename, min(rowid) as row_id from stg_text group by filename
),

last_line as (
    select filename, max(rowid) as row_id from stg_text group by filename
),

asked as (
    select unnest(getvariable('suspects')) as filename
),

frame as (  -- what a feed as a whole must have
    select asked.filename, cast(null as bigint) as row_id, 'the first line' as field,
        coalesce(line.record, 'nothing') as value, 'a record "crawl" with crawl_id, platform and account' as expected
    from asked
    left join first_line using (filename)
    left join stg_text as line on line.rowid = first_line.row_id
    where not coalesce(
        line.record = 'crawl' and line.crawl_id is not null and line.account is not null
        and line.platform in ('instagram', 'tiktok', 'youtube', 'linkedin'), false)
    union all
    select asked.filename, null, 'the last line', coalesce(line.record, 'nothing'),
        'a record "outcome"; the visit has not ended or the file is cut off'
    from asked
    left join last_line using (filename)
    left join stg_text as line on line.rowid = last_line.row_id
    where coalesce(line.record, '') <> 'outcome'
    union all
    select filename, null, 'records "crawl" and "outcome"', concat(
            count(*) filter (where record = 'crawl'), ' and ', count(*) filter (where record = 'outcome')),
        'one of each'
    from stg_text
    group by filename
    having count(*) filter (where record = 'crawl') > 1 or count(*) filter (where record = 'outcome') > 1
),

spelt_out as (
    select filename, rowid as row_id, unnest([
        case when record is null then {field: 'record', value: null, expected: 'the kind of record'} end,
        case when record = 'post' and coalesce(post_id, '') = '' then
            {field: 'post_id', value: post_id, expected: 'the id of the post'} end,
        case when record = 'post' and account is null then
            {field: 'account', value: account, expected: 'the account that made the post'} end,
        case when record = 'post' and coalesce(platform, '') not in ('instagram', 'tiktok', 'youtube', 'linkedin')
            then {field: 'platform', value: platform, expected: 'instagram, tiktok, youtube or linkedin'} end,
        case when record in ('post', 'account') and capture_id is null then
            {field: 'capture_id', value: capture_id, expected: 'the capture that shows it'} end,
        case when record in ('post', 'account') and captured_at is null then
            {field: 'captured_at', value: captured_at, expected: 'the moment of the capture'} end,
        case when record = 'outcome' and started_at is null then
            {field: 'started_at', value: started_at, expected: 'the moment at which the visit began'} end,
        case when record = 'outcome' then
            {field: 'outcome', value: outcome, expected: 'one of complete, partial, empty, blocked, rate_limited, '
                'challenged, private, not_found, region_locked, parser_broken, over_budget, skipped'} end,
        case when record = 'post' and coalesce(posted_precision, 'unknown') not in (
                'second', 'minute', 'hour', 'day', 'week', 'month', 'year', 'unknown') then
            {field: 'posted_precision', value: posted_precision,
             expected: 'second, minute, hour, day, week, month, year or unknown'} end,
        unreadable_moment('captured_at', captured_at), unreadable_moment('posted_at', posted_at),
        unreadable_moment('started_at', started_at), unreadable_moment('ended_at', ended_at),
        unreadable_moment('last_seen_at', last_seen_at),
        unreadable_moment('window_since', window_since), unreadable_moment('window_until', window_until),
        unreadable_moment('oldest_posted_at', oldest_posted_at),
        unreadable_moment('newest_posted_at', newest_posted_at),
        unreadable_count('like_count', like_count), unreadable_count('comment_count', comment_count),
        unreadable_count('share_count', share_count), unreadable_count('view_count', view_count),
        unreadable_count('save_count', save_count), unreadable_count('followers_count', followers_count),
        unreadable_count('following_count', following_count), unreadable_count('posts_count', posts_count),
        unreadable_count('posts_collected', posts_collected),
        unreadable_count('posts_reported', posts_reported), unreadable_count('errors_count', errors_count),
        unreadable_integer('parser_version', parser_version), unreadable_integer('status', status),
        unreadable_flag('is_pinned', is_pinned), unreadable_flag('is_repost', is_repost),
        unreadable_flag('is_private', is_private), unreadable_flag('is_verified', is_verified)
    ]) as finding
    from stg_text
),

lines as (
    select filename, row_id, finding.field, finding.value, finding.expected
    from spelt_out
    where finding is not null
        and not (finding.field = 'outcome' and coalesce(finding.value, '') in (
            'complete', 'partial', 'empty', 'blocked', 'rate_limited', 'challenged', 'private', 'not_found',
            'region_locked', 'parser_broken', 'over_budget', 'skipped'))
),

all_problems as (
    select * from frame
    union all
    select * from lines
)

select
    problem.filename as file,
    problem.row_id - first_line.row_id + 1 as line,
    problem.field,
    left(problem.value, 80) as value,
    problem.expected
from all_problems as problem
left join first_line using (filename)
qualify row_number() over (partition by problem.filename order by problem.row_id nulls last) = 1
order by file;
