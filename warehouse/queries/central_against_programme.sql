-- Do central accounts carry each code more often than the accounts of single programmes?
-- Grain: one row per group (variable `by_names`, which ends in 'scope') and code.

select
    groups,
    code,
    n_first as n_central,
    n_second as n_programme,
    n_institutions,
    share_first as share_central,
    share_second as share_programme,
    gap,
    clusters,
    carriers
from asked_gaps
order by groups, gap desc, code;
