-- How large a share of the posts carries each code?
-- Grain: one row per group (variable `by_names`) and code. Shares need not add up to 1: a post may carry several codes.

select
    groups,
    code,
    cast(sum(n_posts) as bigint) as n_posts,
    cast(sum(n_carrying) as bigint) as n_carrying,
    count(*) as n_institutions,
    sum(n_carrying) / sum(n_posts) as share,
    list({cluster: cluster, over: n_carrying, under: n_posts} order by cluster) as clusters
from asked_cells
group by groups, code
order by groups, share desc, code;
