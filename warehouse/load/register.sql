-- Which accounts does the study ask for, and whose are they?
-- Grain: dim_institution, one row per institution; dim_account gets a row per new account. Facts of the register
-- are corrections, so they hold for every version of an account; an account no longer listed loses its institution.

create or replace temp table stg_register as
with listed as (
    select
        row_number() over () as row_id,
        nullif(trim(institution), '') as institution,
        nullif(trim(level), '') as level,
        nullif(trim(place), '') as place,
        nullif(trim(region), '') as region,
        nullif(trim(type), '') as type,
        nullif(trim(website), '') as website,
        nullif(trim(platform), '') as platform,
        nullif(trim(account), '') as account,
        nullif(trim(scope), '') as scope,
        nullif(trim(programme), '') as programme,
        nullif(trim(run_by), '') as run_by
    from register_rows
)

select
    listed.*,
    key_of(lower(listed.institution)) as institution_key,
    coalesce(known.account_key, key_of(listed.platform || chr(31) || handle_of(listed.account))) as account_key
from listed
left join dim_account_alias as known
    on known.platform = listed.platform and known.alias = handle_of(listed.account)
qualify row_number() over (partition by listed.platform, handle_of(listed.account) order by row_id) = 1;

delete from dim_institution;

insert into dim_institution by name
select distinct on (institution_key) institution_key, institution, level, place, region, type, website
from stg_register
order by institution_key, row_id;

insert into dim_account_alias by name
select distinct platform, alias, account_key
from (
    select platform, handle_of(account) as alias, account_key from stg_register
    union all
    select platform, 'id:' || account, account_key from stg_register
) as name
anti join dim_account_alias using (platform, alias);

insert into dim_account by name
select
    account_key,
    1 as version,
    platform,
    account,
    getvariable('loaded_at') as valid_from,
    true as is_current
from stg_register
anti join dim_account using (account_key);

update dim_account
set institution_key = null, scope = null, programme = null, run_by = null
where institution_key is not null and account_key not in (select account_key from stg_register);

update dim_account
set account = listed.account, institution_key = listed.institution_key, scope = listed.scope,
    programme = listed.programme, run_by = listed.run_by
from stg_register as listed
where dim_account.account_key = listed.account_key
    and row(dim_account.account, dim_account.institution_key, dim_account.scope, dim_account.programme,
        dim_account.run_by)
    is distinct from row(listed.account, listed.institution_key, listed.scope, listed.programme, listed.run_by);
