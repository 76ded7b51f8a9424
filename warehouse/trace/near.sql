-- Which known posts look most like this one?
-- Grain: one row per post, nearest first. Variables: platform (null where not said), post_id, url.

select platform, post_id
from dim_post
where is_current
    and (getvariable('platform') is null or platform = getvariable('platform'))
order by least(
    levenshtein(left(post_id, 60), left(getvariable('post_id'), 60)), levenshtein(url, left(getvariable('url'), 300))), post_id
limit 3;
