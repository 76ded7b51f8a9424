"""Moments from relative texts and from ids: precision and source with each, and nothing made up."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.parsers.dates import (
    UNDATED,
    Dated,
    decode_instagram_pk,
    decode_linkedin_id,
    decode_tiktok_id,
    read_relative,
    reconcile,
)

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "at", "precision"),
    [
        ("5m ago", None, "unknown"),  # a minute in English, a month in French
        ("5 min", "2026-11-22T11:55:00", "minute"),
        ("18h", "2026-11-21T18:00:00", "hour"),
        ("13 days ago", "2026-11-09T12:00:00", "day"),
        ("2w", "2026-11-08T12:00:00", "week"),
        ("18mo", "2025-05-22T12:00:00", "month"),
        ("1yr", "2025-11-22T12:00:00", "year"),
        ("a week ago", "2026-11-15T12:00:00", "week"),
        ("Streamed 3 weeks ago", "2026-11-01T12:00:00", "week"),
        ("Premiered 1 year ago", "2025-11-22T12:00:00", "year"),
        ("4d • Edited", "2026-11-18T12:00:00", "day"),
        ("18 mnd", "2025-05-22T12:00:00", "month"),
        ("18 u", "2026-11-21T18:00:00", "hour"),
        ("20 uur geleden", "2026-11-21T16:00:00", "hour"),
        ("3 wk. geleden", "2026-11-01T12:00:00", "week"),
        ("een dag geleden", "2026-11-21T12:00:00", "day"),
        ("Gestreamd: 3 maanden geleden", "2026-08-22T12:00:00", "month"),
        ("5 d • Bewerkt", "2026-11-17T12:00:00", "day"),
        ("vor 3 Wochen", "2026-11-01T12:00:00", "week"),
        ("vor einem Jahr", "2025-11-22T12:00:00", "year"),
        ("2 Std.", "2026-11-22T10:00:00", "hour"),
        ("il y a 2 mois", "2026-09-22T12:00:00", "month"),
        ("il y a une heure", "2026-11-22T11:00:00", "hour"),
        ("3 sem.", "2026-11-01T12:00:00", "week"),
        ("just now", "2026-11-22T12:00:00", "minute"),
        ("vandaag", "2026-11-22T12:00:00", "day"),
        ("3 dgn geleden", "2026-11-19T12:00:00", "day"),
        ("gisteren", "2026-11-21T12:00:00", "day"),
        ("eergisteren", "2026-11-20T12:00:00", "day"),
        ("vorgestern", "2026-11-20T12:00:00", "day"),
        ("avant-hier", "2026-11-20T12:00:00", "day"),
        ("gestern", "2026-11-21T12:00:00", "day"),
        ("hier", "2026-11-21T12:00:00", "day"),
    ],
)
def test_relative_texts_in_four_languages(text: str, at: str | None, precision: str) -> None:
    dated = read_relative(text, NOW)
    assert dated.at == (moment(at) if at else None)
    assert dated.precision == precision
    assert dated.source == ("relative" if at else "unknown")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "3 fortnights ago",
        "1 etmaal",
        "in 3 hours",
        "over 3 dagen",
        "Premieres 14/08/2025, 13:00",
        "56 waiting",
        "28 views",
        "many days ago",
        "-3 days ago",
        "3 days ago and counting",
        "9999 years ago",
        "400 years ago",
        "١٣ days" + "x" * 10_000,
    ],
)
def test_what_is_not_understood_has_no_date(text: str) -> None:
    assert read_relative(text, NOW) is UNDATED


@pytest.mark.parametrize(
    ("text", "language", "at"),
    [
        ("1 j", "nl", "2025-11-22T12:00:00"),
        ("1 j", "de-DE", "2025-11-22T12:00:00"),
        ("1 j", "fr", "2026-11-21T12:00:00"),
        ("1 j", None, None),
        ("5m", "en-GB", "2026-11-22T11:55:00"),
        ("18 u", "en", None),
        ("2 w", "xx", "2026-11-08T12:00:00"),
    ],
)
def test_the_page_s_language_decides_what_a_unit_means(
    text: str, language: str | None, at: str | None
) -> None:
    assert read_relative(text, NOW, language).at == (moment(at) if at else None)


def test_a_month_before_the_31st_is_the_last_of_the_month() -> None:
    assert read_relative("1 month ago", moment("2026-03-31T08:00:00")).at == moment("2026-02-28T08:00:00")


@given(st.text(max_size=40), st.sampled_from([None, "nl", "en", "de", "fr", ""]))
def test_any_text_gives_a_past_moment_or_none(text: str, language: str | None) -> None:
    dated = read_relative(text, NOW, language)
    assert (dated.at is None) == (dated.precision == "unknown")
    assert dated.at is None or dated.at <= NOW


def test_ids_hold_the_time_of_posting() -> None:
    assert decode_linkedin_id("7248246460041809920") == Dated(
        at=moment("2024-10-05T08:23:41.981000"), precision="day", source="id"
    )
    made = int(moment("2026-05-01T10:00:00").timestamp())
    assert decode_tiktok_id(str((made << 32) + 12345)) == Dated(
        at=moment("2026-05-01T10:00:00"), precision="minute", source="id"
    )
    pk = (made * 1000 - 1_314_220_021_721) << 23
    assert decode_instagram_pk(str(pk)) == Dated(
        at=moment("2026-05-01T10:00:00"), precision="day", source="id"
    )


@pytest.mark.parametrize("identifier", ["", "1", "VIDEO_ID", "-5", "7.2e18", "9" * 30, "٧٢٤٨٢٤٦٤٦٠٠٤١٨٠٩٩٢٠"])
def test_an_id_without_a_plausible_time_has_none(identifier: str) -> None:
    assert decode_tiktok_id(identifier) is UNDATED
    assert decode_linkedin_id(identifier) is UNDATED


@pytest.mark.parametrize(
    ("age", "text", "source"),
    [
        (timedelta(days=16), "2w", "id"),
        (timedelta(days=20), "2w", "id"),
        (timedelta(days=30), "2w", "relative"),
        (timedelta(days=10), "3h", "relative"),
        (timedelta(hours=3, minutes=40), "3h", "id"),
        (timedelta(days=1), "2w", "relative"),
        (timedelta(days=5), "unknown", "id"),
    ],
)
def test_an_id_that_the_page_contradicts_gives_way(age: timedelta, text: str, source: str) -> None:
    by_id = Dated(at=NOW - age, precision="day", source="id")
    assert reconcile(by_id, read_relative(text, NOW), NOW).source == source


def test_a_text_helps_out_where_an_id_has_no_time() -> None:
    assert reconcile(UNDATED, read_relative("2w", NOW), NOW).precision == "week"
    assert reconcile(UNDATED, UNDATED, NOW) is UNDATED
