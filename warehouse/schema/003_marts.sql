-- What do questions read? Narrow tables that are refreshed for what changed; and which posts vanished?
-- Grain: said at each table.

create table mart_post (
    post_key bigint not null,
    version integer not null,
    account_key bigint not null,
    media_type varchar,
    language varchar,
    posted_at timestamptz,
    posted_local timestamp,
    posted_precision varchar not null,
    is_repost boolean not null,
    edited_at timestamptz,
    first_captured_at timestamptz,
    last_captured_at timestamptz,
    vanished_at timestamptz,
    like_count bigint,
    comment_count bigint,
    interactions bigint
);

create table mart_coding (
    post_key bigint not null,
    version integer not null,
    account_key bigint not null,
    coder varchar not null,
    codebook_version varchar not null,
    media_type varchar,
    language varchar,
    posted_local timestamp,
    posted_precision varchar not null,
    interactions bigint,
    theme_set integer not null,
    labour_set integer not null,
    sector_set integer not null,
    audience_set integer not null
);

create table dim_code_set (
    code_set integer not null,
    dimension varchar not null,
    codes varchar[] not null,
    primary_code varchar,
    set_key bigint not null
);

create table fact_vanished (
    feed_key bigint not null,
    post_key bigint not null,
    last_seen_at timestamptz
);

create table meta_changed (
    post_key bigint not null
);

insert into meta_changed select post_key from dim_post where is_current;
