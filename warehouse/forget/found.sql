-- Which ids and words does the warehouse know of what goes?
-- Grain: one row per post, or per account id (then post_id is null).

select post.account_id, post.post_id, post.title, post.text
from dim_post as post
semi join gone_post using (post_key)
where post.account_key in (select account_key from gone_account)
    or list_contains(getvariable('post_ids'), post.post_id)
    or post.repost_of is not null
union all
select account_id, null, null, null
from dim_account
semi join gone_account using (account_key);
