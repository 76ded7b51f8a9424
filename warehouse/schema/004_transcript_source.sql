-- How is what is said in a post known?
-- Grain: dim_post, one row per post and version of its words.

alter table dim_post add column transcript_source varchar;
