-- Do central accounts carry each code more often than the accounts of single programmes?
-- Grain: one row per group (variable `by_names`, which ends in 'scope') and code.

with cluster as (
    select
        groups[:-2] as groups,
        code,
        cluster_number,
        coalesce(sum(n_posts) filter (where groups[-1] = 'central'), 0) as central_posts,
        coalesce(sum(n_carrying) filter (where groups[-1] = 'central'), 0) as central_carrying,
        coalesce(sum(n_posts) filter (where groups[-1] = 'programme'), 0) as programme_posts,
        coalesce(sum(n_carrying) filter (where groups[-1] = 'programme'), 0) as programme_carrying
    from asked_cells
    where groups[-1] in ('central', 'programme')
    group by groups[:-2], code, cluster_number
)

select
    groups,
    code,
    cast(sum(central_posts) as bigint) as n_central,
    cast(sum(programme_posts) as bigint) as n_programme,
    count(*) as n_institutions,
    sum(central_carrying) / nullif(sum(central_posts), 0) as share_central,
    sum(programme_carrying) / nullif(sum(programme_posts), 0) as share_programme,
    share_central - share_programme as gap,
    list({
        member: cluster_number, over: central_carrying, under: central_posts, over_2: programme_carrying,
        under_2: programme_posts
    }) as clusters
from cluster
group by groups, code
order by groups, gap desc, code;
