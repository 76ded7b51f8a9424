-- What do posts about labour-market prospects tell: salary, shortage, a career?
-- Grain: one row per group (variable `by_names`) and sub-code; n_posts are the group's posts that carry the theme.

with subject as (
    select post.post_key, post.version, post.account_key, post.period, post.media_type, post.language
    from asked_posts as post
    semi join (select * from asked_codings where dimension = 'theme' and code = 'labour_market') as coding
        using (post_key, version)
),

unit_counts as (
    select account_key, period, media_type, language, count(*) as posts
    from subject
    where asked_period() is null or period is not null
    group by all
),

carrying_counts as (
    select subject.account_key, subject.period, subject.media_type, subject.language, coding.code, count(*) as posts
    from subject
    join asked_codings as coding using (post_key, version)
    where coding.dimension = 'labour' and (asked_period() is null or subject.period is not null)
    group by all
),

unit as (
    select
        account.cluster,
        groups_of(account.account_groups, counts.period, counts.media_type, counts.language) as groups,
        sum(counts.posts) as posts
    from unit_counts as counts
    join asked_accounts as account using (account_key)
    group by all
),

carrying as (
    select
        account.cluster,
        groups_of(account.account_groups, counts.period, counts.media_type, counts.language) as groups,
        counts.code,
        sum(counts.posts) as posts
    from carrying_counts as counts
    join asked_accounts as account using (account_key)
    group by all
),

code as (
    select distinct code from carrying
)

select
    unit.groups,
    code.code,
    cast(sum(unit.posts) as bigint) as n_posts,
    cast(sum(coalesce(carrying.posts, 0)) as bigint) as n_carrying,
    count(*) as n_institutions,
    sum(coalesce(carrying.posts, 0)) / sum(unit.posts) as share,
    list({over: coalesce(carrying.posts, 0), under: unit.posts} order by unit.cluster) as clusters
from unit
cross join code
left join carrying
    on carrying.cluster = unit.cluster and carrying.groups = unit.groups and carrying.code = code.code
group by unit.groups, code.code
order by unit.groups, share desc, code.code;
