-- What does each settled unit of the latest sample weigh in which nothing that people coded is still to be settled?
-- Grain: one row per settled unit. Weight: posts of its stratum over settled units of it, and, where posts were added
-- since, times the growth of its platform and level. A stratum without settled units lends its posts to the others of
-- the same predicted code, or else to all.
-- Variables: sample_grown, whether posts were loaded or coded since a sample was drawn (unless told, they were).

with by_hand as (
    select post_key, version, codebook_version, coder
    from fact_coding
    where post_key in (select post_key from fact_sample)
        and coder <> 'rules' and dimension = 'theme' and is_primary
),

settled as (
    select distinct post_key, version, codebook_version from by_hand where coder = 'settled'
),

-- Posts that coders disagree on are the hard ones: without them the rules would look better than they are.
coded as (
    select distinct post_key, version, codebook_version from by_hand where coder <> 'settled'
),

drawn as (
    select sample.*, settled.post_key is not null as is_settled, coded.post_key is not null as is_coded
    from fact_sample as sample
    left join settled using (post_key, version, codebook_version)
    left join coded using (post_key, version, codebook_version)
    where sample.population is not null
),

latest as (
    select sample
    from drawn
    group by sample
    having bool_or(is_settled) and not bool_or(is_coded and not is_settled)
    order by max(drawn_at) desc, sample
    limit 1
),

stratum as (
    select
        stratum,
        split_part(stratum, '/', 1) as code,
        any_value(population) as population,
        count(*) filter (where is_settled) as settled
    from drawn
    where sample = (select sample from latest)
    group by stratum
),

of_code as (
    select code, sum(population) as population, sum(population) filter (where settled > 0) as covered
    from stratum
    group by code
),

lent as (
    select
        stratum.stratum,
        stratum.population / stratum.settled * of_code.population / of_code.covered
            * (select sum(population) / sum(population) filter (where covered is not null) from of_code) as weight
    from stratum
    join of_code using (code)
    where stratum.settled > 0
),

before as (
    select substr(stratum, strpos(stratum, '/') + 1) as part, sum(population) as posts
    from stratum
    group by part
),

now as (
    select concat_ws('/', account.platform, account.level) as part, count(*) as posts
    from mart_coding as coding
    join accounts as account on account.account_key = coding.account_key and account.institution is not null
    where coalesce(cast(getvariable('sample_grown') as boolean), true)
        and coding.coder = asked_coder() and coding.codebook_version = asked_codebook()
    group by part
)

select
    drawn.post_key,
    drawn.version,
    drawn.stratum,
    drawn.codebook_version,
    lent.weight * coalesce(now.posts / before.posts, 1) as weight
from drawn
join lent using (stratum)
join before on before.part = substr(drawn.stratum, strpos(drawn.stratum, '/') + 1)
left join now using (part)
where drawn.is_settled and drawn.sample = (select sample from latest)
order by drawn.place;
