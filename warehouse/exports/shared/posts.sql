-- Posts without words and addresses, by pseudonym
-- Grain: one row per post.

select
    pseudonym('post', post.platform || '/' || post.post_id) as post,
    account.account,
    post.platform,
    post.level,
    post.scope,
    post.run_by,
    post.media_type,
    post.language,
    week_of(post.posted_at, post.posted_precision) as posted_week,
    post.posted_precision,
    post.posted_source,
    post.is_repost,
    post.is_own,
    post.is_edited
from posts as post
join shared_account as account using (account_key)
where is_exported(post.posted_at)
