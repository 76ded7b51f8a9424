-- Which language is each text in?
-- Grain: dim_language, one row per distinct text, written once.

insert into dim_language by name
select text_hash, any_value(language) as language, getvariable('loaded_at') as detected_at
from language_rows
anti join dim_language using (text_hash)
group by text_hash;

insert into meta_changed
select post_key
from dim_post
where is_current
    and speech_hash(title_hash, text_hash, transcript_hash) in (select text_hash from language_rows);
