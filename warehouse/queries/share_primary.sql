-- How large a share of the posts has each code as its one primary code?
-- Grain: one row per group (variable `by_names`) and code. Shares of a group add up to 1.

select
    any_value(groups) as groups,
    code,
    cast(sum(n_posts) as bigint) as n_posts,
    cast(sum(n_primary) as bigint) as n_carrying,
    count(*) as n_institutions,
    sum(n_primary) / sum(n_posts) as share,
    list({member: cluster_number, over: n_primary, under: n_posts}) as clusters
from asked_cells
group by group_number, code
order by groups, share desc, code;
