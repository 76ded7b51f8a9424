-- What did the latest visit to each account bring: new posts, edited ones, vanished ones?
-- Grain: one row per account with a visit. Vanished: known before, and a complete visit that reached as far did not see
-- it: as the crawler told, or, of visits that list the whole window, as the dates tell.

with visit as (
    select *
    from asked_accounts
    where outcome is not null
),

before as (
    select fact_outcome.account_key, arg_max(fact_outcome.outcome, fact_outcome.started_at) as outcome_before
    from fact_outcome
    join visit using (account_key)
    where fact_outcome.started_at < visit.started_at
    group by fact_outcome.account_key
),

post as (
    select
        visit.account_key,
        count(*) as n_posts,
        count(*) filter (where post.first_captured_at >= visit.started_at) as n_new,
        count(*) filter (
            where post.edited_at >= visit.started_at and post.first_captured_at < visit.started_at
        ) as n_edited,
        count(*) filter (where post.vanished_at >= visit.started_at) as n_vanished
    from visit
    join mart_post as post on post.account_key = visit.account_key and not post.is_repost
    group by visit.account_key
)

select
    visit.institution,
    visit.level,
    visit.platform,
    visit.account,
    visit.started_at,
    before.outcome_before,
    visit.outcome,
    coalesce(post.n_posts, 0) as n_posts,
    coalesce(post.n_new, 0) as n_new,
    coalesce(post.n_edited, 0) as n_edited,
    coalesce(post.n_vanished, 0) as n_vanished
from visit
left join before using (account_key)
left join post using (account_key)
order by visit.level, visit.institution, visit.platform, visit.account;
