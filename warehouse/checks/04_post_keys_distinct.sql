-- No two posts share a key, and each key is that of its platform and id.
select platform, post_id, post_key
from dim_post
where post_key <> key_of(platform || chr(31) || post_id)
limit 1000;
