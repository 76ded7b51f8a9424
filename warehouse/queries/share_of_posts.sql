-- How large a share of the posts carries each code?
-- Grain: one row per group (variable `by_names`) and code. Shares need not add up to 1: a post may carry several codes.

select groups, code, n_posts, n_carrying, n_institutions, n_carrying / n_posts as share, clusters, carriers
from asked_shares
order by groups, share desc, code;
