-- Accounts, by pseudonym
-- Grain: one row per account.

select
    account.account,
    pseudonym('institution', lower(accounts.institution)) as institution,
    accounts.platform,
    accounts.level,
    accounts.scope,
    accounts.run_by
from accounts
join shared_account as account using (account_key)
