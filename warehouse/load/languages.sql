-- Which language is each text in?
-- Grain: dim_language, one row per distinct text, written once.

insert into dim_language by name
select text_hash, any_value(language) as language, getvariable('loaded_at') as detected_at
from language_rows
anti join dim_language using (text_hash)
group by text_hash;
