-- Each text has its language once.
select text_hash, count(*) as times from dim_language group by text_hash having count(*) > 1 limit 1000;
