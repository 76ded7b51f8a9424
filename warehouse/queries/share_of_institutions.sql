-- How many institutions carried each code at least once, of those whose accounts were all seen completely?
-- Grain: one row per group (variable `by_names`) and code. Institutions without a post in the window count too.

with institution as (
    select cluster, account_groups
    from asked_accounts
    where institution is not null
    group by cluster, account_groups
    having bool_and(why_left_out is null)
),

seen as (
    select account_groups, count(*) as n_institutions
    from institution
    group by account_groups
),

-- What depends on the post (a month, a sector) is compared with all institutions of the group.
cell as (
    select groups, account_groups, code, n_posts, n_carrying
    from asked_cells
    semi join institution using (cluster, account_groups)
)

select
    cell.groups,
    cell.code,
    cast(sum(cell.n_posts) as bigint) as n_posts,
    cast(sum(cell.n_carrying) as bigint) as n_carrying,
    count(*) filter (where cell.n_carrying > 0) as n_institutions_carrying,
    any_value(seen.n_institutions) as n_institutions,
    n_institutions_carrying / any_value(seen.n_institutions) as share
from cell
join seen on seen.account_groups = cell.account_groups
group by cell.groups, cell.code
order by cell.groups, share desc, cell.code;
