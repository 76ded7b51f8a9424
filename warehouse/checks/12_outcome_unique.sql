-- Each visit has one outcome, and each feed one visit.
select feed.feed_key, count(outcome.feed_key) as outcomes
from dim_feed as feed
full join fact_outcome as outcome using (feed_key)
group by feed.feed_key
having count(outcome.feed_key) <> 1 or feed.feed_key is null
limit 1000;
