-- A handle or id of a platform leads to one account.
select platform, alias, count(*) as accounts
from dim_account_alias
group by platform, alias
having count(*) > 1
limit 1000;
