-- What stays of accounts when that goes which a route showed of them before a moment?
-- Grain: that of the table of that name. Variables: platform, route, before; said_accounts, said_fields and said_values, three
-- lists that together have what profiles that stay still say.

create or replace temp table old_snapshot as
select snapshot.account_key, snapshot.capture_key
from fact_account_snapshot as snapshot
join dim_capture as capture using (capture_key)
where capture.platform = getvariable('platform')
    and capture.route = getvariable('route')
    and snapshot.captured_at < getvariable('before');

create or replace temp table said_profile as
with said as (
    select
        unnest(getvariable('said_accounts')) as account,
        unnest(getvariable('said_fields')) as field,
        unnest(getvariable('said_values')) as said
)

select distinct alias.account_key, said.field, said.said
from said
join dim_account_alias as alias
    on alias.platform = getvariable('platform')
    and alias.alias = case when said.account like 'id:%' then said.account else handle_of(said.account) end;

-- Counts of that route and time go; those that other routes or later visits showed stay.
create or replace temp view kept_fact_account_snapshot as
select * from fact_account_snapshot anti join old_snapshot using (account_key, capture_key);

-- A value stays as long as a profile that stays says it.
create or replace temp view kept_dim_account as
with told as (
    select account_key, field, list(said) as said from said_profile group by account_key, field
),

still as (
    select
        account_key,
        any_value(said) filter (where field = 'name') as names,
        any_value(said) filter (where field = 'url') as urls,
        any_value(said) filter (where field = 'description') as descriptions,
        any_value(said) filter (where field = 'website') as websites,
        any_value(said) filter (where field = 'is_private') as privates,
        any_value(said) filter (where field = 'is_verified') as verifieds
    from told
    group by account_key
)

select * from dim_account where account_key not in (select account_key from old_snapshot)
union all by name
select account.* replace (
    case when list_contains(still.names, account.name) then account.name end as name,
    case when list_contains(still.urls, account.url) then account.url end as url,
    case when list_contains(still.descriptions, account.description) then account.description end as description,
    case when list_contains(still.websites, account.website) then account.website end as website,
    case when list_contains(still.privates, cast(account.is_private as varchar)) then account.is_private end
        as is_private,
    case when list_contains(still.verifieds, cast(account.is_verified as varchar)) then account.is_verified end
        as is_verified)
from dim_account as account
left join still using (account_key)
where account.account_key in (select account_key from old_snapshot);
