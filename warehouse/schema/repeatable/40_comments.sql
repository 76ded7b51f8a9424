-- What does each table and column mean?
-- Grain: one comment per table, column and view.

comment on table dim_institution is 'Institutions of the study''s register. Grain: one row per institution.';
comment on column dim_institution.institution_key is 'Key: 63 bits of the md5 of the name in lower case.';
comment on column dim_institution.institution is 'Name, as the register spells it.';
comment on column dim_institution.level is 'mbo or hbo.';
comment on column dim_institution.place is 'Place of its main seat.';
comment on column dim_institution.region is 'Region, as the register names it.';
comment on column dim_institution.type is 'Type of institution, as the register names it (roc, vakschool, hogeschool, ...).';
comment on column dim_institution.website is 'Address of its website.';

comment on table dim_account is 'Accounts, with the history of what they show of themselves (type 2). Grain: one row per account and version. Facts of the register hold for every version.';
comment on column dim_account.account_key is 'Key of the account, the same for all its versions.';
comment on column dim_account.version is 'Number of the version, from 1.';
comment on column dim_account.platform is 'instagram, tiktok, youtube or linkedin.';
comment on column dim_account.account is 'Handle, as the study spells it; for accounts outside the register as the platform shows it.';
comment on column dim_account.account_id is 'The platform''s own id; null where it was never shown.';
comment on column dim_account.institution_key is 'Institution that the account speaks for; null outside the register.';
comment on column dim_account.scope is 'central or programme, after the register.';
comment on column dim_account.programme is 'Programme that the account is about, after the register.';
comment on column dim_account.run_by is 'institution or students, after the register.';
comment on column dim_account.name is 'Name shown on the profile.';
comment on column dim_account.url is 'Address of the profile.';
comment on column dim_account.description is 'Description shown on the profile.';
comment on column dim_account.website is 'Website named on the profile.';
comment on column dim_account.is_private is 'Whether the account is private; null where not shown.';
comment on column dim_account.is_verified is 'Whether the platform verified it; null where not shown.';
comment on column dim_account.valid_from is 'Moment of the capture that first showed this version (UTC).';
comment on column dim_account.valid_to is 'Moment from which the next version is known; null for the current one.';
comment on column dim_account.is_current is 'Whether this is the account''s latest version.';

comment on table dim_account_alias is 'Which handles and ids lead to which account. Grain: one row per platform and alias.';
comment on column dim_account_alias.platform is 'Platform.';
comment on column dim_account_alias.alias is 'Handle in lower case without @, or id: and the platform''s own id.';
comment on column dim_account_alias.account_key is 'The account.';

comment on table dim_feed is 'Feeds that were loaded. Grain: one row per account and crawl.';
comment on column dim_feed.feed_key is 'Key: 63 bits of the md5 of crawl, platform and account.';
comment on column dim_feed.crawl_id is 'The crawl.';
comment on column dim_feed.study is 'Name of the study.';
comment on column dim_feed.platform is 'Platform visited.';
comment on column dim_feed.account is 'Account that was asked for.';
comment on column dim_feed.account_key is 'The same, as a key.';
comment on column dim_feed.route is 'How the platform was reached.';
comment on column dim_feed.legal_ground is 'Ground on which the route was used, in the study file''s words.';
comment on column dim_feed.started_at is 'When the visit began (UTC).';
comment on column dim_feed.window_since is 'First moment that the visit asked for; null where it asked for all.';
comment on column dim_feed.window_until is 'Last moment that the visit asked for; null where open.';
comment on column dim_feed.software is 'Program and version that crawled.';
comment on column dim_feed.file is 'Path of the feed when it was loaded.';
comment on column dim_feed.sha256 is 'SHA-256 of the feed file.';
comment on column dim_feed.loaded_at is 'When it was loaded (UTC).';

comment on table dim_capture is 'Responses in the archive that showed a post or account. Grain: one row per capture.';
comment on column dim_capture.capture_key is 'Key: 63 bits of the md5 of the capture''s id.';
comment on column dim_capture.capture_id is 'Id in the archive.';
comment on column dim_capture.platform is 'Platform.';
comment on column dim_capture.route is 'How the platform was reached.';
comment on column dim_capture.parser_version is 'Version of the parser that last read it.';
comment on column dim_capture.captured_at is 'When the platform answered (UTC).';

comment on table dim_post is 'Posts with the history of their words (type 2). Grain: one row per post and version. What is not words is the same in all versions: the best that is known.';
comment on column dim_post.post_key is 'Key: 63 bits of the md5 of platform and post_id.';
comment on column dim_post.version is 'Number of the version in the order they were learnt, from 1; it stays with its words.';
comment on column dim_post.platform is 'Platform; natural key together with post_id.';
comment on column dim_post.post_id is 'The platform''s own id, as text.';
comment on column dim_post.account_key is 'Account that made the post.';
comment on column dim_post.account is 'The same, as the platform showed it.';
comment on column dim_post.account_id is 'The same, as the platform''s own id.';
comment on column dim_post.url is 'Address of the post.';
comment on column dim_post.media_type is 'image, carousel, video, short, text, document, article or link.';
comment on column dim_post.title is 'Title; null where never shown, empty where there is none.';
comment on column dim_post.text is 'Caption or description; null where never shown, empty where there is none.';
comment on column dim_post.alt_text is 'Alternative text of the pictures; often made by a machine.';
comment on column dim_post.transcript is 'What is said, where the platform gives it.';
comment on column dim_post.title_hash is '63 bits of the md5 of the title; 0 where empty, null where never shown.';
comment on column dim_post.text_hash is 'The same of the text.';
comment on column dim_post.alt_text_hash is 'The same of the alternative text.';
comment on column dim_post.transcript_hash is 'The same of the transcript.';
comment on column dim_post.hashtags is 'Hashtags without #; null where there are none.';
comment on column dim_post.mentions is 'Mentioned handles without @; null where there are none.';
comment on column dim_post.coauthors is 'Handles of accounts that share the post; null where there are none.';
comment on column dim_post.posted_at is 'When the post was made (UTC), as precise as known; null where unknown.';
comment on column dim_post.posted_precision is 'second, minute, hour, day, week, month, year or unknown.';
comment on column dim_post.posted_source is 'api, page, export, id, relative or unknown; the most precise date is kept, of two as precise the better source.';
comment on column dim_post.is_repost is 'Whether the account only shared another''s post; never counted as its own.';
comment on column dim_post.repost_of is 'Id of the original; null for own posts.';
comment on column dim_post.change is 'Why there is this version: first, completed (something not shown before) or edited.';
comment on column dim_post.capture_key is 'Capture that first showed this version.';
comment on column dim_post.valid_from is 'Moment of that capture (UTC).';
comment on column dim_post.valid_to is 'Moment from which the next version is known; null for the current one.';
comment on column dim_post.is_current is 'Whether the post reads so now.';

comment on table fact_post_snapshot is 'Counts as each capture showed them; only ever added to. Grain: one row per post and capture.';
comment on column fact_post_snapshot.post_key is 'The post.';
comment on column fact_post_snapshot.capture_key is 'The capture.';
comment on column fact_post_snapshot.feed_key is 'The visit.';
comment on column fact_post_snapshot.captured_at is 'When the platform answered (UTC).';
comment on column fact_post_snapshot.like_count is 'Likes or reactions; null where not shown.';
comment on column fact_post_snapshot.comment_count is 'Comments; null where not shown.';
comment on column fact_post_snapshot.share_count is 'Shares or reposts; null where not shown.';
comment on column fact_post_snapshot.view_count is 'Views or plays; null where not shown.';
comment on column fact_post_snapshot.save_count is 'Saves; null where not shown.';
comment on column fact_post_snapshot.is_pinned is 'Whether the account had pinned it.';

comment on table fact_post_latest is 'The latest counts, kept up by every load. Grain: one row per post.';
comment on column fact_post_latest.post_key is 'The post.';
comment on column fact_post_latest.first_captured_at is 'When it was first seen (UTC).';
comment on column fact_post_latest.last_captured_at is 'When it was last seen (UTC).';
comment on column fact_post_latest.like_count is 'Likes or reactions as last shown; null where never.';
comment on column fact_post_latest.comment_count is 'Comments as last shown; null where never.';
comment on column fact_post_latest.share_count is 'Shares as last shown; null where never.';
comment on column fact_post_latest.view_count is 'Views as last shown; null where never.';
comment on column fact_post_latest.save_count is 'Saves as last shown; null where never.';
comment on column fact_post_latest.is_pinned is 'Whether it was pinned when last seen.';

comment on table fact_account_snapshot is 'Counts of accounts as each capture showed them. Grain: one row per account and capture.';
comment on column fact_account_snapshot.account_key is 'The account.';
comment on column fact_account_snapshot.capture_key is 'The capture.';
comment on column fact_account_snapshot.feed_key is 'The visit.';
comment on column fact_account_snapshot.captured_at is 'When the platform answered (UTC).';
comment on column fact_account_snapshot.followers_count is 'Followers; null where not shown.';
comment on column fact_account_snapshot.following_count is 'Accounts followed; null where not shown.';
comment on column fact_account_snapshot.posts_count is 'Posts that the platform reports; null where not shown.';

comment on table fact_outcome is 'How each visit ended. Grain: one row per account and crawl.';
comment on column fact_outcome.feed_key is 'The visit.';
comment on column fact_outcome.crawl_id is 'The crawl.';
comment on column fact_outcome.platform is 'Platform.';
comment on column fact_outcome.account_key is 'The account.';
comment on column fact_outcome.account is 'The account as it was asked for.';
comment on column fact_outcome.account_id is 'The platform''s own id; null where not shown.';
comment on column fact_outcome.outcome is 'complete, partial, empty, blocked, rate_limited, challenged, private, not_found, region_locked, parser_broken, over_budget or skipped.';
comment on column fact_outcome.sign is 'Phrase or code that told.';
comment on column fact_outcome.status is 'HTTP status of the last answer.';
comment on column fact_outcome.final_url is 'Address of the last answer.';
comment on column fact_outcome.route is 'How the platform was reached.';
comment on column fact_outcome.legal_ground is 'Ground on which the route was used.';
comment on column fact_outcome.posts_collected is 'Posts that this visit collected.';
comment on column fact_outcome.posts_reported is 'Posts that the platform says there are; null where it says nothing.';
comment on column fact_outcome.errors_count is 'Records that could not be read.';
comment on column fact_outcome.oldest_posted_at is 'Date of the oldest post collected (UTC).';
comment on column fact_outcome.newest_posted_at is 'Date of the newest post collected (UTC).';
comment on column fact_outcome.window_since is 'First moment that the visit asked for.';
comment on column fact_outcome.started_at is 'When the visit began (UTC).';
comment on column fact_outcome.ended_at is 'When the visit ended (UTC).';
comment on column fact_outcome.capture_ids is 'Captures that the outcome stands on.';

comment on table fact_parse_error is 'Records that could not be read. Grain: one row per record.';
comment on column fact_parse_error.feed_key is 'The visit.';
comment on column fact_parse_error.capture_id is 'The capture.';
comment on column fact_parse_error.place is 'Format and field.';
comment on column fact_parse_error.problem is 'Value found and value expected.';

comment on table dim_language is 'Language of each distinct text, detected once. Grain: one row per text.';
comment on column dim_language.text_hash is 'Title, text and transcript: their hashes combined by xor.';
comment on column dim_language.language is 'nl, en, de, fr, or und where unclear; null where nothing was found.';
comment on column dim_language.detected_at is 'When it was detected (UTC).';

comment on table dim_coder is 'Coders, people and rules. Grain: one row per coder and version of the codebook.';
comment on column dim_coder.coder is 'Name of the coder; the classifier is called rules.';
comment on column dim_coder.codebook_version is 'Version of the codebook.';
comment on column dim_coder.first_coded_at is 'When codings of it were first loaded (UTC).';
comment on column dim_coder.last_coded_at is 'When codings of it were last loaded (UTC).';

comment on table fact_coding is 'Answers of coders. Grain: one row per post, version, dimension, code, coder and codebook version.';
comment on column fact_coding.post_key is 'The post.';
comment on column fact_coding.version is 'Version of the post whose words were coded.';
comment on column fact_coding.dimension is 'theme, labour (sub-codes of labour_market), sector or audience.';
comment on column fact_coding.code is 'The answer.';
comment on column fact_coding.is_primary is 'Whether it is the one primary theme; each coded unit has exactly one.';
comment on column fact_coding.score is 'Strength, by the coder''s own measure; null where there is none.';
comment on column fact_coding.coder is 'Who coded.';
comment on column fact_coding.codebook_version is 'Codebook that was followed.';
comment on column fact_coding.evidence is 'JSON: rule, field, place and words that the coding stands on.';
comment on column fact_coding.coded_at is 'When the coding was loaded (UTC).';

comment on table fact_sample is 'Random samples for hand coding. Grain: one row per sample and unit.';
comment on column fact_sample.sample is 'Name of the sample.';
comment on column fact_sample.post_key is 'The post.';
comment on column fact_sample.version is 'Version of the post whose words are coded.';
comment on column fact_sample.stratum is 'Stratum that it was drawn from.';
comment on column fact_sample.inclusion_probability is 'Probability with which it was drawn, above 0 and at most 1.';
comment on column fact_sample.seed is 'Seed of the draw.';
comment on column fact_sample.drawn_at is 'When it was drawn (UTC).';

comment on table ref_survey is 'Published figures of the survey among managers. Grain: one row per figure.';
comment on column ref_survey.source is 'Publication.';
comment on column ref_survey.item is 'Table, figure or section.';
comment on column ref_survey.question is 'What was asked.';
comment on column ref_survey.level is 'mbo, hbo, all, or which of the two.';
comment on column ref_survey.answer is 'The answer that the figure is about.';
comment on column ref_survey.value is 'The figure.';
comment on column ref_survey.unit is 'percent, answers, mark or respondents.';
comment on column ref_survey.n is 'Number of respondents or answers; null where not published.';

comment on table ref_promising_sector is 'Which sectors the survey''s study calls promising. Grain: one row per level and sector; sectors not listed are unclassified.';
comment on column ref_promising_sector.level is 'mbo or hbo.';
comment on column ref_promising_sector.sector is 'Code of the dimension sector.';
comment on column ref_promising_sector.standing is 'promising or less_promising.';
comment on column ref_promising_sector.source is 'Publication and table.';

comment on table meta_file is 'Files that were loaded. Grain: one row per content of a file.';
comment on column meta_file.sha256 is 'SHA-256 of the file.';
comment on column meta_file.file is 'Path when it was loaded.';
comment on column meta_file.feed_key is 'The visit that it tells of.';
comment on column meta_file.loaded_at is 'When it was loaded (UTC).';

comment on table meta_schema is 'Schema files that made this warehouse. Grain: one row per file.';
comment on column meta_schema.file is 'Name of the file.';
comment on column meta_schema.sha256 is 'SHA-256 of its text.';
comment on column meta_schema.applied_at is 'When it was applied (UTC).';

comment on view accounts is 'Accounts as they are now. Grain: one row per account.';
comment on view posts is 'Posts as they read now. Grain: one row per post.';
comment on view post_history is 'Every version of every post''s words. Grain: one row per post and version.';
comment on view latest_counts is 'Counts as last shown. Grain: one row per post.';
comment on view latest_outcomes is 'The latest visit to each account. Grain: one row per visited account.';
comment on view codings is 'Codings of posts as they read now. Grain: one row per post, dimension, code, coder and codebook version.';
comment on view coverage is 'How completely each account was seen. Grain: one row per account of the register or visited.';
comment on view asked_accounts is 'Accounts that the session''s question is about, and why some are left out. Grain: one row per account.';
comment on view asked_posts is 'Posts that the session''s question counts. Grain: one row per post.';
comment on view asked_codings is 'Codings that the session''s question counts. Grain: one row per post version, dimension and code.';
comment on view asked_counts is 'Posts per account, period and code. Grain: one row per account, group of posts, dimension and code.';
comment on view asked_cells is 'Posts per institution, group and code, zeros included. Grain: one row per institution, group and code.';
