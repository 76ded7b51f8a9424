-- What did the survey find, and which sectors does it call promising?
-- Grain: ref_survey, one row per published figure; ref_promising_sector, one row per level and sector.

delete from ref_survey;

insert into ref_survey
select * from read_csv(getvariable('survey_benchmark'), header = true, columns = {
    source: 'varchar', item: 'varchar', question: 'varchar', level: 'varchar', answer: 'varchar',
    value: 'double', unit: 'varchar', n: 'integer'
});

delete from ref_promising_sector;

insert into ref_promising_sector
select * from read_csv(getvariable('promising_sectors'), header = true, columns = {
    level: 'varchar', sector: 'varchar', standing: 'varchar', source: 'varchar'
});
