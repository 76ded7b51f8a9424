-- What do the figures stand on: how many posts, accounts and institutions count, and what does not?
-- Grain: one row.

with account as (
    select
        count(*) filter (where why_left_out is null) as n_accounts,
        count(*) filter (where why_left_out is not null) as n_accounts_left_out,
        count(distinct institution) filter (where why_left_out is null) as n_institutions
    from asked_accounts
),

post as (
    select
        count(*) as n_posts,
        count(*) filter (where posted_at is null) as n_posts_undated,
        min(posted_at) as oldest_posted_at,
        max(posted_at) as newest_posted_at
    from asked_posts
),

coded as (
    select count(*) as n_posts_coded
    from asked_units
),

kept as (
    select
        count(*) as n_posts_kept,
        count(*) filter (where post.is_repost) as n_reposts,
        count(*) filter (where not post.is_repost and account.institution_key is null) as n_posts_of_others
    from mart_post as post
    join dim_account as account on account.account_key = post.account_key and account.is_current
)

select * from post, coded, account, kept;
