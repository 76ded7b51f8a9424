-- How many institutions carried each code at least once, of those whose accounts were all seen completely?
-- Grain: one row per group (variable `by_names`) and code. Institutions without a post in the window count too.

with institution as (
    select cluster_number, accounts_key
    from asked_accounts
    where institution is not null
    group by cluster_number, accounts_key
    having bool_and(why_left_out is null)
),

seen as (
    select accounts_key, count(*) as n_institutions
    from institution
    group by accounts_key
),

-- What depends on the post (a month, a sector) is compared with all institutions of the group.
cell as (
    select accounts_key, group_number, groups, code, n_posts, n_carrying
    from asked_cells
    semi join institution using (cluster_number, accounts_key)
)

select
    any_value(cell.groups) as groups,
    cell.code,
    cast(sum(cell.n_posts) as bigint) as n_posts,
    cast(sum(cell.n_carrying) as bigint) as n_carrying,
    count(*) filter (where cell.n_carrying > 0) as n_institutions_carrying,
    any_value(seen.n_institutions) as n_institutions,
    n_institutions_carrying / any_value(seen.n_institutions) as share
from cell
join seen on seen.accounts_key = cell.accounts_key
group by cell.group_number, cell.code
order by groups, share desc, cell.code;
