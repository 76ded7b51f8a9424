-- A post without a date says so, and no date is later than the capture that showed it.
select post_key, posted_at, posted_precision, valid_from
from dim_post
where (posted_at is null) <> (posted_precision = 'unknown')
    or (posted_precision in ('second', 'minute') and posted_at > valid_from + interval 1 day)
limit 1000;
