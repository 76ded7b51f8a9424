-- How did its words change, and which capture showed each version first?
-- Grain: one row per version. Variables: platform, post_id.

select version, change, title, text, alt_text, transcript, transcript_source, valid_from, valid_to, capture_id, route
from post_history
where platform = getvariable('platform') and post_id = getvariable('post_id')
order by version;
