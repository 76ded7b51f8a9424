"""How a report writes numbers, dates and quoted posts."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from markupsafe import Markup

from audit.report.evidence import AROUND, WHOLE, clean, cut, find_passages, find_span, merge
from audit.report.language import Language

DUTCH, ENGLISH = Language("nl"), Language("en")
NEW_YEAR = datetime(2026, 12, 31, 23, 30, tzinfo=UTC)  # half past midnight in the Netherlands


@pytest.mark.parametrize(
    ("dutch", "english", "number", "digits"),
    [("1.234.567", "1,234,567", 1234567, 0), ("0,5", "0.5", 0.5, 1), ("-1.000,25", "-1,000.25", -1000.25, 2)],
)
def test_numbers(dutch: str, english: str, number: float, digits: int) -> None:
    assert DUTCH.number(number, digits) == dutch
    assert ENGLISH.number(number, digits) == english


def test_shares_and_intervals() -> None:
    assert DUTCH.percent(0.0776) == "7,8%"
    assert DUTCH.interval(0.0634, 0.0931) == "6,3 tot 9,3%"
    assert ENGLISH.interval(0.0634, 0.0931) == "6.3 to 9.3%"
    assert DUTCH.interval(None, 0.1) == ""


def test_counts_with_their_noun() -> None:
    assert DUTCH.count(1, "post") == "1 bericht"
    assert DUTCH.count(0, "post") == "0 berichten"
    assert ENGLISH.count(2100, "post") == "2,100 posts"


@pytest.mark.parametrize(
    ("precision", "dutch"),
    [
        ("second", "1 januari 2027, 00:30 uur"),
        ("minute", "1 januari 2027, 00:30 uur"),
        ("hour", "1 januari 2027, rond 00 uur"),
        ("day", "31 december 2026"),
        ("week", "rond 31 december 2026"),
        ("month", "december 2026"),
        ("year", "2026"),
        ("unknown", "datum onbekend"),
    ],
)
def test_a_moment_is_told_no_more_precisely_than_it_is_known(precision: str, dutch: str) -> None:
    assert DUTCH.moment(NEW_YEAR, precision) == dutch
    assert DUTCH.moment(None, precision) == "datum onbekend"


def test_days_are_those_of_the_netherlands() -> None:
    assert DUTCH.day(NEW_YEAR) == "1 januari 2027"
    assert DUTCH.day(date(2026, 3, 1)) == "1 maart 2026"
    assert DUTCH.short_day(NEW_YEAR) == "1 jan 2027"
    assert DUTCH.short_days(date(2026, 3, 1), date(2026, 12, 3)) == "1 mrt 2026 tot en met 3 dec 2026"
    assert ENGLISH.short_days(NEW_YEAR, NEW_YEAR) == "1 Jan 2027"
    assert ENGLISH.month("2026-03") == "March 2026"
    assert DUTCH.short_month("2026-03") == "mrt 26"


def test_what_fills_in_words_is_escaped() -> None:
    said = DUTCH.say("page.title", title="<b>A</b> & {B}")
    assert said == Markup("&lt;b&gt;A&lt;/b&gt; &amp; {B} · Uitzicht")
    assert DUTCH.join(["<", Markup("<i>b</i>"), "c"]) == Markup("&lt;, <i>b</i> en c")


def test_codes_without_a_word_are_called_by_the_codebook_or_made_readable() -> None:
    language = Language("nl", {"green": "Groen"})
    assert language.name("themes", "green") == "Groen"
    assert language.name("themes", "open_day") == "Open dag"
    assert language.name("themes", "new_theme") == "new theme"


def test_evidence_is_set_apart() -> None:
    pieces = list(cut("Kans op een baan en een salaris", [(12, 16), (24, 31)]))
    assert [(piece.words, piece.is_evidence) for piece in pieces] == [
        ("Kans op een ", False),
        ("baan", True),
        (" en een ", False),
        ("salaris", True),
    ]


def test_a_long_text_is_cut_to_its_opening_and_what_stands_around_evidence() -> None:
    words = [f"woord{number}" for number in range(2000)]
    text = " ".join(words)
    start = text.index("woord1500")
    pieces = list(cut(text, [(start, start + 9)]))
    shown = "".join(piece.words for piece in pieces)
    assert [piece.words for piece in pieces if piece.is_evidence] == ["woord1500"]
    assert shown.startswith("woord0 woord1 ")
    assert shown.endswith(" …")
    assert "… woord14" in shown
    assert len(shown) < WHOLE + 2 * AROUND
    assert set(shown.split()) - {"…"} <= set(words)


def test_a_short_text_is_whole() -> None:
    text = "x" * WHOLE
    assert "".join(piece.words for piece in cut(text, [])) == text


def test_spans_that_overlap_are_one() -> None:
    assert merge([(5, 9), (0, 3), (8, 12), (12, 14)]) == [(0, 3), (5, 14)]


def test_evidence_that_moved_is_found_by_its_words() -> None:
    assert find_span("een baan", {"words": "baan", "start": 4, "end": 8}) == (4, 8)
    assert find_span("nu een baan", {"words": "baan", "start": 4, "end": 8}) == (7, 11)
    assert find_span("niets", {"words": "baan", "start": 0, "end": 4}) is None
    assert find_span("niets", {"words": "", "start": 0, "end": 0}) is None
    assert find_span("een baan", {"words": "baan", "start": None, "end": "8"}) == (4, 8)


def test_fields_are_shown_where_they_tell() -> None:
    texts = {"title": "Titel", "text": "", "alt_text": "Een klas", "transcript": "ik heb een baan"}
    evidence = [{"field": "transcript", "words": "baan", "start": 11, "end": 15}]
    assert [passage.field for passage in find_passages(texts, evidence)] == ["title", "transcript"]
    assert [passage.field for passage in find_passages(texts | {"text": "x"}, [])] == ["title", "text"]


def test_what_cannot_be_shown_is_left_out() -> None:
    assert clean("a\x00b\ud83dc\u202ed\u2066e\r\nf\n\n\n\ng") == "abcde\nf\n\ng"
    assert clean("👩‍🎓 وظيفة") == "👩‍🎓 وظيفة"
