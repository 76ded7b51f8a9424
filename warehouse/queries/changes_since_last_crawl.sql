-- What did the latest visit to each account bring: new posts, edited ones, vanished ones?
-- Grain: one row per account with a visit. Vanished: seen before, within the reach of the latest visit (since its
-- window began or its oldest post), not seen by it; told only of visits that were complete.

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
        count(*) filter (where latest.first_captured_at >= visit.started_at) as n_new,
        count(*) filter (
            where post.change = 'edited' and post.valid_from >= visit.started_at
                and latest.first_captured_at < visit.started_at
        ) as n_edited,
        count(*) filter (
            where visit.outcome in ('complete', 'empty')
                and latest.last_captured_at < visit.started_at
                and post.posted_precision in ('second', 'minute', 'hour', 'day')
                and post.posted_at >= coalesce(visit.window_since, visit.oldest_posted_at, '2000-01-01 00:00:00+00')
        ) as n_vanished
    from visit
    join dim_post as post on post.account_key = visit.account_key and post.is_current and not post.is_repost
    join fact_post_latest as latest on latest.post_key = post.post_key
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
