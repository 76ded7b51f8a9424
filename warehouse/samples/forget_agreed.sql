-- Which answers were settled by agreement that no longer holds?
-- Grain: fact_coding. Variables: sample. What a person settled stays.

delete from fact_coding
where coder = 'settled'
    and (post_key, version, codebook_version) in (
        select coding.post_key, coding.version, coding.codebook_version
        from fact_coding as coding
        join fact_sample as sample
            on sample.post_key = coding.post_key
            and sample.version = coding.version
            and sample.codebook_version = coding.codebook_version
        where sample.sample = getvariable('sample')
            and coding.coder = 'settled'
            and coding.is_primary
            and coalesce(json_extract_string(coding.evidence, '$[0].settled'), '') = 'agreed'
    );

insert into meta_changed select post_key from fact_sample where sample = getvariable('sample');
