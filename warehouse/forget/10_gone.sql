-- What goes with an account or with posts?
-- Grain: gone_account, gone_feed, gone_post, gone_capture, one row per key.
-- Variables: platform, handle ('' for single posts), account_ids, post_ids, names, rewritten.

create or replace temp macro is_named(words) as getvariable('names') <> [] and coalesce(regexp_matches(
    words, '(^|[^\w.-])@?(' || array_to_string(list_transform(getvariable('names'), lambda name: regexp_escape(name)), '|')
    || ')($|[^\w-])', 'i'), false);

create or replace temp table gone_account as
select distinct account_key
from dim_account_alias
where platform = getvariable('platform') and getvariable('handle') <> ''
    and (alias = handle_of(getvariable('handle')) or list_contains(getvariable('account_ids'), alias[4:]) and alias[:3] = 'id:')
union
select account_key
from dim_account
where platform = getvariable('platform') and getvariable('handle') <> ''
    and (handle_of(account) = handle_of(getvariable('handle')) or list_contains(getvariable('account_ids'), account_id));

create or replace temp table gone_feed as
select feed_key from dim_feed semi join gone_account using (account_key);

-- Its own posts, those asked for, others' reposts of them, and posts that nothing but its own feeds showed.
create or replace temp table gone_post as
with own as (
    select post_key, post_id
    from dim_post
    where platform = getvariable('platform')
        and (account_key in (select account_key from gone_account)
            or list_contains(getvariable('post_ids'), post_id))
)

select post_key from own
union
select post_key
from dim_post
where platform = getvariable('platform') and repost_of in (select post_id from own)
union
select post_key
from fact_post_snapshot
group by post_key
having bool_and(feed_key in (select feed_key from gone_feed));

create or replace temp table gone_capture as
with of_gone as (
    select capture_key from fact_post_snapshot
    where post_key in (select post_key from gone_post) or feed_key in (select feed_key from gone_feed)
    union
    select capture_key from fact_account_snapshot where account_key in (select account_key from gone_account)
),

of_kept as (
    select capture_key from fact_post_snapshot
    where post_key not in (select post_key from gone_post) and feed_key not in (select feed_key from gone_feed)
    union
    select capture_key from fact_account_snapshot where account_key not in (select account_key from gone_account)
)

select capture_key from of_gone anti join of_kept using (capture_key);
