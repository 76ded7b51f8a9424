-- How large is the share of the average institution, however much it posts?
-- Grain: one row per group (variable `by_names`) and code.

select
    any_value(groups) as groups,
    code,
    cast(sum(n_posts) as bigint) as n_posts,
    cast(sum(n_carrying) as bigint) as n_carrying,
    count(*) as n_institutions,
    avg(n_carrying / n_posts) as share,
    list({member: cluster_number, over: n_carrying, under: n_posts}) as clusters
from asked_cells
group by group_number, code
order by groups, round(share, 12) desc, code;
