"""Codings: primary codes, sub-codes, evidence, rows, facts."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from classify.coder import Coder
from classify.unit import Unit


def test_primary_is_the_strongest_or_the_first_in_order(coder):
    both = Unit(id="1", text="Open dag op zaterdag! En met dit diploma heb je baangarantie.", language="nl")
    coding = coder.code_unit(both)
    assert set(coding.themes) == {"labour_market", "open_day"}
    assert coding.primary == "open_day"


def test_sub_codes_only_with_their_theme(coder):
    for text in ("Het startsalaris is € 2.500 bruto per maand.", "Fijne vakantie allemaal!"):
        coding = coder.code_unit(Unit(id="1", text=text, language="nl"))
        assert bool(coding.labour) == ("labour_market" in coding.themes)


def test_other_stands_alone(coder):
    coding = coder.code_unit(Unit(id="1", text="", language="nl"))
    assert (coding.themes, coding.primary, coding.audiences) == (("other",), "other", ("community",))


@pytest.mark.parametrize(("level", "promising"), [("mbo", True), ("hbo", True), ("", None)])
def test_promising_depends_on_the_level(coder, level, promising):
    unit = Unit(id="1", text="Studenten Verpleegkunde oefenden met een tillift.", level=level, language="nl")
    coding = coder.code_unit(unit)
    assert coding.sectors == ("health",)
    assert coding.promising is promising


def test_teaching_is_promising_at_hbo_only(coder):
    text = "Op de pabo leer je hoe je een kleuterklas meeneemt in een verhaal."
    given = {
        level: coder.code_unit(Unit(id="1", text=text, level=level, language="nl"))
        for level in ("mbo", "hbo")
    }
    assert {coding.sectors for coding in given.values()} == {("education",)}
    assert {level: coding.promising for level, coding in given.items()} == {"mbo": None, "hbo": True}


def test_an_institutions_name_is_no_evidence(coder):
    text = "Fijne vakantie namens Techniekschool De Kempenaer! #techniekschooldekempenaer #vakantie"
    nameless = coder.code_unit(
        Unit(id="1", text=text, institution="Techniekschool De Kempenaer", language="nl")
    )
    assert nameless.sectors == ()
    for part in nameless.evidence:
        assert text[part.start : part.end] == part.words


@pytest.mark.parametrize("name", ["Techniek.college", "Techniek-College", "Techniek & College"])
def test_a_name_with_a_mark_in_it_is_no_evidence(coder, name):
    texts = [f"Fijne vakantie namens {written}!" for written in (name, "Techniek College")]
    for text in texts:
        assert coder.code_unit(Unit(id="1", text=text, language="nl")).sectors, "else this test says nothing"
        assert coder.code_unit(Unit(id="1", text=text, institution=name, language="nl")).sectors == ()


def test_evidence_points_into_the_original(coder):
    text = "Hé! 🎉 Kom jij ook naar onze 𝗢𝗽𝗲𝗻 𝗗𝗮𝗴?\n\n📍 zaterdag 14 maart #KomNaarOnzeOpenDag #mbo"
    coding = coder.code_unit(Unit(id="1", text=text, language="nl"))
    assert coding.evidence
    for part in coding.evidence:
        assert text[part.start : part.end] == part.words
    assert "𝗢𝗽𝗲𝗻 𝗗𝗮𝗴" in {part.words for part in coding.evidence if part.rule == "open_event"}
    only_tag = coder.code_unit(Unit(id="1", text="#KomNaarOnzeOpenDag #mbo", language="nl"))
    assert {part.words for part in only_tag.evidence if part.rule == "open_event"} == {"#KomNaarOnzeOpenDag"}


def test_hashtags_that_the_text_does_not_show_count(coder):
    coding = coder.code_unit(Unit(id="1", text="Tot dan!", hashtags=("opendag", "mbo"), language="nl"))
    assert "open_day" in coding.themes
    assert [(part.field, part.words) for part in coding.evidence if part.rule == "open_event"] == [
        ("hashtags", "#opendag")
    ]
    shown = coder.code_unit(Unit(id="1", text="Tot dan! #opendag", hashtags=("opendag",), language="nl"))
    assert {part.field for part in shown.evidence} == {"text"}
    longer = Unit(id="1", text="Tot dan! #opendagbezoek2", hashtags=("opendag",), language="nl")
    assert "hashtags" in {part.field for part in coder.code_unit(longer).evidence}


def test_stretched_words_count_as_the_words_they_are(coder):
    coding = coder.code_unit(Unit(id="1", text="Wat een feeeeest", language="nl"))
    assert {part.words for part in coding.evidence if part.code == "theme.atmosphere"} == {"feeeeest"}
    assert coder.code_unit(Unit(id="1", text="ideeën en zeeën", language="nl")).evidence == ()


def test_writing_without_capitals_is_a_fact(coder):
    small, usual = (
        coder.code_unit(Unit(id="1", platform="instagram", text=text, language="nl"))
        for text in ("wij stonden er weer", "Wij stonden er weer")
    )
    rules = coder.rules.rules
    assert "small_letters" in {rules[number].rule.name for number in small.fired}
    assert "small_letters" not in {rules[number].rule.name for number in usual.fired}


def test_rows(coder):
    coding = coder.code_unit(
        Unit(id="7", text="Open dag op zaterdag! Daarna heb je baangarantie.", language="nl")
    )
    rows = list(coding.rows())
    assert {(row.dimension, row.code) for row in rows} == {
        (dimension, code) for dimension, codes in coding.codes.items() for code in codes
    }
    assert [row.code for row in rows if row.dimension == "theme" and row.is_primary] == [coding.primary]
    open_day = next(row for row in rows if row.code == "open_day")
    assert {part["code"] for part in json.loads(open_day.evidence)} == {"theme.open_day"}
    assert open_day.score == coding.scores["theme.open_day"]


def test_speech_without_stops_is_read_in_stretches(coder):
    words = "en toen en toen " * 40
    coding = coder.code_unit(
        Unit(id="1", transcript=f"{words} wij hebben zaterdag open dag {words}", language="nl")
    )
    assert "open_day" in coding.themes


@given(st.lists(st.text(max_size=80), min_size=4, max_size=4))
@settings(max_examples=150, deadline=None)
def test_any_text_is_coded_and_evidenced(coder, texts):
    title, text, alt_text, transcript = texts
    unit = Unit(id="1", title=title, text=text, alt_text=alt_text, transcript=transcript, language="und")
    coding = coder.code_unit(unit)
    assert coding.primary in coding.themes
    assert coding.audiences
    for part in coding.evidence:
        assert getattr(unit, part.field)[part.start : part.end] == part.words
    list(coding.rows())


def test_the_same_unit_always_gets_the_same_coding(coder):
    unit = Unit(id="1", text="Wat verdien je als kok? Kom naar de open avond! #kok", language="nl")
    first = coder.code_unit(unit).as_record()
    for number in range(2_000):
        coder.code_unit(Unit(id=str(number), text=f"tekst {number} over werk {number * 7}", language="nl"))
    assert coder.code_unit(unit).as_record() == first
    assert Coder().code_unit(unit).as_record() == first
