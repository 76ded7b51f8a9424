"""`uitzicht code` on files of JSON lines."""

import json
from pathlib import Path

from click.testing import CliRunner

from audit.commands.code import code
from audit.exits import Exit


def _run(tmp_path: Path, text: str) -> tuple[int, list[dict], str]:
    source, target = tmp_path / "posts.jsonl", tmp_path / "codings.jsonl"
    source.write_text(text, encoding="utf-8")
    result = CliRunner().invoke(
        code, ["--input", str(source), "--output", str(target)], standalone_mode=False
    )
    lines = target.read_text(encoding="utf-8").splitlines() if target.exists() else []
    return result.return_value, [json.loads(line) for line in lines], result.output


def test_codes_a_post_and_says_why(tmp_path):
    post = {"id": "1", "platform": "instagram", "text": "Zaterdag is onze Open Dag! Kom je ook? 10:00-14:00"}
    status, codings, _ = _run(tmp_path, json.dumps(post))
    assert status == Exit.SUCCESS
    assert codings[0]["id"] == "1"
    assert codings[0]["themes"] == ["open_day"]
    assert codings[0]["audiences"] == ["prospective"]
    evidence = [part for part in codings[0]["evidence"] if part["code"] == "theme.open_day"]
    assert any(part["words"] == "Open Dag" for part in evidence)
    for part in codings[0]["evidence"]:
        assert post[part["field"]][part["start"] : part["end"]] == part["words"]


def test_names_bad_lines_and_codes_the_rest(tmp_path):
    status, codings, output = _run(tmp_path, '{"id":"1"}\nnonsense\n{"id":"2","text":3}\n{"id":"1"}\n[]\n')
    assert status == Exit.PARTIAL
    assert [coding["id"] for coding in codings] == ["1"]
    for sentence in (
        ":2 is no JSON object",
        ":3: text is 3; expected a text",
        ":4: id 1 stands there twice",
        ":5 is []",
    ):
        assert sentence in output


def test_fails_where_no_line_is_good(tmp_path):
    status, codings, _ = _run(tmp_path, "nonsense\n")
    assert (status, codings) == (Exit.FAILURE, [])


def test_lone_surrogates_do_not_stop_it(tmp_path):
    status, codings, _ = _run(tmp_path, '{"id":"1","text":"Open dag \\ud83c zaterdag"}\n')
    assert status == Exit.SUCCESS
    assert codings[0]["themes"] == ["open_day"]
