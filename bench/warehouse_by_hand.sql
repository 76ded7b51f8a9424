-- SQL as an analyst would write it for one question, names and values filled in: what named queries are set against.
-- Each gives the rows of the query named above it, by level and platform where that can be, without intervals; a test holds
-- them equal. The views that come first spare repeating what DuckDB puts into every statement that names them.

create temp view account as
select
    account.account_key,
    account.platform,
    account.account,
    account.scope,
    institution.institution,
    institution.level
from dim_account as account
join dim_institution as institution using (institution_key)
join (
    select account_key, arg_max(outcome, started_at) as outcome from fact_outcome group by account_key
) as visit using (account_key)
where account.is_current and visit.outcome in ('complete', 'empty');

create temp view theme as
select code_set, primary_code, unnest(codes) as code from dim_code_set where dimension = 'theme';

create temp view theme_posts as
select account.level, account.platform, account.institution, account.scope, counted.theme_set, counted.posts
from (
    select account_key, theme_set, count(*) as posts
    from mart_coding
    where coder = 'rules' and codebook_version = '1'
    group by all
) as counted
join account using (account_key);

-- query: share_of_posts
with total as (
    select level, platform, sum(posts) as n_posts, count(distinct institution) as n_institutions
    from theme_posts group by all
),
carrying as (
    select level, platform, code, sum(posts) as n_carrying
    from theme_posts join theme on code_set = theme_set
    group by all
)
select level, platform, code, n_posts, n_carrying, n_institutions, n_carrying / n_posts as share
from total join carrying using (level, platform)
order by level, platform, share desc, code;

-- query: mean_institution_share
with total as (
    select level, platform, institution, sum(posts) as n_posts from theme_posts group by all
),
carrying as (
    select level, platform, institution, code, sum(posts) as n_carrying
    from theme_posts join theme on code_set = theme_set
    group by all
),
cell as (
    select total.*, code, coalesce(n_carrying, 0) as n_carrying
    from total
    cross join (select distinct code from carrying)
    left join carrying using (level, platform, institution, code)
)
select level, platform, code, sum(n_posts) as n_posts, sum(n_carrying) as n_carrying, count(*) as n_institutions,
    avg(n_carrying / n_posts) as share
from cell group by all
order by level, platform, share desc, code;

-- query: share_of_institutions
with seen as (
    select level, platform, count(distinct institution) as n_institutions from account group by all
),
total as (
    select level, platform, sum(posts) as n_posts from theme_posts group by all
),
carrying as (
    select level, platform, code, sum(posts) as n_carrying, count(distinct institution) as n_institutions_carrying
    from theme_posts join theme on code_set = theme_set
    group by all
)
select level, platform, code, n_posts, n_carrying, n_institutions_carrying, n_institutions,
    n_institutions_carrying / n_institutions as share
from seen join total using (level, platform) join carrying using (level, platform)
order by level, platform, share desc, code;

-- query: said_minus_done
with total as (
    select coalesce(level, 'all') as level, sum(posts) as n_posts, count(distinct institution) as n_institutions
    from theme_posts group by grouping sets ((level), ())
),
carrying as (
    select coalesce(level, 'all') as level, code, sum(posts) as n_carrying
    from theme_posts join theme on code_set = theme_set
    group by grouping sets ((level, code), (code))
),
survey as (
    select *, case when level in ('mbo', 'hbo') then level else 'all' end as measured_level,
        case unit when 'percent' then value / 100 else value / n end as said
    from ref_survey
    where unit in ('percent', 'answers') and (question like '%aims%' or question like '%good examples%')
)
select survey.source, survey.item, survey.question, survey.level, carrying.code, survey.n as n_said, survey.said,
    total.n_posts, carrying.n_carrying, total.n_institutions, n_carrying / n_posts as share,
    survey.said - share as said_minus_done
from survey
join total on total.level = survey.measured_level
join carrying on carrying.level = survey.measured_level and carrying.code = survey.answer;

-- query: share_primary
with total as (
    select level, platform, sum(posts) as n_posts, count(distinct institution) as n_institutions
    from theme_posts group by all
),
carrying as (
    select level, platform, primary_code as code, sum(posts) as n_carrying
    from theme_posts join dim_code_set on code_set = theme_set
    group by all
)
select level, platform, code, n_posts, n_carrying, n_institutions, n_carrying / n_posts as share
from total join carrying using (level, platform)
order by level, platform, share desc, code;

-- query: central_against_programme
with total as (
    select level, platform, count(distinct institution) as n_institutions,
        sum(posts) filter (where scope = 'central') as n_central,
        sum(posts) filter (where scope = 'programme') as n_programme
    from theme_posts group by all
),
carrying as (
    select level, platform, code, sum(posts) filter (where scope = 'central') as central,
        sum(posts) filter (where scope = 'programme') as programme
    from theme_posts join theme on code_set = theme_set
    group by all
)
select level, platform, code, n_central, n_programme, n_institutions, central / n_central as share_central,
    programme / n_programme as share_programme, share_central - share_programme as gap
from total join carrying using (level, platform)
order by level, platform, gap desc, code;

-- query: promising_gap
with counted as (
    select account_key, theme_set, sector_set, count(*) as posts
    from mart_coding
    where coder = 'rules' and codebook_version = '1'
    group by all
),
kind as (
    select code_set, level, bool_or(standing = 'promising') as is_promising,
        bool_or(standing = 'less_promising') as is_less_promising
    from (select code_set, unnest(codes) as sector from dim_code_set where dimension = 'sector')
    join ref_promising_sector using (sector)
    group by all
),
standing as (
    select account.level, account.platform, account.institution, counted.theme_set,
        coalesce(sum(posts) filter (where is_promising), 0) as promising,
        coalesce(sum(posts) filter (where is_less_promising), 0) as less_promising
    from counted
    join account using (account_key)
    join kind on kind.code_set = counted.sector_set and kind.level = account.level
    where is_promising or is_less_promising
    group by all
),
total as (
    select level, platform, sum(promising) as n_promising, sum(less_promising) as n_less_promising,
        count(distinct institution) as n_institutions
    from standing group by all
),
carrying as (
    select level, platform, code, sum(promising) as promising, sum(less_promising) as less_promising
    from standing join theme on code_set = theme_set
    group by all
)
select level, platform, code, n_promising, n_less_promising, n_institutions,
    promising / n_promising as share_promising, less_promising / n_less_promising as share_less_promising,
    share_promising - share_less_promising as gap
from total join carrying using (level, platform)
order by level, platform, gap desc, code;

-- query: co_occurrence
with total as (
    select level, platform, sum(posts) as n_posts from theme_posts group by all
),
single as (
    select level, platform, code, sum(posts) as posts
    from theme_posts join theme on code_set = theme_set
    group by all
),
pair as (
    select level, platform, one.code, other.code as with_code, sum(posts) as posts
    from theme_posts
    join theme as one on one.code_set = theme_set
    join theme as other on other.code_set = theme_set and other.code <> one.code
    group by all
)
select one.level, one.platform, one.code, other.code as with_code, n_posts, one.posts as n_carrying,
    coalesce(pair.posts, 0) as n_both, n_both / one.posts as share, n_both * n_posts / (one.posts * other.posts) as lift
from total
join single as one using (level, platform)
join single as other on other.level = one.level and other.platform = one.platform and other.code <> one.code
left join pair
    on pair.level = one.level and pair.platform = one.platform and pair.code = one.code and pair.with_code = other.code
order by one.level, one.platform, one.code, n_both desc, with_code;

-- query: labour_market_subcodes
with counted as (
    select account_key, labour_set, count(*) as posts
    from mart_coding
    where coder = 'rules' and codebook_version = '1'
        and theme_set in (select code_set from theme where code = 'labour_market')
    group by all
),
cell as (
    select level, platform, institution, labour_set, posts from counted join account using (account_key)
),
total as (
    select level, platform, sum(posts) as n_posts, count(distinct institution) as n_institutions from cell group by all
),
carrying as (
    select level, platform, code, sum(posts) as n_carrying
    from cell
    join (select code_set, unnest(codes) as code from dim_code_set where dimension = 'labour') on code_set = labour_set
    group by all
)
select level, platform, code, n_posts, n_carrying, n_institutions, n_carrying / n_posts as share
from total join carrying using (level, platform)
order by level, platform, share desc, code;

-- query: relative_engagement
with usual as (
    select account_key, date_trunc('quarter', posted_local) as quarter, median(interactions) as interactions
    from mart_post
    where not is_repost and interactions is not null and posted_precision not in ('unknown', 'year')
    group by all
)
select level, platform, code, count(*) as n_posts, count(distinct institution) as n_institutions,
    median(round(coding.interactions / usual.interactions, 2)) as median_relative_engagement
from mart_coding as coding
join usual on usual.account_key = coding.account_key and usual.quarter = date_trunc('quarter', coding.posted_local)
join account on account.account_key = coding.account_key
join theme on code_set = theme_set
where coder = 'rules' and codebook_version = '1' and usual.interactions > 0 and coding.interactions is not null
    and posted_precision not in ('unknown', 'year')
group by all
order by level, platform, median_relative_engagement desc, code;

-- query: comment_rate
select level, platform, count(*) as n_posts, count(*) filter (where comment_count > 0) as n_carrying,
    count(distinct institution) as n_institutions, n_carrying / n_posts as share,
    median(comment_count) as median_comments,
    100 * sum(comment_count) filter (where like_count is not null) / sum(like_count) as comments_per_100_likes
from mart_post join account using (account_key)
where not is_repost and comment_count is not null
group by all
order by level, platform;

-- query: posting_rhythm
with counted as (
    select level, platform, posted_precision, month(posted_local) as month, isodow(posted_local) as weekday,
        hour(posted_local) as hour, count(*) as posts
    from mart_post join account using (account_key)
    where not is_repost and posted_local is not null
    group by all
),
part as (
    select level, platform, 'month' as part, month as value, sum(posts) as n_posts
    from counted where posted_precision not in ('unknown', 'year') group by all
    union all
    select level, platform, 'weekday', weekday, sum(posts)
    from counted where posted_precision in ('second', 'minute', 'hour', 'day') group by all
    union all
    select level, platform, 'hour', hour, sum(posts)
    from counted where posted_precision in ('second', 'minute', 'hour') group by all
)
select *, n_posts / sum(n_posts) over (partition by level, platform, part) as share
from part
order by level, platform, part, value;

-- query: posting_rate
with rate as (
    select account_key, count(*) as posts, (epoch_us(max(posted_at)) - epoch_us(min(posted_at))) / 604800000000 as weeks
    from mart_post
    where not is_repost and posted_precision not in ('unknown', 'year', 'month')
    group by account_key
    having count(*) > 1 and weeks > 0
)
select level, platform, sum(posts) as n_posts, count(*) as n_accounts, count(distinct institution) as n_institutions,
    sum(posts - 1) / sum(weeks) as posts_per_week, median((posts - 1) / weeks) as median_posts_per_week
from rate join account using (account_key)
group by all
order by level, platform;

-- query: counted
with own as (
    select account_key, count(*) as posts, count(*) filter (where is_repost) as reposts,
        count(*) filter (where not is_repost and posted_at is null) as undated,
        min(posted_at) filter (where not is_repost) as oldest, max(posted_at) filter (where not is_repost) as newest
    from mart_post group by account_key
),
coded as (
    select account_key, count(*) as posts
    from mart_coding where coder = 'rules' and codebook_version = '1'
    group by account_key
),
known as (
    select account_key, institution_key is null as is_other from dim_account where is_current
)
select
    sum(own.posts - own.reposts) filter (where account.account is not null) as n_posts,
    sum(own.undated) filter (where account.account is not null) as n_posts_undated,
    min(own.oldest) filter (where account.account is not null) as oldest_posted_at,
    max(own.newest) filter (where account.account is not null) as newest_posted_at,
    sum(coded.posts) filter (where account.account is not null) as n_posts_coded,
    count(account.account) as n_accounts,
    count(*) filter (where account.account is null) as n_accounts_left_out,
    count(distinct account.institution) as n_institutions,
    sum(own.posts) as n_posts_kept,
    sum(own.reposts) as n_reposts,
    coalesce(sum(own.posts - own.reposts) filter (where is_other), 0) as n_posts_of_others
from known
left join account using (account_key)
left join own using (account_key)
left join coded using (account_key);

-- query: coverage
with visit as (
    select *, outcome in ('complete', 'empty') as is_complete
    from fact_outcome
    qualify row_number() over (partition by account_key order by started_at desc, crawl_id desc) = 1
),
known as (
    select account_key, count(*) filter (where vanished_at is null) as posts from mart_post group by account_key
)
select
    institution.institution, institution.level, account.platform, account.account, account.scope, visit.outcome,
    visit.is_complete, visit.sign, visit.posts_collected,
    case when visit.is_complete then greatest(coalesce(visit.posts_collected, 0), coalesce(known.posts, 0))
        else visit.posts_collected end as posts_known,
    visit.posts_reported,
    case when visit.posts_reported > 0 then least(posts_known / visit.posts_reported, 1.0) end as coverage,
    visit.errors_count, visit.oldest_posted_at, visit.newest_posted_at, visit.window_since, visit.started_at,
    visit.crawl_id, visit.route, visit.legal_ground
from dim_account as account
join dim_institution as institution using (institution_key)
join visit using (account_key)
left join known using (account_key)
where account.is_current
order by is_complete, institution.level, institution.institution, account.platform, account.account;

-- query: changes_since_last_crawl
with visit as (
    select *
    from fact_outcome
    qualify row_number() over (partition by account_key order by started_at desc, crawl_id desc) = 1
),
before as (
    select account_key, arg_max(fact_outcome.outcome, fact_outcome.started_at) as outcome_before
    from fact_outcome join visit using (account_key)
    where fact_outcome.started_at < visit.started_at
    group by account_key
),
post as (
    select account_key, count(*) as n_posts, count(*) filter (where first_captured_at >= visit.started_at) as n_new,
        count(*) filter (where edited_at >= visit.started_at and first_captured_at < visit.started_at) as n_edited,
        count(*) filter (where vanished_at >= visit.started_at) as n_vanished
    from mart_post join visit using (account_key)
    where not is_repost
    group by account_key
)
select institution.institution, institution.level, account.platform, account.account, visit.started_at,
    before.outcome_before, visit.outcome, coalesce(n_posts, 0) as n_posts, coalesce(n_new, 0) as n_new,
    coalesce(n_edited, 0) as n_edited, coalesce(n_vanished, 0) as n_vanished
from dim_account as account
join dim_institution as institution using (institution_key)
join visit using (account_key)
left join before using (account_key)
left join post using (account_key)
where account.is_current
order by institution.level, institution.institution, account.platform, account.account;

-- query: most_recent_posts
with newest as (
    select account_key, theme_set, max(posted_local) as posted_local
    from mart_coding
    where coder = 'rules' and codebook_version = '1' and posted_local is not null
    group by all
),
latest as (
    select account.institution, account.level, theme.code, newest.*
    from newest join account using (account_key) join theme on code_set = theme_set
    qualify rank() over (partition by account.institution, theme.code order by newest.posted_local desc) = 1
),
one as (
    select latest.institution, latest.level, latest.code, max(coding.post_key) as post_key
    from mart_coding as coding join latest using (account_key, theme_set, posted_local)
    where coding.coder = 'rules' and coding.codebook_version = '1'
    group by all
)
select one.institution, one.level, one.code, post.platform, account.account, post.post_id, post.url, post.posted_at,
    post.posted_precision, post.title, post.text
from one
join dim_post as post on post.post_key = one.post_key and post.is_current
join account on account.account_key = post.account_key
order by one.level, one.institution, one.code;

-- query: example_posts
with near as (
    select account_key, theme_set, unnest(min(post_key, 10)) as post_key
    from mart_coding
    where coder = 'rules' and codebook_version = '1'
    group by account_key, theme_set
),
turn as (
    select account.level, account.platform, account.institution, account.account, theme.code, near.post_key,
        theme.code = theme.primary_code as is_primary, row_number() over (
            partition by account.level, account.platform, account.institution, theme.code order by near.post_key
        ) as turn
    from near join account using (account_key) join theme on code_set = theme_set
),
drawn as (
    select *
    from turn
    qualify row_number() over (partition by level, platform, code order by turn, post_key) <= 10
)
select drawn.code, drawn.is_primary, coding.score, drawn.institution, drawn.level, drawn.platform, drawn.account,
    post.post_id, post.url, post.posted_at, post.posted_precision, post.title, post.text, post.alt_text,
    post.transcript, language.language, coding.evidence
from drawn
join dim_post as post on post.post_key = drawn.post_key and post.is_current
left join dim_language as language on language.text_hash = xor(
    xor(coalesce(post.title_hash, 0), coalesce(post.text_hash, 0)), coalesce(post.transcript_hash, 0))
join fact_coding as coding
    on coding.post_key = drawn.post_key and coding.version = post.version and coding.code = drawn.code
    and coding.dimension = 'theme' and coding.coder = 'rules' and coding.codebook_version = '1'
order by drawn.level, drawn.platform, drawn.code, drawn.turn, drawn.post_key;

-- query: vanished_posts
select account.institution, account.level, post.platform, account.account, post.post_id, post.url, post.posted_at,
    mart.first_captured_at, mart.last_captured_at, mart.vanished_at as missing_since
from mart_post as mart
join account using (account_key)
join dim_post as post on post.post_key = mart.post_key and post.is_current
where mart.vanished_at is not null and not mart.is_repost
order by account.level, account.institution, post.posted_at, post.post_id;

-- query: coders
select coder, codebook_version, first_coded_at, last_coded_at, n_posts
from dim_coder
join (
    select coder, codebook_version, count(*) as n_posts
    from fact_coding where dimension = 'theme' and is_primary group by all
) using (coder, codebook_version)
order by last_coded_at;

-- query: crawls
select feed.crawl_id, feed.platform, feed.route, feed.legal_ground, feed.software,
    count(distinct feed.account_key) as n_accounts, min(feed.started_at) as started_at,
    max(coalesce(outcome.ended_at, outcome.started_at, feed.started_at)) as ended_at
from dim_feed as feed
left join fact_outcome as outcome using (feed_key)
group by all
order by started_at;

-- query: left_out
select institution.institution, institution.level, account.platform, account.account, visit.outcome as why_left_out,
    visit.sign, visit.started_at
from dim_account as account
join dim_institution as institution using (institution_key)
join (
    select *
    from fact_outcome
    qualify row_number() over (partition by account_key order by started_at desc, crawl_id desc) = 1
) as visit using (account_key)
where account.is_current and visit.outcome not in ('complete', 'empty')
order by institution.level, institution.institution, account.platform, account.account;

-- query: outcomes
with counted as (
    select institution.level, account.platform, visit.outcome, count(*) as n_accounts
    from dim_account as account
    join dim_institution as institution using (institution_key)
    join (
        select account_key, arg_max(outcome, started_at) as outcome from fact_outcome group by account_key
    ) as visit using (account_key)
    where account.is_current
    group by all
)
select *, n_accounts / sum(n_accounts) over (partition by level, platform) as share
from counted
order by level, platform, n_accounts desc, outcome;

-- query: platform_presence
with institution as (
    select level, count(*) as n_institutions from dim_institution group by level
),
present as (
    select institution.level, account.platform, count(distinct institution.institution) as n_present
    from dim_account as account
    join dim_institution as institution using (institution_key)
    where account.is_current
    group by all
),
platform as (
    select distinct platform from present
    union
    select answer from ref_survey where item = 'figure 2.6'
)
select institution.level, platform.platform, n_institutions, coalesce(n_present, 0) as n_present,
    coalesce(n_present, 0) / n_institutions as share, survey.value / 100 as said, survey.n as n_said
from institution
cross join platform
left join present using (level, platform)
left join ref_survey as survey
    on survey.item = 'figure 2.6' and survey.level = institution.level and survey.answer = platform.platform
order by institution.level, share desc, platform.platform;

-- query: survey
select source, item, question, level, answer, value, unit, n from ref_survey order by source, item, question, level, answer;
