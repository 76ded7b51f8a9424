-- From which posts is a sample drawn?
-- Grain: one row per own post of the register, as it reads now, that the rules coded with their last codebook.

with last as (
    select arg_max(codebook_version, last_coded_at) as codebook_version from dim_coder where coder = 'rules'
)

select
    post.post_key,
    post.version,
    coding.codebook_version,
    concat_ws('/', coding.code, post.platform, account.level) as stratum
from dim_post as post
join accounts as account on account.account_key = post.account_key and account.institution is not null
join fact_coding as coding on coding.post_key = post.post_key and coding.version = post.version
where post.is_current
    and not post.is_repost
    and coding.coder = 'rules'
    and coding.codebook_version = (select codebook_version from last)
    and coding.dimension = 'theme'
    and coding.is_primary
order by md5_number_lower(cast(post.post_key as varchar)), post.post_key;
