-- Do posts about promising sectors carry each code more often than posts about less promising ones?
-- Grain: one row per group (variable `by_names`, which ends in 'standing') and code. A post about both kinds counts in both.

select
    groups,
    code,
    n_first as n_promising,
    n_second as n_less_promising,
    n_institutions,
    share_first as share_promising,
    share_second as share_less_promising,
    gap,
    clusters,
    carriers
from asked_gaps
order by groups, gap desc, code;
