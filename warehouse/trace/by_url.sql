-- Which post has this address?
-- Grain: one row per post. Variables: url, ids (what in the address may be an id).

select platform, post_id
from dim_post
where is_current and (
    rtrim(regexp_replace(url, '^https?://(www\.)?', ''), '/') = rtrim(regexp_replace(getvariable('url'), '^https?://(www\.)?', ''), '/')
    or (list_contains(getvariable('ids'), post_id)
        and replace(getvariable('url'), 'youtu.be/', 'youtube/') like '%' || platform || '%'))
order by platform, post_id;
