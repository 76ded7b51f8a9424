-- Whose posts are not counted, and why?
-- Grain: one row per account left out.

select institution, level, platform, account, why_left_out, sign, started_at
from asked_accounts
where why_left_out is not null
order by level, institution, platform, account;
