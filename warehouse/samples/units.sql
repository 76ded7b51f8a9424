-- What do the coders of a sample read?
-- Grain: one row per unit, in the random order of the sample. Variables: sample.

select
    sample.post_key,
    sample.version,
    sample.place,
    sample.coders,
    concat(post.platform, '/', post.post_id) as unit,
    post.platform,
    post.posted_at,
    post.posted_precision,
    post.url,
    post.title,
    post.text,
    post.alt_text,
    post.transcript,
    post.hashtags
from fact_sample as sample
join dim_post as post on post.post_key = sample.post_key and post.version = sample.version
where sample.sample = getvariable('sample')
order by sample.place;
