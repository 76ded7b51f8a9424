"""Evidence is what spoke loudest for a code: rules and single words in one row, loudest first."""

import json
from math import sqrt

import pytest

from classify.codebook_file import parse_codebook
from classify.coder import Coder
from classify.explain import explain
from classify.unit import Unit

BOOK = """
words:
  pay: salaris
  job: baan
  start: startdatum
  team: collega
dimensions:
  theme:
    codes:
      work:
        threshold: 1
        rules:
          - {rule: paid, any: "{pay}", weight: 2}
          - {rule: job_with_start, any: "{job}", near: ["{start}"], weight: 3}
          - {rule: job_named, any: "{job}", weight: 0.31}
          - {rule: team_named, any: "{team}", weight: 0.29}
          - {rule: soon, any: "{start}", weight: 1}
      fun:
        threshold: 1
        rules:
          - {rule: party_of_the_team, any: "{team}", weight: 1}
    single_words:
      work:
        8: vacature
        4: uren
        2: pauze
"""


@pytest.fixture(scope="module")
def coder() -> Coder:
    return Coder(parse_codebook(BOOK))


def spoke(coder: Coder, **told: str) -> list[tuple[str, float, str, str]]:
    coding = coder.code_unit(Unit(id="1", language="nl", **told))
    return [
        (part.rule, part.weight, part.field, part.words)
        for part in coding.evidence
        if part.code == "theme.work"
    ]


def test_rules_and_words_stand_in_one_row_by_loudness(coder):
    said = spoke(coder, title="Vacature!", text="Salaris bij je baan. De baan heeft een startdatum.")
    assert said == [
        ("job_with_start", 3, "text", "baan"),
        ("single_word", round(8 / sqrt(11), 2), "title", "Vacature"),
        ("paid", 2, "text", "Salaris"),
    ]


def test_a_rule_stands_where_it_fired_not_where_its_word_is_met_first(coder):
    coding = coder.code_unit(Unit(id="1", text="Een baan. En een baan met startdatum.", language="nl"))
    starts = {part.rule: part.start for part in coding.evidence}
    assert (starts["job_with_start"], starts["job_named"]) == (17, 4)


def test_what_whispers_is_no_evidence(coder):
    assert spoke(coder, text="salaris baan collega") == [
        ("paid", 2, "text", "salaris"),
        ("job_named", 0.31, "text", "baan"),
    ]


def test_a_word_whispers_in_a_long_post(coder):
    aloud = "uren vacature"
    assert [one[3] for one in spoke(coder, text=aloud)] == ["vacature", "uren"]
    filled = " ".join(f"woord{number}" for number in range(400))
    assert [one[3] for one in spoke(coder, text=f"salaris {aloud} {filled}")] == ["salaris", "vacature"]


def test_explain_shows_what_was_left_out(coder):
    text = "Salaris, baan, startdatum, collega, uren, vacature"
    told = {one.rule for one in explain(coder, Unit(id="1", text=text, language="nl")).findings}
    assert told > {one[0] for one in spoke(coder, text=text)}
    assert {"team_named", "job_named"} <= told


def test_one_message_under_other_facts_has_its_own_evidence():
    book = BOOK.replace(
        "      fun:\n        threshold: 1\n        rules:\n",
        "      fun:\n        threshold: 1\n        rules:\n"
        '          - {rule: fun_pay, any: "{pay}", given: platform.tiktok, weight: 1.5}\n'
        "          - {rule: short_fun, given: platform.youtube, weight: 1.5}\n",
    )
    shared = Coder(parse_codebook(book))
    for platform in ("tiktok", "instagram", "youtube", "tiktok"):
        unit = Unit(id="1", platform=platform, text="Salaris van een collega? Uren!", language="nl")
        rows = list(shared.code_unit(unit).rows())
        assert rows == list(Coder(parse_codebook(book)).code_unit(unit).rows())
        assert ("fun_pay" in str(rows)) is (platform == "tiktok")


def test_rows_say_the_same_as_json(coder):
    unit = Unit(id="1", text='Een "salaris"\tof een \ud800b\u0000aan, \\ startdatum', language="nl")
    coding = coder.code_unit(unit)
    rows = [part for row in coding.rows() for part in json.loads(row.evidence)]
    assert rows == [part.as_record() for part in coding.evidence]
    assert coding.evidence
