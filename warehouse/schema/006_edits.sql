-- Which posts were edited? Those are told anew: whatever was learnt after an edit hid it.
-- Grain: meta_changed, one row per post.

insert into meta_changed select distinct post_key from dim_post where change = 'edited';
