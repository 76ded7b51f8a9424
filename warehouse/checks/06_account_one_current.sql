-- Each account has exactly one current version.
select account_key, count(*) filter (where is_current) as current_versions
from dim_account
group by account_key
having count(*) filter (where is_current) <> 1
limit 1000;
