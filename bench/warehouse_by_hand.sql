-- SQL as an analyst would write it for one question, names and values filled in: what named queries are set against.
-- Each answers the queries named above it, by level and platform where that can be, on the same tables, without intervals.

-- queries: share_of_posts, mean_institution_share, share_of_institutions, said_minus_done
with
account as (
    select account.account_key, account.platform, account.account, institution.institution, institution.level,
        account.scope, visit.outcome
    from dim_account as account
    join dim_institution as institution using (institution_key)
    join (
        select account_key, arg_max(outcome, started_at) as outcome from fact_outcome group by account_key
    ) as visit using (account_key)
    where account.is_current and visit.outcome in ('complete', 'empty')
),
counted as (
    select account.institution, account.level, account.platform, account.scope, coding.theme_set, coding.sector_set,
        count(*) as posts
    from mart_coding as coding
    join account using (account_key)
    where coding.coder = 'rules' and coding.codebook_version = '1'
    group by all
),
of_institution as (
    select level, platform, institution, theme_set, sum(posts) as posts from counted group by all
),
total as (
    select level, platform, institution, sum(posts) as n_posts from counted group by all
),
carrying as (
    select level, platform, institution, code, sum(posts) as n_carrying
    from of_institution join (select code_set, unnest(codes) as code from dim_code_set) on code_set = theme_set
    group by all
)
select level, platform, code, sum(total.n_posts) as n_posts, sum(coalesce(n_carrying, 0)) as n_carrying,
    sum(coalesce(n_carrying, 0)) / sum(total.n_posts) as share, count(*) as n_institutions,
    avg(coalesce(n_carrying, 0) / total.n_posts) as mean_share, count(*) filter (where n_carrying > 0) as carrying
from total
join (select distinct code from carrying) on true
left join carrying using (level, platform, institution, code)
group by all order by all;

-- queries: share_primary
with
account as (
    select account.account_key, account.platform, account.account, institution.institution, institution.level,
        account.scope, visit.outcome
    from dim_account as account
    join dim_institution as institution using (institution_key)
    join (
        select account_key, arg_max(outcome, started_at) as outcome from fact_outcome group by account_key
    ) as visit using (account_key)
    where account.is_current and visit.outcome in ('complete', 'empty')
),
counted as (
    select account.institution, account.level, account.platform, account.scope, coding.theme_set, coding.sector_set,
        count(*) as posts
    from mart_coding as coding
    join account using (account_key)
    where coding.coder = 'rules' and coding.codebook_version = '1'
    group by all
),
of_institution as (
    select level, platform, institution, theme_set, sum(posts) as posts from counted group by all
),
total as (
    select level, platform, institution, sum(posts) as n_posts from counted group by all
),
carrying as (
    select level, platform, institution, code, sum(posts) as n_carrying
    from of_institution join (select code_set, unnest(codes) as code from dim_code_set) on code_set = theme_set
    group by all
)
        select level, platform, primary_code, sum(posts) as n_posts from counted
        join dim_code_set on code_set = theme_set group by all order by all;

-- queries: central_against_programme
with
account as (
    select account.account_key, account.platform, account.account, institution.institution, institution.level,
        account.scope, visit.outcome
    from dim_account as account
    join dim_institution as institution using (institution_key)
    join (
        select account_key, arg_max(outcome, started_at) as outcome from fact_outcome group by account_key
    ) as visit using (account_key)
    where account.is_current and visit.outcome in ('complete', 'empty')
),
counted as (
    select account.institution, account.level, account.platform, account.scope, coding.theme_set, coding.sector_set,
        count(*) as posts
    from mart_coding as coding
    join account using (account_key)
    where coding.coder = 'rules' and coding.codebook_version = '1'
    group by all
),
of_institution as (
    select level, platform, institution, theme_set, sum(posts) as posts from counted group by all
),
total as (
    select level, platform, institution, sum(posts) as n_posts from counted group by all
),
carrying as (
    select level, platform, institution, code, sum(posts) as n_carrying
    from of_institution join (select code_set, unnest(codes) as code from dim_code_set) on code_set = theme_set
    group by all
),
        scoped as (select level, platform, institution, scope, sum(posts) as n_posts from counted group by all)
        select counted.level, counted.platform, code,
            sum(posts) filter (where counted.scope = 'central') as central,
            sum(posts) filter (where counted.scope = 'programme') as programme
        from counted join (select code_set, unnest(codes) as code from dim_code_set) on code_set = theme_set group by all order by all;

-- queries: promising_gap
with
account as (
    select account.account_key, account.platform, account.account, institution.institution, institution.level,
        account.scope, visit.outcome
    from dim_account as account
    join dim_institution as institution using (institution_key)
    join (
        select account_key, arg_max(outcome, started_at) as outcome from fact_outcome group by account_key
    ) as visit using (account_key)
    where account.is_current and visit.outcome in ('complete', 'empty')
),
counted as (
    select account.institution, account.level, account.platform, account.scope, coding.theme_set, coding.sector_set,
        count(*) as posts
    from mart_coding as coding
    join account using (account_key)
    where coding.coder = 'rules' and coding.codebook_version = '1'
    group by all
),
of_institution as (
    select level, platform, institution, theme_set, sum(posts) as posts from counted group by all
),
total as (
    select level, platform, institution, sum(posts) as n_posts from counted group by all
),
carrying as (
    select level, platform, institution, code, sum(posts) as n_carrying
    from of_institution join (select code_set, unnest(codes) as code from dim_code_set) on code_set = theme_set
    group by all
),
        kind as (
            select distinct code_set as sector_set, level, standing
            from (select code_set, unnest(codes) as sector from dim_code_set where dimension = 'sector')
            join ref_promising_sector using (sector)
        )
        select level, platform, code, standing, sum(posts) as posts
        from counted join kind using (level, sector_set) join (select code_set, unnest(codes) as code from dim_code_set) on code_set = theme_set
        group by all order by all;

-- queries: co_occurrence
with
account as (
    select account.account_key, account.platform, account.account, institution.institution, institution.level,
        account.scope, visit.outcome
    from dim_account as account
    join dim_institution as institution using (institution_key)
    join (
        select account_key, arg_max(outcome, started_at) as outcome from fact_outcome group by account_key
    ) as visit using (account_key)
    where account.is_current and visit.outcome in ('complete', 'empty')
),
counted as (
    select account.institution, account.level, account.platform, account.scope, coding.theme_set, coding.sector_set,
        count(*) as posts
    from mart_coding as coding
    join account using (account_key)
    where coding.coder = 'rules' and coding.codebook_version = '1'
    group by all
),
of_institution as (
    select level, platform, institution, theme_set, sum(posts) as posts from counted group by all
),
total as (
    select level, platform, institution, sum(posts) as n_posts from counted group by all
),
carrying as (
    select level, platform, institution, code, sum(posts) as n_carrying
    from of_institution join (select code_set, unnest(codes) as code from dim_code_set) on code_set = theme_set
    group by all
),
        told as (select code_set, unnest(codes) as code from dim_code_set where dimension = 'theme')
        select level, platform, one.code, other.code as with_code, sum(posts) as n_both
        from of_institution join told as one on one.code_set = theme_set
        join told as other on other.code_set = theme_set and other.code <> one.code
        group by all order by all;

-- queries: labour_market_subcodes
with
account as (
    select account.account_key, account.platform, account.account, institution.institution, institution.level,
        account.scope, visit.outcome
    from dim_account as account
    join dim_institution as institution using (institution_key)
    join (
        select account_key, arg_max(outcome, started_at) as outcome from fact_outcome group by account_key
    ) as visit using (account_key)
    where account.is_current and visit.outcome in ('complete', 'empty')
)
        select level, platform, code, sum(posts) as n_carrying
        from (
            select account.level, account.platform, coding.labour_set, count(*) as posts
            from mart_coding as coding join account using (account_key)
            where coding.coder = 'rules' and coding.codebook_version = '1' and coding.theme_set in (
                select code_set from dim_code_set where dimension = 'theme' and 'labour_market' in codes)
            group by all
        ) join (select code_set, unnest(codes) as code from dim_code_set) on code_set = labour_set group by all order by all;

-- queries: relative_engagement
with
account as (
    select account.account_key, account.platform, account.account, institution.institution, institution.level,
        account.scope, visit.outcome
    from dim_account as account
    join dim_institution as institution using (institution_key)
    join (
        select account_key, arg_max(outcome, started_at) as outcome from fact_outcome group by account_key
    ) as visit using (account_key)
    where account.is_current and visit.outcome in ('complete', 'empty')
),
        usual as (
            select account_key, date_trunc('quarter', posted_local) as quarter, median(interactions) as usual
            from mart_post where not is_repost and interactions is not null
                and posted_precision not in ('unknown', 'year') group by all having median(interactions) > 0
        ),
        figure as (
            select account.level, account.platform, account.institution, coding.theme_set,
                round(coding.interactions / usual.usual, 2) as figure, count(*) as posts
            from mart_coding as coding join account using (account_key)
            join usual on usual.account_key = coding.account_key
                and usual.quarter = date_trunc('quarter', coding.posted_local)
            where coding.coder = 'rules' and coding.codebook_version = '1'
            group by all
        ),
        told as (select code_set, unnest(codes) as code from dim_code_set where dimension = 'theme'),
        cell as (
            select level, platform, institution, code, figure, sum(posts) as posts
            from figure join told on code_set = theme_set group by all
        ),
        ranked as (
            select *, sum(posts) over (partition by level, platform, code order by figure) as up_to,
                sum(posts) over (partition by level, platform, code) as n_posts
            from (select level, platform, code, figure, sum(posts) as posts from cell group by all)
        )
        select level, platform, code, any_value(n_posts) as n_posts, min(figure) filter (where up_to >= n_posts / 2) as middle
        from ranked group by all order by all;

-- queries: comment_rate
with
account as (
    select account.account_key, account.platform, account.account, institution.institution, institution.level,
        account.scope, visit.outcome
    from dim_account as account
    join dim_institution as institution using (institution_key)
    join (
        select account_key, arg_max(outcome, started_at) as outcome from fact_outcome group by account_key
    ) as visit using (account_key)
    where account.is_current and visit.outcome in ('complete', 'empty')
)
        select level, platform, count(*) as n_posts, count(*) filter (where comment_count > 0) as commented,
            median(comment_count) as median_comments, sum(comment_count) / sum(like_count) as rate,
            count(distinct institution) as n_institutions
        from mart_post join account using (account_key)
        where not is_repost and comment_count is not null group by all order by all;

-- queries: posting_rhythm
with
account as (
    select account.account_key, account.platform, account.account, institution.institution, institution.level,
        account.scope, visit.outcome
    from dim_account as account
    join dim_institution as institution using (institution_key)
    join (
        select account_key, arg_max(outcome, started_at) as outcome from fact_outcome group by account_key
    ) as visit using (account_key)
    where account.is_current and visit.outcome in ('complete', 'empty')
)
        select level, platform, month(posted_local) as month, isodow(posted_local) as weekday,
            hour(posted_local) as hour, count(*) as posts
        from mart_post join account using (account_key)
        where not is_repost and posted_precision in ('second', 'minute', 'hour') group by all order by all;

-- queries: posting_rate
with
account as (
    select account.account_key, account.platform, account.account, institution.institution, institution.level,
        account.scope, visit.outcome
    from dim_account as account
    join dim_institution as institution using (institution_key)
    join (
        select account_key, arg_max(outcome, started_at) as outcome from fact_outcome group by account_key
    ) as visit using (account_key)
    where account.is_current and visit.outcome in ('complete', 'empty')
),
        rate as (
            select level, platform, account_key, count(*) as posts,
                (max(epoch_us(posted_at)) - min(epoch_us(posted_at))) / 604800000000 as weeks
            from mart_post join account using (account_key) where not is_repost and posted_precision not in ('year', 'month')
            group by all
        )
        select level, platform, sum(posts), median((posts - 1) / weeks) from rate group by all order by all;

-- queries: counted
with
account as (
    select account.account_key, account.platform, account.account, institution.institution, institution.level,
        account.scope, visit.outcome
    from dim_account as account
    join dim_institution as institution using (institution_key)
    join (
        select account_key, arg_max(outcome, started_at) as outcome from fact_outcome group by account_key
    ) as visit using (account_key)
    where account.is_current and visit.outcome in ('complete', 'empty')
)
        select count(*), min(posted_at), max(posted_at), (select count(*) from mart_coding), (select count(*) from mart_post)
        from mart_post join account using (account_key) where not is_repost;

-- queries: coverage
with
account as (
    select account.account_key, account.platform, account.account, institution.institution, institution.level,
        account.scope, visit.outcome
    from dim_account as account
    join dim_institution as institution using (institution_key)
    join (
        select account_key, arg_max(outcome, started_at) as outcome from fact_outcome group by account_key
    ) as visit using (account_key)
    where account.is_current and visit.outcome in ('complete', 'empty')
)
        select account.*, known.posts
        from account
        left join (
            select account_key, count(*) filter (where vanished_at is null) as posts from mart_post group by account_key
        ) as known using (account_key) order by institution;

-- queries: changes_since_last_crawl
with
account as (
    select account.account_key, account.platform, account.account, institution.institution, institution.level,
        account.scope, visit.outcome
    from dim_account as account
    join dim_institution as institution using (institution_key)
    join (
        select account_key, arg_max(outcome, started_at) as outcome from fact_outcome group by account_key
    ) as visit using (account_key)
    where account.is_current and visit.outcome in ('complete', 'empty')
),
        visit as (select account_key, max(started_at) as started_at from fact_outcome group by account_key)
        select account_key, count(*), count(*) filter (where first_captured_at >= visit.started_at),
            count(*) filter (where edited_at >= visit.started_at), count(*) filter (where vanished_at >= visit.started_at)
        from mart_post join visit using (account_key) join account using (account_key)
        where not is_repost group by account_key order by account_key;

-- queries: most_recent_posts
with
account as (
    select account.account_key, account.platform, account.account, institution.institution, institution.level,
        account.scope, visit.outcome
    from dim_account as account
    join dim_institution as institution using (institution_key)
    join (
        select account_key, arg_max(outcome, started_at) as outcome from fact_outcome group by account_key
    ) as visit using (account_key)
    where account.is_current and visit.outcome in ('complete', 'empty')
),
        newest as (
            select account.institution, coding.theme_set, arg_max(post_key, posted_local) as post_key,
                max(posted_local) as posted_local
            from mart_coding as coding join account using (account_key)
            where coder = 'rules' and codebook_version = '1' group by all
        ),
        latest as (
            select institution, code, arg_max(post_key, posted_local) as post_key
            from (select institution, post_key, posted_local, unnest(codes) as code
                from newest join dim_code_set on code_set = theme_set) group by all
        )
        select latest.institution, latest.code, post.platform, post.url, post.text
        from latest join dim_post as post on post.post_key = latest.post_key and post.is_current order by 1, 2;

-- queries: example_posts
with
account as (
    select account.account_key, account.platform, account.account, institution.institution, institution.level,
        account.scope, visit.outcome
    from dim_account as account
    join dim_institution as institution using (institution_key)
    join (
        select account_key, arg_max(outcome, started_at) as outcome from fact_outcome group by account_key
    ) as visit using (account_key)
    where account.is_current and visit.outcome in ('complete', 'empty')
),
        near as (
            select level, platform, institution, theme_set, min(post_key, 10) as keys
            from mart_coding as coding join account using (account_key)
            where coder = 'rules' and codebook_version = '1' group by all
        ),
        turn as (
            select *, row_number() over (partition by level, platform, institution, code order by post_key) as turn
            from (select level, platform, institution, unnest(keys) as post_key, code
                from near join (select code_set, unnest(codes) as code from dim_code_set) on code_set = theme_set)
        ),
        drawn as (
            select * from turn
            qualify row_number() over (partition by level, platform, code order by turn, post_key) <= 10
        )
        select drawn.*, post.text, coding.evidence
        from drawn join dim_post as post on post.post_key = drawn.post_key and post.is_current
        join fact_coding as coding on coding.post_key = drawn.post_key and coding.code = drawn.code
            and coding.coder = 'rules' and coding.codebook_version = '1' order by all;

-- queries: vanished_posts
select * from dim_post where post_key in (select post_key from mart_post where vanished_at is not null);

-- queries: coders
select coder, codebook_version, count(*) as n_posts
from fact_coding where dimension = 'theme' and is_primary group by all;

-- queries: crawls
select crawl_id, platform, count(*) from dim_feed group by all;

-- queries: left_out
select account, outcome from fact_outcome where outcome not in ('complete', 'empty');

-- queries: outcomes
with
account as (
    select account.account_key, account.platform, account.account, institution.institution, institution.level,
        account.scope, visit.outcome
    from dim_account as account
    join dim_institution as institution using (institution_key)
    join (
        select account_key, arg_max(outcome, started_at) as outcome from fact_outcome group by account_key
    ) as visit using (account_key)
    where account.is_current and visit.outcome in ('complete', 'empty')
) select level, platform, outcome, count(*) from account group by all;

-- queries: platform_presence
with
account as (
    select account.account_key, account.platform, account.account, institution.institution, institution.level,
        account.scope, visit.outcome
    from dim_account as account
    join dim_institution as institution using (institution_key)
    join (
        select account_key, arg_max(outcome, started_at) as outcome from fact_outcome group by account_key
    ) as visit using (account_key)
    where account.is_current and visit.outcome in ('complete', 'empty')
) select level, platform, count(distinct institution) from account group by all;

-- queries: survey
select * from ref_survey;
