-- What do posts about labour-market prospects tell: salary, shortage, a career?
-- Grain: one row per group (variable `by_names`) and sub-code; n_posts are the group's posts that carry the theme.

with subject as (
    select post.post_key, post.version, post.account_key, post.period, post.media_type, post.language
    from asked_posts as post
    semi join (select * from asked_codings where dimension = 'theme' and code = 'labour_market') as coding
        using (post_key, version)
),

unit as (
    select
        account.cluster,
        groups_of(account.account_groups, subject.period, subject.media_type, subject.language) as groups,
        count(*) as posts
    from subject
    join asked_accounts as account using (account_key)
    where asked_period() is null or subject.period is not null
    group by all
),

carrying as (
    select
        account.cluster,
        groups_of(account.account_groups, subject.period, subject.media_type, subject.language) as groups,
        coding.code,
        count(*) as posts
    from subject
    join asked_codings as coding using (post_key, version)
    join asked_accounts as account using (account_key)
    where coding.dimension = 'labour' and (asked_period() is null or subject.period is not null)
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
