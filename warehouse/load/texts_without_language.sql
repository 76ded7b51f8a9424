-- Which texts have no language yet?
-- Grain: one row per distinct text.

with text as (
    select
        speech_hash(title_hash, text_hash, transcript_hash) as text_hash,
        concat_ws(chr(10), nullif(title, ''), nullif(text, ''), nullif(transcript, '')) as text
    from dim_post
    where is_current
)

select text_hash, any_value(text) as text
from text
anti join dim_language using (text_hash)
where text <> ''
group by text_hash;
