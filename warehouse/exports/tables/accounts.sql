-- Accounts as they are now, those outside the register included
-- Grain: one row per account.

select
    cast(account_key as varchar) as account_key,
    platform,
    account,
    account_id,
    institution,
    level,
    scope,
    programme,
    run_by,
    name,
    url,
    description,
    website,
    is_private,
    is_verified
from accounts
