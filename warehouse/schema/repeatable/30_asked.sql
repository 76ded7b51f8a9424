-- What does a question ask about? Views that read the session's variables, so every query shares one meaning.
-- Variables, all optional: by_names (list of names to group by), since and until (dates, both included), keep (map from a
-- name to the values to keep), dimension ('theme'), code, coder ('rules'), codebook_version (the coder's last),
-- coverage ('complete' or 'all').

create or replace macro asked_by(name) as
    list_contains(coalesce(cast(getvariable('by_names') as varchar[]), []), name);

create or replace macro is_kept(name, value) as
    (cast(getvariable('keep') as map(varchar, varchar[])))[name] is null
    or coalesce(list_contains((cast(getvariable('keep') as map(varchar, varchar[])))[name], value), false);

create or replace macro asked_period() as
    case when asked_by('week') then 'week' when asked_by('month') then 'month' when asked_by('quarter') then 'quarter'
        when asked_by('year') then 'year' end;

-- The same moment without its zone: several times faster to cut into months.
create or replace macro utc(moment) as make_timestamp(epoch_us(moment));

create or replace macro period_name(starts_at) as
    case asked_period()
        when 'week' then strftime(starts_at, '%G-W%V')
        when 'month' then strftime(starts_at, '%Y-%m')
        when 'quarter' then concat(year(starts_at), '-Q', quarter(starts_at))
        else strftime(starts_at, '%Y')
    end;

-- A date may be too vague for the period asked for: then it has none.
create or replace macro period_of(posted_at, posted_precision) as
    case
        when asked_period() is null then null
        when posted_precision in ('unknown') then null
        when asked_period() <> 'year' and posted_precision = 'year' then null
        when asked_period() = 'week' and posted_precision = 'month' then null
        else date_trunc(asked_period(), utc(posted_at))
    end;

create or replace macro asked_dimension() as coalesce(cast(getvariable('dimension') as varchar), 'theme');
create or replace macro asked_coder() as coalesce(cast(getvariable('coder') as varchar), 'rules');
create or replace macro asked_codebook() as coalesce(
    cast(getvariable('codebook_version') as varchar),
    (select arg_max(codebook_version, last_coded_at) from dim_coder where coder = asked_coder()));

-- The group's value for each name of `by_names`, in that order.
create or replace macro groups_of(
    account_groups, period, media_type, language, sector := null, audience := null, standing := null
) as
    list_transform(coalesce(cast(getvariable('by_names') as varchar[]), []), lambda name, place: case
        when name in ('week', 'month', 'quarter', 'year') then period_name(period)
        when name = 'media_type' then media_type
        when name = 'language' then language
        when name = 'sector' then sector
        when name = 'audience' then audience
        when name = 'standing' then standing
        else account_groups[place]
    end);

-- A fixed order that has nothing to do with time or platform.
create or replace macro hash_order(post_key) as md5_number_lower(cast(post_key as varchar));

-- Grain: one row per account that the question is about. `why_left_out` says why its posts are not counted.
-- `account_groups`: its place in each name of `by_names`, null where that is a matter of the post.
create or replace view asked_accounts as
with account as (
    select accounts.*, visit.outcome, visit.sign, visit.started_at, visit.window_since, visit.oldest_posted_at
    from accounts
    left join latest_outcomes as visit on visit.account_key = accounts.account_key
)

select
    account_key,
    platform,
    account,
    institution,
    level,
    region,
    place,
    type,
    scope,
    programme,
    run_by,
    outcome,
    sign,
    started_at,
    window_since,
    oldest_posted_at,
    coalesce(institution, platform || '/' || account) as cluster,
    case
        when coalesce(cast(getvariable('coverage') as varchar), 'complete') = 'all' then null
        when outcome is null then 'never visited'
        when outcome not in ('complete', 'empty') then outcome
    end as why_left_out,
    list_transform(coalesce(cast(getvariable('by_names') as varchar[]), []), lambda name: case name
        when 'level' then coalesce(level, 'unknown')
        when 'platform' then platform
        when 'institution' then coalesce(institution, 'unknown')
        when 'account' then account
        when 'region' then coalesce(region, 'unknown')
        when 'place' then coalesce(place, 'unknown')
        when 'type' then coalesce(type, 'unknown')
        when 'scope' then coalesce(scope, 'unknown')
        when 'programme' then coalesce(programme, 'none')
        when 'run_by' then coalesce(run_by, 'unknown')
    end) as account_groups
from account
where (institution is not null or len(coalesce(cast(getvariable('by_names') as varchar[]), [])) = 0)
    and (institution is not null or outcome is not null
        or coalesce(cast(getvariable('coverage') as varchar), 'complete') = 'all')
    and is_kept('level', level) and is_kept('platform', platform) and is_kept('institution', institution)
    and is_kept('account', account) and is_kept('region', region) and is_kept('place', place)
    and is_kept('type', type) and is_kept('scope', scope) and is_kept('programme', programme)
    and is_kept('run_by', run_by);

-- Joins that a question does not need cost seconds at ten million posts: a branch that is not asked for is left out
-- before anything runs.
create or replace macro asks_language() as asked_by('language') or not is_kept('language', null);
create or replace macro asks_more_codes() as
    asked_by('sector') or asked_by('audience') or asked_by('standing')
    or not is_kept('sector', null) or not is_kept('audience', null);

-- Grain: one row per post counted: own, as it reads now, of an account that is not left out, within the window.
create or replace view asked_posts as
with post as not materialized (
    select
        post.post_key,
        post.version,
        post.account_key,
        account.level,
        period_of(post.posted_at, post.posted_precision) as period,
        case when asked_by('media_type') then coalesce(post.media_type, 'unknown') end as media_type,
        post.posted_at,
        post.posted_precision,
        speech_hash(post.title_hash, post.text_hash, post.transcript_hash) as text_hash
    from dim_post as post
    join asked_accounts as account on account.account_key = post.account_key and account.why_left_out is null
    where post.is_current
        and not post.is_repost
        and (cast(getvariable('since') as date) is null or post.posted_at >= cast(getvariable('since') as date))
        and (cast(getvariable('until') as date) is null
            or post.posted_at < cast(getvariable('until') as date) + interval 1 day)
        and is_kept('media_type', post.media_type)
)

select post_key, version, account_key, level, period, media_type, cast(null as varchar) as language, posted_at,
    posted_precision
from post
where not asks_language()
union all
select post_key, version, account_key, level, period, media_type, coalesce(language.language, 'unknown'), posted_at,
    posted_precision
from post
left join dim_language as language using (text_hash)
where asks_language() and is_kept('language', language.language);

-- Grain: one row per post version, dimension and code, by the coder asked for.
create or replace view asked_codings as
select coding.post_key, coding.version, coding.dimension, coding.code, coding.is_primary
from fact_coding as coding
where coding.coder = asked_coder()
    and coding.codebook_version = asked_codebook();

-- Grain: one row per account, period, media type, language, sector, standing, audience, dimension and code.
-- `posts`: those that carry the code; `primary_posts`: those that have it as their one primary code. The primary
-- themes count the posts that were coded, so they are here whatever the dimension.
create or replace view asked_counts as
with coding as not materialized (
    select *
    from asked_codings
    where dimension = asked_dimension() or (dimension = 'theme' and is_primary)
),

-- A post about two kept sectors still counts once, unless they are told apart.
sector as (
    select distinct post_key, version, case when asked_by('sector') then code end as code, true as is_there
    from asked_codings
    where dimension = 'sector' and (asked_by('sector') or not is_kept('sector', null)) and is_kept('sector', code)
),

audience as (
    select distinct post_key, version, case when asked_by('audience') then code end as code, true as is_there
    from asked_codings
    where dimension = 'audience' and (asked_by('audience') or not is_kept('audience', null))
        and is_kept('audience', code)
),

-- What is promising depends on the level. A post about both kinds of sector is in both groups.
standing as (
    select distinct coding.post_key, coding.version, promising.level, promising.standing
    from asked_codings as coding
    join ref_promising_sector as promising on promising.sector = coding.code
    where coding.dimension = 'sector' and asked_by('standing')
)

select
    post.account_key,
    post.period,
    post.media_type,
    post.language,
    cast(null as varchar) as sector,
    cast(null as varchar) as audience,
    cast(null as varchar) as standing,
    coding.dimension,
    coding.code,
    count(*) as posts,
    count(*) filter (where coding.is_primary) as primary_posts
from coding
join asked_posts as post on post.post_key = coding.post_key and post.version = coding.version
where not asks_more_codes()
group by post.account_key, post.period, post.media_type, post.language, coding.dimension, coding.code
union all
select
    post.account_key,
    post.period,
    post.media_type,
    post.language,
    case when asked_by('sector') then coalesce(sector.code, 'none') end,
    case when asked_by('audience') then coalesce(audience.code, 'none') end,
    case when asked_by('standing') then coalesce(standing.standing, 'unclassified') end,
    coding.dimension,
    coding.code,
    count(*),
    count(*) filter (where coding.is_primary)
from coding
join asked_posts as post on post.post_key = coding.post_key and post.version = coding.version
left join sector on sector.post_key = coding.post_key and sector.version = coding.version
left join audience on audience.post_key = coding.post_key and audience.version = coding.version
left join standing
    on standing.post_key = coding.post_key and standing.version = coding.version and standing.level = post.level
where asks_more_codes()
    and (is_kept('sector', null) or sector.is_there)
    and (is_kept('audience', null) or audience.is_there)
group by all;

-- Grain: one row per institution (`cluster`), group and code, also where no post carries it.
-- `groups`: the group's value for each name of `by_names`, in that order.
create or replace view asked_cells as
with counted as (
    select
        account.cluster,
        account.account_groups,
        groups_of(account.account_groups, counts.period, counts.media_type, counts.language, sector := counts.sector,
            audience := counts.audience, standing := counts.standing) as groups,
        counts.dimension,
        counts.code,
        counts.posts,
        counts.primary_posts
    from asked_counts as counts
    join asked_accounts as account using (account_key)
    where asked_period() is null or counts.period is not null
),

unit as (
    select cluster, account_groups, groups, sum(primary_posts) as posts
    from counted
    where dimension = 'theme'
    group by all
),

code as (
    select distinct code from counted
    where dimension = asked_dimension() and cast(getvariable('code') as varchar) is null
    union
    select cast(getvariable('code') as varchar) where cast(getvariable('code') as varchar) is not null
),

carrying as (
    select cluster, groups, code, sum(posts) as posts, sum(primary_posts) as primary_posts
    from counted
    where dimension = asked_dimension()
    group by all
)

select
    unit.cluster,
    unit.account_groups,
    unit.groups,
    code.code,
    cast(unit.posts as bigint) as n_posts,
    cast(coalesce(carrying.posts, 0) as bigint) as n_carrying,
    cast(coalesce(carrying.primary_posts, 0) as bigint) as n_primary
from unit
cross join code
left join carrying
    on carrying.cluster = unit.cluster and carrying.groups = unit.groups and carrying.code = code.code;
