-- How did the latest visits end?
-- Grain: one row per group (variable `by_names`) and outcome.

select
    account_groups as groups,
    coalesce(outcome, 'never_visited') as outcome,
    count(*) as n_accounts,
    count(*) / sum(count(*)) over (partition by account_groups) as share
from asked_accounts
group by account_groups, coalesce(outcome, 'never_visited')
order by groups, n_accounts desc, outcome;
