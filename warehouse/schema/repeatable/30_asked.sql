-- What does a question ask about? Views that read the session's variables, so every query shares one meaning.
-- Variables, all optional: by_names (list of names to group by), since and until (days in the Netherlands, both included),
-- keep (map from a name to the values to keep), dimension ('theme'), code, coder ('rules'), codebook_version (the coder's last),
-- coverage ('complete' or 'all').

create or replace macro asked_by(name) as
    list_contains(coalesce(cast(getvariable('by_names') as varchar[]), []), name);

create or replace macro is_kept(name, value) as
    (cast(getvariable('keep') as map(varchar, varchar[])))[name] is null
    or coalesce(list_contains((cast(getvariable('keep') as map(varchar, varchar[])))[name], value), false);

create or replace macro asked_period() as
    nullif(regexp_extract(cast(getvariable('by_names') as varchar), '\b(week|month|quarter|year)\b'), '');

create or replace macro period_name(starts_at) as
    case asked_period()
        when 'week' then strftime(starts_at, '%G-W%V')
        when 'month' then strftime(starts_at, '%Y-%m')
        when 'quarter' then concat(year(starts_at), '-Q', quarter(starts_at))
        else strftime(starts_at, '%Y')
    end;

-- Periods are those of the calendar in the Netherlands. A date may be too vague for the period asked for: then it has none.
create or replace macro period_of(posted_local, posted_precision) as
    case when asked_period() is not null and posted_precision not in (
        case asked_period() when 'week' then 'month' else 'unknown' end,
        case asked_period() when 'year' then 'unknown' else 'year' end,
        'unknown'
    ) then date_trunc(asked_period(), posted_local) end;

create or replace macro is_within(posted_local) as
    (cast(getvariable('since') as date) is null or posted_local >= cast(getvariable('since') as date))
    and (cast(getvariable('until') as date) is null
        or posted_local < cast(getvariable('until') as date) + interval 1 day);

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

-- Whether a name is asked for that is a matter of the post: what is the same for all is not to be gathered by.
create or replace macro asked_of_posts() as coalesce(regexp_matches(cast(getvariable('by_names') as varchar),
    '\b(week|month|quarter|year|media_type|language|sector|audience|standing)\b'), false);

-- Whether a name among those is asked for that is told of the post itself, beside its date.
create or replace macro asked_of_looks() as asked_by('media_type') or asked_by('language');

-- Whether a column is to be gathered by: those that are null for all posts, because nobody asked for them, cost as much
-- as others.
create or replace macro is_told(name) as case name
    when 'period' then asked_period() is not null
    when 'sector_set' then asked_by('sector') or asked_by('standing')
    when 'audience_set' then asked_by('audience')
    when 'media_type' then asked_by(name)
    when 'language' then asked_by(name)
    when 'sector' then asked_by(name)
    when 'audience' then asked_by(name)
    when 'standing' then asked_by(name)
    else true
end;

-- What tells groups of the same accounts apart, as one number: to gather and to join by six columns that may be null is slow.
create or replace macro part_key_of(
    period, media_type, language, sector := null, audience := null, standing := null
) as case when asked_of_posts() then hash(period, media_type, language, sector, audience, standing) else 0 end;

-- Grain: one row per account that the question is about. `why_left_out` says why its posts are not counted; `cluster` is
-- its institution, which intervals draw, and `cluster_number` that as a number.
-- `account_groups`: its place in each name of `by_names`, null where that is a matter of the post.
create or replace view asked_accounts as
with account as (
    select accounts.*, visit.outcome, visit.sign, visit.started_at, visit.window_since, visit.oldest_posted_at
    from accounts
    left join latest_outcomes as visit on visit.account_key = accounts.account_key
),

asked as (
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
        and is_kept('level', coalesce(level, 'unknown')) and is_kept('platform', platform)
        and is_kept('institution', coalesce(institution, 'unknown')) and is_kept('account', account)
        and is_kept('region', coalesce(region, 'unknown')) and is_kept('place', coalesce(place, 'unknown'))
        and is_kept('type', coalesce(type, 'unknown')) and is_kept('scope', coalesce(scope, 'unknown'))
        and is_kept('programme', coalesce(programme, 'none')) and is_kept('run_by', coalesce(run_by, 'unknown'))
)

select
    *,
    dense_rank() over (order by cluster) as cluster_number,
    dense_rank() over (order by account_groups) as accounts_key,
    dense_rank() over (order by account_groups, cluster) as cluster_key
from asked;

-- Grain: one row per institution and group of accounts: posts are counted in those first.
create or replace view asked_clusters as
select distinct cluster_key, cluster, cluster_number, accounts_key, account_groups from asked_accounts;

-- Grain: one row per own post, as it reads now, within the window, of whatever account.
create or replace view asked_own as
select
    post_key,
    version,
    account_key,
    period_of(posted_local, posted_precision) as period,
    case when asked_by('media_type') then coalesce(media_type, 'unknown') end as media_type,
    case when asked_by('language') then coalesce(language, 'unknown') end as language,
    posted_at,
    posted_local,
    posted_precision,
    first_captured_at,
    last_captured_at,
    like_count,
    comment_count,
    interactions
from mart_post
where not is_repost
    and is_within(posted_local)
    and is_kept('media_type', coalesce(mart_post.media_type, 'unknown'))
    and is_kept('language', coalesce(mart_post.language, 'unknown'));

-- Grain: one row per post counted: own, as it reads now, of an account that is not left out, within the window.
create or replace view asked_posts as
select own.*, account.level, account.cluster_key, account.accounts_key
from asked_own as own
join asked_accounts as account on account.account_key = own.account_key and account.why_left_out is null;

-- Grain: one row per post version, dimension and code, by the coder asked for.
create or replace view asked_codings as
select coding.post_key, coding.version, coding.dimension, coding.code, coding.is_primary
from fact_coding as coding
where coding.coder = asked_coder()
    and coding.codebook_version = asked_codebook();

-- Grain: one row per post that the coder asked for coded, within the window, of whatever account and sector.
-- `code_set`: its codes of the dimension asked for, the others those of the other dimensions; dim_code_set says which
-- codes each set has.
create or replace view asked_coded_all as
select
    coding.post_key,
    coding.version,
    coding.account_key,
    period_of(coding.posted_local, coding.posted_precision) as period,
    case when asked_by('media_type') then coalesce(coding.media_type, 'unknown') end as media_type,
    case when asked_by('language') then coalesce(coding.language, 'unknown') end as language,
    coding.posted_local,
    coding.posted_precision,
    coding.interactions,
    case asked_dimension() when 'theme' then coding.theme_set when 'labour' then coding.labour_set
        when 'sector' then coding.sector_set when 'audience' then coding.audience_set end as code_set,
    coding.theme_set,
    coding.labour_set,
    coding.sector_set,
    coding.audience_set
from mart_coding as coding
where coding.coder = asked_coder()
    and coding.codebook_version = asked_codebook()
    and is_within(coding.posted_local)
    and is_kept('media_type', coalesce(coding.media_type, 'unknown'))
    and is_kept('language', coalesce(coding.language, 'unknown'));

create or replace macro codes_or_none(codes) as case when codes = [] then ['none'] else codes end;

-- Grain: the same, of the sectors and audiences that are kept; 'none' keeps posts without.
create or replace view asked_coded_kept as
select *
from asked_coded_all
where sector_set in (
    select code_set from dim_code_set
    where is_kept('sector', null)
        or list_bool_or(list_transform(codes_or_none(codes), lambda code: is_kept('sector', code))))
    and audience_set in (
        select code_set from dim_code_set
        where is_kept('audience', null)
            or list_bool_or(list_transform(codes_or_none(codes), lambda code: is_kept('audience', code))));

-- Grain: the same, of the sectors and audiences asked about, which are mostly all: then nothing looks for those kept.
create or replace view asked_coded as
select *
from query_table(case when is_kept('sector', null) and is_kept('audience', null) then 'asked_coded_all'
    else 'asked_coded_kept' end);

-- Grain: one row per post counted that the coder asked for coded.
create or replace view asked_units as
select coded.*, account.level, account.cluster_key, account.cluster_number, account.accounts_key
from asked_coded as coded
join asked_accounts as account on account.account_key = coded.account_key and account.why_left_out is null;

-- Grain: one row per set and code; one with code null for a set without codes.
create or replace view asked_sets as
select
    code_set,
    dimension,
    coalesce(code = primary_code, false) as is_primary,
    code
from (
    select code_set, dimension, primary_code, unnest(case when codes = [] then [null] else codes end) as code
    from dim_code_set
);

-- Grain: one row per set of codes and sector among them that is asked for, none where it has no sector; nothing where the
-- question is not grouped by sector.
create or replace view asked_sectors as
select code_set, coalesce(code, 'none') as sector
from asked_sets
where dimension = 'sector' and asked_by('sector') and is_kept('sector', coalesce(code, 'none'));

-- Grain: the same for audiences.
create or replace view asked_audiences as
select code_set, coalesce(code, 'none') as audience
from asked_sets
where dimension = 'audience' and asked_by('audience') and is_kept('audience', coalesce(code, 'none'));

-- Grain: one row per set and code of the dimension asked for, and one with code null, number 0, per set, for all its posts;
-- a code that is asked for is there even if no set has it. Numbers are quicker to gather and to join by.
create or replace view asked_told as
with told as (
    select code_set, code, is_primary
    from asked_sets
    where dimension = asked_dimension() and code is not null
        and coalesce(code = cast(getvariable('code') as varchar), true)
    union all
    select code_set, null, false from dim_code_set where dimension = asked_dimension()
    union all
    select null, cast(getvariable('code') as varchar), false where getvariable('code') is not null
)

select *, cast(dense_rank() over (order by code nulls first) - 1 as integer) as code_number from told;
