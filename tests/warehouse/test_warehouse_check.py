"""Each rule of `uitzicht warehouse check` is broken once, and has to say so."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.warehouse.conftest import MadeStudy
from warehouse import check, open_warehouse
from warehouse.db import sql_names

BREAKS = {
    "01_post_versions_unique": "insert into dim_post from dim_post limit 1",
    "02_post_one_current": "update dim_post set is_current = false where post_id = 'school00in-0'",
    "03_post_history_unbroken": "insert into dim_post by name select * replace (2 as version,"
    " valid_from + interval 1 day as valid_from, false as is_current) from dim_post limit 1",
    "04_post_keys_distinct": "update dim_post set post_key = 7 where post_id = 'school00in-0'",
    "05_post_account_known": "update dim_post set account_key = 7 where post_id = 'school00in-0'",
    "06_account_one_current": "insert into dim_account from dim_account limit 1",
    "07_account_institution_known": "delete from dim_institution where institution = 'School 00'",
    "08_alias_unique": "insert into dim_account_alias from dim_account_alias limit 1",
    "09_snapshot_unique": "insert into fact_post_snapshot from fact_post_snapshot limit 1",
    "10_snapshot_known": "delete from dim_capture where capture_id = 'capture-school00in-1'",
    "11_latest_agrees": "update fact_post_latest set comment_count = 999999 where post_key in"
    " (select post_key from dim_post limit 1)",
    "12_outcome_unique": "delete from fact_outcome where account = 'school00in'",
    "13_one_primary_theme": "update fact_coding set is_primary = false where post_key in"
    " (select post_key from dim_post limit 1)",
    "14_coding_unique": "insert into fact_coding from fact_coding limit 1",
    "15_coding_known": "update fact_coding set version = 9 where post_key in (select post_key from dim_post limit 1)",
    "16_language_once": "insert into dim_language from dim_language limit 1",
    "17_date_known_or_not": "update dim_post set posted_at = null where post_id in"
    " (select post_id from dim_post where posted_precision = 'second' limit 1)",
    "18_sample_known": "insert into fact_sample by name select 's' as sample, 7 as post_key, 1 as version,"
    " 'x' as stratum, 0.5 as inclusion_probability, 1 as seed, now() as drawn_at",
}


def test_every_rule_is_broken_here() -> None:
    assert [f"{name}.sql" for name in BREAKS] == sql_names("checks")


def test_a_loaded_study_holds_all_rules(study: MadeStudy) -> None:
    assert [finding.sentence for finding in check(study.warehouse) if finding.violations] == []


@pytest.mark.parametrize("rule", BREAKS)
def test_a_broken_rule_says_so(study: MadeStudy, tmp_path: Path, rule: str) -> None:
    shutil.copyfile(study.warehouse, tmp_path / "w.duckdb")
    with open_warehouse(tmp_path / "w.duckdb") as con:
        con.execute(BREAKS[rule])
        finding = next(finding for finding in check(con) if finding.name == rule)
    assert finding.violations > 0
    assert finding.sentence.startswith("BROKEN  ")
    assert "the first: " in finding.sentence
