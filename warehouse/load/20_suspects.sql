-- In which of these feeds is something wrong?
-- Grain: one row per feed that problems.sql has to look into; it says what, line by line.

with said as (
    select
        filename,
        bool_or(
            record is null
            or (record = 'outcome' and (started_at is null or outcome is null or outcome not in (
                'complete', 'partial', 'empty', 'blocked', 'rate_limited', 'challenged', 'private', 'not_found',
                'region_locked', 'parser_broken', 'over_budget', 'skipped')))
            or (record = 'crawl' and (crawl_id is null or account is null
                or coalesce(platform, '') not in ('instagram', 'tiktok', 'youtube', 'linkedin')))
            or (record = 'account' and (capture_id is null or captured_at is null))
            or not is_moment_text(captured_at) or not is_moment_text(started_at) or not is_moment_text(ended_at)
            or not is_moment_text(last_seen_at) or not is_moment_text(window_since)
            or not is_moment_text(window_until)
            or not is_moment_text(oldest_posted_at) or not is_moment_text(newest_posted_at)
            or not is_count_text(followers_count) or not is_count_text(following_count)
            or not is_count_text(posts_count) or not is_count_text(posts_collected)
            or not is_count_text(posts_reported) or not is_count_text(errors_count)
            or not is_integer_text(parser_version) or not is_integer_text(status)
            or not is_flag_text(is_private) or not is_flag_text(is_verified)
        ) as is_wrong,
        array_agg(row_id) filter (where record = 'crawl') as crawls,
        array_agg(row_id) filter (where record = 'outcome') as outcomes
    from stg_said
    group by filename
),

feed as (
    select filename, min(rowid) as first_row, max(rowid) as last_row, bool_and(is_sound) as is_sound
    from stg_line
    group by filename
)

select asked.filename
from (select unnest(getvariable('feeds')) as filename) as asked
left join said using (filename)
left join feed using (filename)
where (not said.is_wrong and feed.is_sound and said.crawls = [feed.first_row] and said.outcomes = [feed.last_row])
    is not true
order by asked.filename;
