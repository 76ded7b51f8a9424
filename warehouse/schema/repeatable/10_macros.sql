-- Which small rules do loading and asking share?
-- Grain: one macro per rule.

-- As schema/001_tables.sql has it, without the way through 128 characters that md5_number_lower goes: bits 65 to 127.
create or replace macro key_of(natural_key) as cast(md5_number(natural_key) >> 65 as bigint);

create or replace macro handle_of(account) as rtrim(ltrim(lower(trim(account)), '@'), '/');

-- Strict reading of what a feed says as text.
create or replace macro is_moment(words, moment) as words is null or coalesce(
    regexp_matches(words, '^\d{4}-\d\d-\d\d[T ]\d\d:\d\d.*(Z|[+-]\d\d:\d\d)$')
    and moment between timestamptz '2000-01-01 00:00:00+00' and timestamptz '2100-01-01 00:00:00+00', false);
create or replace macro is_moment_text(words) as is_moment(words, try_cast(words as timestamptz));
create or replace macro is_count_text(words) as
    words is null or coalesce(regexp_full_match(words, '\d{1,18}'), false);
create or replace macro is_integer_text(words) as
    is_count_text(words) and (words is null or try_cast(words as integer) is not null);
create or replace macro is_flag_text(words) as words is null or words in ('true', 'false');
create or replace macro unreadable_moment(field, words) as case when not is_moment_text(words) then
    {field: field, value: words, expected: 'a moment with a zone between 2000 and 2100, as 2026-11-22T01:02:03Z'} end;
create or replace macro unreadable_count(field, words) as case when not is_count_text(words) then
    {field: field, value: words, expected: 'a whole number or null'} end;
create or replace macro unreadable_integer(field, words) as case when not is_integer_text(words) then
    {field: field, value: words, expected: 'a whole number below 2147483648 or null'} end;
create or replace macro unreadable_flag(field, words) as case when not is_flag_text(words) then
    {field: field, value: words, expected: 'true, false or null'} end;

-- The more precise date wins; of two as precise, the one with the better source.
create or replace macro date_rank(precision_word, source_word) as
    cast(10 as bigint) * coalesce(list_position(
        ['unknown', 'year', 'month', 'week', 'day', 'hour', 'minute', 'second'], precision_word), 0)
    + case source_word when 'api' then 4 when 'page' then 4 when 'export' then 3 when 'id' then 2
        when 'relative' then 1 else 0 end;

-- What is known of each post after these snapshots: of several of one moment, the capture with the greatest key counts.
create or replace macro latest_of(snapshots) as table
select
    post_key,
    min(captured_at) as first_captured_at,
    max(captured_at) as last_captured_at,
    arg_max(like_count, row(captured_at, capture_key)) as like_count,
    arg_max(comment_count, row(captured_at, capture_key)) as comment_count,
    arg_max(share_count, row(captured_at, capture_key)) as share_count,
    arg_max(view_count, row(captured_at, capture_key)) as view_count,
    arg_max(save_count, row(captured_at, capture_key)) as save_count,
    arg_max(is_pinned, row(captured_at, capture_key)) as is_pinned
from query_table(snapshots)
group by post_key;

create or replace macro speech_hash(title_hash, text_hash, transcript_hash) as
    xor(xor(coalesce(title_hash, 0), coalesce(text_hash, 0)), coalesce(transcript_hash, 0));
