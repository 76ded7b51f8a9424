"""The commands explain, codebook and reliability."""

import json
from pathlib import Path

from click.testing import CliRunner

from audit.commands.codebook import command as codebook
from audit.commands.explain import command as explain
from audit.commands.reliability import command as reliability
from audit.exits import Exit

GOLD = Path(__file__).parent.parent / "gold"


def run(command, *arguments, **options):
    return CliRunner().invoke(
        command, [str(argument) for argument in arguments], standalone_mode=False, **options
    )


def test_explains_a_text_on_standard_input():
    result = run(explain, input="Kom zaterdag naar de open dag!")
    assert result.return_value == Exit.SUCCESS
    assert "theme.open_day" in result.output
    assert "open_event" in result.output


def test_explains_a_post_of_a_file_as_json(tmp_path):
    path = tmp_path / "posts.jsonl"
    path.write_text('{"id":"a","text":"Open dag zaterdag"}\n{"id":"b","text":"x"}\n')
    record = json.loads(run(explain, "a", "--input", path, "--json").output)
    assert record["id"] == "a"
    assert record["primary"] == "open_day"
    assert {"rule", "status", "reason", "words"} <= set(record["rules"][0])


def test_explains_no_post_that_is_not_there(tmp_path):
    path = tmp_path / "posts.jsonl"
    path.write_text('{"id":"a","text":"x"}\n')
    assert "holds no post with id z" in str(run(explain, "z", "--input", path).exception)
    assert "where is post z?" in str(run(explain, "z").exception)
    assert "which post of" in str(run(explain, "--input", path).exception)


OWN = """
extends: default
dimensions:
  tone: {codes: {humour: {threshold: 1, rules: [{rule: laughs, any: haha, weight: 1}]}}}
"""


def test_a_dimension_of_a_study_s_own_is_explained_and_counted(tmp_path):
    book, posts = tmp_path / "ours.yaml", tmp_path / "posts.jsonl"
    book.write_text(OWN)
    posts.write_text('{"id":"a","text":"haha"}\n')
    result = run(explain, "a", "--input", posts, "--codebook", book, "--all")
    assert "tone.humour" in result.output
    result = run(codebook, "stats", posts, "--codebook", book, "--dimension", "tone")
    assert "laughs" in result.output


def test_stats_of_no_dimension_are_refused(tmp_path):
    posts = tmp_path / "posts.jsonl"
    posts.write_text('{"id":"a","text":"haha"}\n')
    result = run(codebook, "stats", posts, "--dimension", "thema")
    assert "'thema' is none of theme, labour, sector, audience" in str(result.exception)


def test_checks_the_default_codebook():
    result = run(codebook, "check")
    assert result.return_value == Exit.SUCCESS
    assert "no problems" in result.output


def test_check_tells_unusable_from_unsound(tmp_path):
    unsound, unusable = tmp_path / "unsound.yaml", tmp_path / "unusable.yaml"
    unsound.write_text(
        "words: {lonely: woord}\ndimensions: {theme: {codes: {a: {rules: [{rule: r, any: b, weight: 3}]}}}}"
    )
    unusable.write_text("dimensions: 3")
    result = run(codebook, "check", unsound)
    assert result.return_value == Exit.PARTIAL
    assert "unsound.yaml:1: unused list: no rule looks at lonely" in result.output
    assert "unusable.yaml:1: found the text '3'; expected a mapping" in str(
        run(codebook, "check", unusable).exception
    )


def test_stats_with_and_without_gold(tmp_path):
    result = run(codebook, "stats", GOLD / "posts.jsonl", "--gold", "--sort", "precision")
    assert "open_event" in result.output
    assert "never fired" in result.output
    path = tmp_path / "posts.jsonl"
    path.write_text('{"id":"a","text":"Open dag zaterdag"}\n')
    assert "open_event" in run(codebook, "stats", path, "--dimension", "theme").output


def test_reliability_of_rules_and_of_a_coder():
    rules = run(reliability, "--gold", GOLD / "posts.jsonl", "--json")
    report = json.loads(rules.output)
    assert {one["code"] for one in report["codes"]} >= {"labour_market", "open_day", "other"}
    person = run(
        reliability,
        "--gold",
        GOLD / "posts.jsonl",
        "--coders",
        GOLD / "coders.jsonl",
        "--against",
        "A",
        "--json",
    )
    assert json.loads(person.output)["macro_f1"]["value"] > report["macro_f1"]["value"]


def test_ids_may_be_numbers_in_both_files(tmp_path):
    posts, coders = tmp_path / "posts.jsonl", tmp_path / "coders.jsonl"
    posts.write_text('{"id": 7, "text": "x", "themes": ["other"]}\n')
    coders.write_text(
        '{"id": 7, "coder": "A", "themes": ["other"]}\n{"id": 8, "coder": "A", "themes": ["other"]}\n'
    )
    report = run(reliability, "--gold", posts, "--coders", coders, "--against", "A", "--json")
    assert report.exception is None, report.exception
    assert json.loads(report.output)["exact"]["value"] == 1


def test_reliability_tells_of_the_primary_theme_with_the_themes_only():
    by_dimension = {
        name: run(reliability, "--gold", GOLD / "posts.jsonl", "--dimension", name).output
        for name in ("theme", "labour")
    }
    assert "primary theme the same: 0." in by_dimension["theme"]
    assert "primary" not in by_dimension["labour"]
    assert "all codes the same: 0." in by_dimension["labour"]


def test_reliability_below_a_floor_fails():
    assert run(reliability, "--gold", GOLD / "posts.jsonl", "--floor", "0.999").return_value == Exit.FAILURE
    assert run(reliability, "--gold", GOLD / "posts.jsonl", "--floor", "0.1").return_value == Exit.SUCCESS


def test_reliability_names_what_it_does_not_know(tmp_path):
    assert "expected one of" in str(
        run(reliability, "--gold", GOLD / "posts.jsonl", "--dimension", "mood").exception
    )
    assert "there is no coder Z" in str(
        run(reliability, "--gold", GOLD / "posts.jsonl", "--against", "Z").exception
    )
    bad = tmp_path / "bad.jsonl"
    bad.write_text('{"id":"1","text":"x"}\n')
    assert "bad.jsonl:1: themes is missing" in str(run(reliability, "--gold", bad).exception)
