-- Each post belongs to an account that is known.
select post_key, account_key
from dim_post
where account_key not in (select account_key from dim_account)
limit 1000;
