-- How large a share of the posts has each code as its one primary code?
-- Grain: one row per group (variable `by_names`) and code. Shares of a group add up to 1.

select
    groups,
    code,
    n_posts,
    n_primary as n_carrying,
    n_institutions,
    n_primary / n_posts as share,
    clusters,
    primaries as carriers
from asked_shares
order by groups, share desc, code;
