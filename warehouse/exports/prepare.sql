-- What do all exported tables share? The window asked for, and how what is shared is blurred.
-- Grain: said at each. Variables: since, until (days in the Netherlands, both included, or null); outer_pad, inner_pad (the key's two pads).

-- Days are those of the Netherlands, as they are for questions.
create or replace temp macro is_exported(posted_at) as is_within(posted_at at time zone 'Europe/Amsterdam');

-- Grain: one row per post of the window.
create or replace temp view exported_post as
select post_key, platform, post_id from posts where is_exported(posted_at);

-- HMAC-SHA256, the first 80 bits.
create or replace temp macro pseudonym(kind, name) as
    kind || '-' || left(sha256(getvariable('outer_pad') || unhex(sha256(
        getvariable('inner_pad') || encode(kind || chr(31) || name)))), 20);

-- Numbers from 10 on keep a digit and a half: 10, 15, 20 ... 95, 100, 150 ...
create or replace temp macro rounding_step(number) as
    case when number < 10 then 1 else 5 * pow(10, floor(log10(number)) - 1) end;
create or replace temp macro roughly(number) as
    cast(round(number / rounding_step(number)) * rounding_step(number) as bigint);

create or replace temp macro week_of(moment, precision_word) as
    case when precision_word not in ('month', 'year', 'unknown') then cast(date_trunc('week', moment) as date) end;

create or replace temp macro fewest_alike() as 5;

-- Grain: one row per account; of two that share a handle, each has a pseudonym of its own.
create or replace temp view shared_account as
select
    account_key,
    pseudonym('account', platform || '/' || ltrim(lower(account), '@') || case
        when count(*) over (partition by platform, ltrim(lower(account), '@')) > 1 then '#' || account_key else '' end
    ) as account
from accounts
