-- What stays, where more is to say than that rows of what goes are left out?
-- Grain: that of the table of that name.

create or replace temp view kept_dim_capture as
select * from dim_capture anti join gone_capture using (capture_key);

create or replace temp view kept_dim_institution as
select *
from dim_institution
where institution_key in (select institution_key from dim_account anti join gone_account using (account_key))
    or institution_key not in (
        select institution_key from dim_account semi join gone_account using (account_key)
        where institution_key is not null);

create or replace temp view kept_dim_language as
select *
from dim_language
where text_hash in (
    select speech_hash(title_hash, text_hash, transcript_hash) from dim_post anti join gone_post using (post_key));

-- Posts that stay and were also shown by a feed that goes are counted again.
create or replace temp view gone_recount as
select distinct post_key
from fact_post_snapshot
semi join gone_feed using (feed_key)
anti join gone_post using (post_key);

create or replace temp view gone_recount_snapshot as
select * from fact_post_snapshot semi join gone_recount using (post_key) anti join gone_feed using (feed_key);

create or replace temp view kept_fact_post_latest as
select * from fact_post_latest anti join gone_recount using (post_key) anti join gone_post using (post_key)
union all by name
select * from latest_of('gone_recount_snapshot');

create or replace temp view kept_fact_outcome as
select * replace (
    case when not is_named(final_url) then final_url end as final_url,
    case when is_named(sign) then '(forgotten)' else sign end as sign)
from fact_outcome
where feed_key not in (select feed_key from gone_feed) and account_key not in (select account_key from gone_account);

create or replace temp view kept_fact_parse_error as
select *
from fact_parse_error
where feed_key not in (select feed_key from gone_feed)
    and not is_named(place) and not is_named(problem);

-- Feeds that were rewritten are known as they are now, so that no load takes them for news.
create or replace temp view kept_meta_file as
select * replace (coalesce(getvariable('rewritten')[sha256], sha256) as sha256)
from meta_file
where feed_key not in (select feed_key from gone_feed);
