-- Each account of the register belongs to an institution that is known.
select account_key, institution_key
from dim_account
where institution_key is not null and institution_key not in (select institution_key from dim_institution)
limit 1000;
