-- What did the survey of the institutions' managers find?
-- Grain: one row per source, item, level and answer.

select source, item, question, level, answer, value, unit, n
from ref_survey
order by source, item, question, level, answer;
