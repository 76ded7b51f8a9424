-- Whose accounts are these, and what did they show of themselves?
-- Grain: dim_account, one row per account and version; fact_account_snapshot, one row per account and capture.

-- An account that was asked for but is not in the register gets a row without institution.
create or replace temp table stg_asked as
select
    header.feed_key,
    header.filename,
    header.turn,
    header.platform,
    header.account,
    handle_of(header.account) as alias,
    outcome.account_id,
    coalesce(known.account_key, key_of(header.platform || chr(31) || handle_of(header.account))) as account_key
from stg_header as header
join stg_said as outcome on outcome.filename = header.filename and outcome.record = 'outcome'
left join dim_account_alias as known
    on known.platform = header.platform and known.alias = handle_of(header.account);

-- What a visit teaches about names: the handle asked for, the id behind it, and the handle shown for that id.
create or replace temp table stg_alias as
with shown as (
    select asked.account_key, line.platform, line.account, line.account_id
    from stg_said as line
    join stg_asked as asked on asked.filename = line.filename and asked.platform = line.platform
    where line.record = 'account'
        and (handle_of(line.account) = asked.alias or line.account_id = asked.account_id)
),

names as (
    select platform, alias, account_key from stg_asked
    union all
    select platform, 'id:' || account_id, account_key from stg_asked where account_id is not null
    union all
    select platform, 'id:' || account_id, account_key from shown where account_id is not null
    union all
    select platform, handle_of(account), account_key from shown
)

select platform, alias, min(account_key) as account_key
from names
anti join dim_account_alias using (platform, alias)
group by platform, alias;

insert into dim_account_alias by name select * from stg_alias;

-- Authors who were not asked for are kept under their own name.
create or replace temp table stg_author as
with author as (
    select platform, account, account_id, min(captured_at) as captured_at
    from stg_line
    where record = 'post'
    group by platform, account, account_id
)

select
    author.platform,
    author.account,
    author.account_id,
    author.captured_at,
    coalesce(
        by_id.account_key, by_handle.account_key, key_of(author.platform || chr(31) || handle_of(author.account))
    ) as account_key,
    by_id.account_key is null and by_handle.account_key is null as is_new
from author
left join dim_account_alias as by_id
    on by_id.platform = author.platform and by_id.alias = 'id:' || author.account_id
left join dim_account_alias as by_handle
    on by_handle.platform = author.platform and by_handle.alias = handle_of(author.account);

insert into dim_account_alias by name
select distinct platform, handle_of(account) as alias, account_key from stg_author where is_new;

insert into dim_account by name
with newcomer as (
    select account_key, platform, account, account_id, captured_at as valid_from from stg_author where is_new
    union all
    select asked.account_key, asked.platform, asked.account, asked.account_id, cast(header.started_at as timestamptz)
    from stg_asked as asked
    join stg_header as header using (feed_key)
)

select
    account_key,
    1 as version,
    any_value(platform) as platform,
    arg_min(account, valid_from) as account,
    any_value(account_id) as account_id,
    coalesce(min(valid_from), getvariable('loaded_at')) as valid_from,
    true as is_current
from newcomer
anti join dim_account using (account_key)
group by account_key;

-- An id that turned out to be an account asked for takes its earlier posts along.
create or replace temp table stg_id as
select platform, alias[4:] as account_id, account_key from stg_alias where alias[:3] = 'id:';

create or replace temp table stg_moved as
select distinct dim_post.post_key, stg_id.account_key
from dim_post
join stg_id on stg_id.account_id = dim_post.account_id and stg_id.platform = dim_post.platform
where dim_post.account_key <> stg_id.account_key;

insert into meta_changed select post_key from stg_moved;

update dim_post
set account_key = stg_moved.account_key
from stg_moved
where stg_moved.post_key = dim_post.post_key;

create or replace temp table stg_profile as
select
    asked.account_key,
    asked.feed_key,
    key_of(line.capture_id) as capture_key,
    cast(line.captured_at as timestamptz) as captured_at,
    line.account_id,
    line.name,
    line.url,
    line.description,
    line.website,
    cast(line.is_private as boolean) as is_private,
    cast(line.is_verified as boolean) as is_verified,
    cast(line.followers_count as bigint) as followers_count,
    cast(line.following_count as bigint) as following_count,
    cast(line.posts_count as bigint) as posts_count
from stg_said as line
join stg_asked as asked on asked.filename = line.filename and asked.platform = line.platform
where line.record = 'account'
    and (handle_of(line.account) = asked.alias or line.account_id = asked.account_id)
qualify row_number() over (partition by asked.account_key, line.capture_id order by asked.turn + line.row_id desc) = 1;

insert into fact_account_snapshot by name
select account_key, capture_key, feed_key, captured_at, followers_count, following_count, posts_count
from stg_profile
anti join fact_account_snapshot using (account_key, capture_key);

-- History: what is not shown stays as known; a profile that says something else is a new version.
create or replace temp table stg_account_version as
with seen as (
    select account_key, captured_at as valid_from, account_id, name, url, description, website, is_private,
        is_verified, false as is_known
    from stg_profile
    union all
    select account_key, valid_from, account_id, name, url, description, website, is_private, is_verified, true
    from dim_account
    where is_current and account_key in (select account_key from stg_profile)
),

-- A row that shows nothing of the profile yet (the register's own) begins with the first profile.
told as (
    select * from seen
    where not is_known or coalesce(name, url, description, website) is not null
        or is_private is not null or is_verified is not null
),

-- What was captured before the current version began is kept as a snapshot, not as history.
in_time as (
    select told.*
    from told
    left join told as known on known.account_key = told.account_key and known.is_known
    where told.is_known or known.account_key is null or told.valid_from > known.valid_from
),

filled as (
    select
        account_key,
        valid_from,
        is_known,
        last_value(account_id ignore nulls) over history as account_id,
        last_value(name ignore nulls) over history as name,
        last_value(url ignore nulls) over history as url,
        last_value(description ignore nulls) over history as description,
        last_value(website ignore nulls) over history as website,
        last_value(is_private ignore nulls) over history as is_private,
        last_value(is_verified ignore nulls) over history as is_verified
    from in_time
    window history as (
        partition by account_key order by valid_from, is_known desc rows between unbounded preceding and current row
    )
)

select *
from filled
qualify row(name, url, description, website, is_private, is_verified) is distinct from lag(
    row(name, url, description, website, is_private, is_verified)
) over (partition by account_key order by valid_from, is_known desc);

create or replace temp table stg_account_register as
select account_key, version, platform, account, account_id, institution_key, scope, programme, run_by, valid_from,
    coalesce(name, url, description, website) is not null or is_private is not null or is_verified is not null
        as has_profile
from dim_account
where is_current and account_key in (select account_key from stg_account_version);

-- Only accounts whose history changes are written again.
delete from stg_account_version
where account_key in (
    select account_key from stg_account_version group by account_key having count(*) = count(*) filter (where is_known)
);

delete from dim_account
where is_current and account_key in (select account_key from stg_account_version);

insert into dim_account by name
select
    chain.account_key,
    register.version - 1 + row_number() over story as version,
    register.platform,
    register.account,
    coalesce(chain.account_id, register.account_id) as account_id,
    register.institution_key,
    register.scope,
    register.programme,
    register.run_by,
    chain.name,
    chain.url,
    chain.description,
    chain.website,
    chain.is_private,
    chain.is_verified,
    case when register.has_profile or row_number() over story > 1
        then chain.valid_from else least(chain.valid_from, register.valid_from) end as valid_from,
    lead(chain.valid_from) over story as valid_to,
    lead(chain.valid_from) over story is null as is_current
from stg_account_version as chain
join stg_account_register as register using (account_key)
window story as (partition by chain.account_key order by chain.valid_from, chain.is_known desc);

update dim_account
set account_id = stg_asked.account_id
from stg_asked
where dim_account.account_key = stg_asked.account_key
    and dim_account.account_id is null and stg_asked.account_id is not null;

insert into dim_feed by name
select
    header.feed_key,
    header.crawl_id,
    header.study,
    header.platform,
    header.account,
    asked.account_key,
    header.route,
    header.legal_ground,
    cast(header.started_at as timestamptz) as started_at,
    cast(header.window_since as timestamptz) as window_since,
    cast(header.window_until as timestamptz) as window_until,
    header.software,
    header.filename as file,
    header.sha256,
    getvariable('loaded_at') as loaded_at
from stg_header as header
join stg_asked as asked using (feed_key);

insert into meta_file by name
select sha256, filename as file, feed_key, getvariable('loaded_at') as loaded_at from stg_header;
