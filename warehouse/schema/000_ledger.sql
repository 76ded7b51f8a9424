-- Which schema files has this warehouse seen?
-- Grain: one row per file of schema/ and of schema/repeatable/.

create table if not exists meta_schema (
    file varchar not null,
    sha256 varchar not null,
    applied_at timestamptz not null
);
