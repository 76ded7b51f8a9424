-- What does the warehouse keep? Everything that a feed, a register, a coder or the survey said.
-- Grain: said at each table. Keys are 63 bits of the md5 of the natural key, so the same post has the same key anywhere.

create macro key_of(natural_key) as cast(md5_number_lower(natural_key) >> 1 as bigint);

-- Null: not shown; 0: shown and empty, so that texts combine by xor whichever of them are there.
create macro text_key(field, words) as
    case when words = '' then 0 else key_of(field || chr(31) || words) end;

create table dim_institution (
    institution_key bigint not null,
    institution varchar not null,
    level varchar not null check (level in ('mbo', 'hbo')),
    place varchar,
    region varchar,
    type varchar,
    website varchar
);

create table dim_account (
    account_key bigint not null,
    version integer not null,
    platform varchar not null,
    account varchar not null,
    account_id varchar,
    institution_key bigint,
    scope varchar check (scope in ('central', 'programme')),
    programme varchar,
    run_by varchar check (run_by in ('institution', 'students')),
    name varchar,
    url varchar,
    description varchar,
    website varchar,
    is_private boolean,
    is_verified boolean,
    valid_from timestamptz not null,
    valid_to timestamptz,
    is_current boolean not null
);

create table dim_account_alias (
    platform varchar not null,
    alias varchar not null,
    account_key bigint not null
);

create table dim_feed (
    feed_key bigint not null,
    crawl_id varchar not null,
    study varchar,
    platform varchar not null,
    account varchar not null,
    account_key bigint not null,
    route varchar,
    legal_ground varchar,
    started_at timestamptz,
    window_since timestamptz,
    window_until timestamptz,
    software varchar,
    file varchar not null,
    sha256 varchar not null,
    loaded_at timestamptz not null
);

create table dim_capture (
    capture_key bigint not null,
    capture_id varchar not null,
    platform varchar not null,
    route varchar,
    parser_version integer,
    captured_at timestamptz not null
);

create table dim_post (
    post_key bigint not null,
    version integer not null,
    platform varchar not null,
    post_id varchar not null,
    account_key bigint not null,
    account varchar not null,
    account_id varchar,
    url varchar,
    media_type varchar,
    title varchar,
    text varchar,
    alt_text varchar,
    transcript varchar,
    title_hash bigint,
    text_hash bigint,
    alt_text_hash bigint,
    transcript_hash bigint,
    hashtags varchar[],
    mentions varchar[],
    coauthors varchar[],
    posted_at timestamptz,
    posted_precision varchar not null,
    posted_source varchar not null,
    is_repost boolean not null,
    repost_of varchar,
    change varchar not null check (change in ('first', 'completed', 'edited')),
    capture_key bigint not null,
    valid_from timestamptz not null,
    valid_to timestamptz,
    is_current boolean not null
);

create table fact_post_snapshot (
    post_key bigint not null,
    capture_key bigint not null,
    feed_key bigint not null,
    captured_at timestamptz not null,
    like_count bigint,
    comment_count bigint,
    share_count bigint,
    view_count bigint,
    save_count bigint,
    is_pinned boolean not null
);

create table fact_post_latest (
    post_key bigint not null,
    first_captured_at timestamptz not null,
    last_captured_at timestamptz not null,
    like_count bigint,
    comment_count bigint,
    share_count bigint,
    view_count bigint,
    save_count bigint,
    is_pinned boolean not null
);

create table fact_account_snapshot (
    account_key bigint not null,
    capture_key bigint not null,
    feed_key bigint not null,
    captured_at timestamptz not null,
    followers_count bigint,
    following_count bigint,
    posts_count bigint
);

create table fact_outcome (
    feed_key bigint not null,
    crawl_id varchar not null,
    platform varchar not null,
    account_key bigint not null,
    account varchar not null,
    account_id varchar,
    outcome varchar not null check (outcome in (
        'complete', 'partial', 'empty', 'blocked', 'rate_limited', 'challenged', 'private', 'not_found',
        'region_locked', 'parser_broken', 'over_budget', 'skipped')),
    sign varchar,
    status integer,
    final_url varchar,
    route varchar,
    legal_ground varchar,
    posts_collected bigint,
    posts_reported bigint,
    errors_count bigint,
    oldest_posted_at timestamptz,
    newest_posted_at timestamptz,
    window_since timestamptz,
    started_at timestamptz not null,
    ended_at timestamptz,
    capture_ids varchar[]
);

create table fact_parse_error (
    feed_key bigint not null,
    capture_id varchar,
    place varchar,
    problem varchar
);

create table dim_language (
    text_hash bigint not null,
    language varchar,
    detected_at timestamptz not null
);

create table dim_coder (
    coder varchar not null,
    codebook_version varchar not null,
    first_coded_at timestamptz not null,
    last_coded_at timestamptz not null
);

create table fact_coding (
    post_key bigint not null,
    version integer not null,
    dimension varchar not null,
    code varchar not null,
    is_primary boolean not null,
    score double,
    coder varchar not null,
    codebook_version varchar not null,
    evidence json,
    coded_at timestamptz not null
);

create table fact_sample (
    sample varchar not null,
    post_key bigint not null,
    version integer not null,
    stratum varchar not null,
    inclusion_probability double not null check (inclusion_probability > 0 and inclusion_probability <= 1),
    seed bigint not null,
    drawn_at timestamptz not null
);

create table ref_survey (
    source varchar not null,
    item varchar not null,
    question varchar not null,
    level varchar not null,
    answer varchar not null,
    value double not null,
    unit varchar not null,
    n integer
);

create table ref_promising_sector (
    level varchar not null,
    sector varchar not null,
    standing varchar not null check (standing in ('promising', 'less_promising')),
    source varchar not null
);

create table meta_file (
    sha256 varchar not null,
    file varchar not null,
    feed_key bigint not null,
    loaded_at timestamptz not null
);
