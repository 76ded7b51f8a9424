-- Do posts about promising sectors carry each code more often than posts about less promising ones?
-- Grain: one row per group (variable `by_names`, which ends in 'standing') and code. A post about both kinds counts in both.

with cluster as (
    select
        groups[:-2] as groups,
        code,
        cluster_number,
        coalesce(sum(n_posts) filter (where groups[-1] = 'promising'), 0) as promising_posts,
        coalesce(sum(n_carrying) filter (where groups[-1] = 'promising'), 0) as promising_carrying,
        coalesce(sum(n_posts) filter (where groups[-1] = 'less_promising'), 0) as less_promising_posts,
        coalesce(sum(n_carrying) filter (where groups[-1] = 'less_promising'), 0) as less_promising_carrying
    from asked_cells
    where groups[-1] in ('promising', 'less_promising')
    group by groups[:-2], code, cluster_number
)

select
    groups,
    code,
    cast(sum(promising_posts) as bigint) as n_promising,
    cast(sum(less_promising_posts) as bigint) as n_less_promising,
    count(*) as n_institutions,
    sum(promising_carrying) / nullif(sum(promising_posts), 0) as share_promising,
    sum(less_promising_carrying) / nullif(sum(less_promising_posts), 0) as share_less_promising,
    share_promising - share_less_promising as gap,
    list({
        member: cluster_number, over: promising_carrying, under: promising_posts, over_2: less_promising_carrying,
        under_2: less_promising_posts
    }) as clusters
from cluster
group by groups, code
order by groups, gap desc, code;
