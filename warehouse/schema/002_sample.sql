-- What must be known of a sample to correct shares by it, and to write its sheets again?
-- Grain: fact_sample, one row per sample and unit.

alter table fact_sample add column population bigint;
alter table fact_sample add column drawn bigint;
alter table fact_sample add column place bigint;
alter table fact_sample add column coders varchar[];
alter table fact_sample add column codebook_version varchar;
