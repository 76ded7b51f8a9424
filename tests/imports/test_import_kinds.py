"""Each kind of export, field by field; and a kind is told by what is in a file, whatever its name."""

from __future__ import annotations

import os
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import orjson
import pytest
from reading import FILES, Read, read

from crawler.errors import ArchiveError, ParseError, UnknownFormat
from crawler.imports.readers import find_source

PAGE = FILES.parents[1] / "captures/linkedin/company_own_posts/body.html"
CHANNEL = "UCnoorderhaven0000000000"


def moment(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)  # type: ignore[misc, arg-type]


def facts(result: Read, *names: str) -> list[tuple[Any, ...]]:
    return [tuple(asdict(post)[name] for name in names) for post in result.posts]


DATED = ("post_id", "media_type", "posted_at", "posted_precision", "posted_source")
COUNTS = ("like_count", "comment_count", "share_count", "view_count", "save_count")


def test_youtube_studio_has_titles_days_and_views_and_a_row_of_totals() -> None:
    found = read(FILES / "studio-table.csv", "@rocnoorderhaven")
    assert found.told == []
    assert found.notes == (
        "studio-table.csv: its numbers are those of the period that was chosen on the screen, which the file does not"
        " name; only with Lifetime are they what others count",
    )
    assert [(row.place, row.why) for row in found.left_out] == [
        ("studio-table.csv line 2", "the row of totals")
    ]
    assert facts(found, *DATED) == [
        ("kQ3vbT0aLmE", "video", moment(2026, 3, 4), "day", "export"),
        ("-a_Zx09pQrs", "video", moment(2025, 10, 28), "day", "export"),
        ("Zz8yYxXwWvV", "video", None, "unknown", "unknown"),
    ]
    assert facts(found, *COUNTS)[0] == (None, None, None, 1204, None)
    first = found.posts[0]
    assert (first.account, first.title, first.text) == (
        "@rocnoorderhaven",
        "Werken in de zorg: een dag mee met Noor",
        None,
    )


def test_tiktok_studio_takes_the_year_from_the_videos_id() -> None:
    found = read(FILES / "tiktok-content.csv")
    assert found.told == []
    assert [post.posted_at for post in found.posts] == [
        moment(2025, 7, 16),
        moment(2025, 12, 31),  # its id was made after midnight, UTC, in 2026
        moment(2026, 2, 3),
    ]
    assert [post.media_type for post in found.posts] == ["video", "video", "carousel"]
    assert facts(found, *COUNTS)[0] == (533, 32, 16, 19126, None)
    assert [post.text for post in found.posts] == [
        "Wat verdien je als monteur? #mbo #techniek",
        "",
        "Stagemarkt",
    ]
    assert found.posts[0].hashtags == ("mbo", "techniek")
    assert {post.account for post in found.posts} == {"rocnoorderhaven"}


def test_tiktok_studios_day_of_export_is_the_last_such_day_before_the_file_was_written(
    tmp_path: Path,
) -> None:
    copy = tmp_path / "x.csv"
    copy.write_bytes((FILES / "tiktok-content.csv").read_bytes())
    written = moment(2026, 3, 1, 9).timestamp()
    os.utime(copy, (written, written))
    assert {post.captured_at for post in read(copy).posts} == {moment(2026, 2, 28)}
    night = moment(2026, 2, 27, 23, 30)  # half past midnight, the 28th, in the Netherlands
    os.utime(copy, (night.timestamp(), night.timestamp()))
    assert {post.captured_at for post in read(copy).posts} == {night}
    early = moment(2026, 2, 27).timestamp()
    os.utime(copy, (early, early))
    assert {post.captured_at for post in read(copy).posts} == {moment(2025, 2, 28)}


@pytest.mark.parametrize(
    ("written", "told"),
    [(moment(1980, 1, 1), "before the year 2000"), (moment(2099, 1, 1), "in the future")],
)
@pytest.mark.parametrize("name", ["business-suite.csv", "page.html"])
def test_a_files_own_time_that_cannot_be_gives_way_to_that_of_the_import(
    name: str, written: datetime, told: str, tmp_path: Path
) -> None:
    copy = tmp_path / name
    copy.write_bytes((PAGE if name == "page.html" else FILES / name).read_bytes())
    os.utime(copy, (written.timestamp(), written.timestamp()))
    before = datetime.now(UTC).replace(microsecond=0)
    found = read(copy, "@rocnoorderhaven")
    assert all(before <= capture.captured_at <= datetime.now(UTC) for capture in found.captures)
    assert found.notes == (
        f"{name}: the file's own time lies {told}; that of this import is taken for when it was written",
    )


def test_a_day_far_from_the_videos_id_is_told(tmp_path: Path) -> None:
    copy = tmp_path / "x.csv"
    copy.write_bytes((FILES / "tiktok-content.csv").read_bytes().replace(b'"July 16"', b'"May 1"'))
    found = read(copy)
    assert len(found.posts) == 2
    assert found.told == [
        "x.csv line 2: Post time is 'May 1'; expected a day near 2025-07-16, when the post's id was made"
    ]


def test_business_suite_keeps_instagram_and_tells_what_it_leaves_out() -> None:
    found = read(FILES / "business-suite.csv")
    assert found.told == []
    assert [(row.place, row.why) for row in found.left_out] == [
        ("business-suite.csv line 6", "a story"),
        ("business-suite.csv line 7", "Facebook's"),
    ]
    assert [(post.media_type, post.posted_at, post.posted_precision) for post in found.posts] == [
        ("image", moment(2026, 3, 27), "day"),
        ("short", moment(2026, 10, 3), "day"),
        ("carousel", moment(2026, 10, 5), "day"),
    ]
    assert facts(found, *COUNTS) == [
        (5, 2, 3, 160, 4),
        (610, 57, 88, 12400, 230),
        (None, None, None, 90, None),
    ]
    first = found.posts[0]
    assert first.url == f"https://www.instagram.com/p/{first.post_id}/"
    assert first.text == "Stage lopen, en dan?\n#openavond, met komma"
    assert (first.account, first.account_id) == ("rocnoorderhaven", "17840000000000001")


def test_a_text_is_that_of_the_platform_in_a_file_of_windows_too(tmp_path: Path) -> None:
    copy = tmp_path / "x.csv"
    plain = (FILES / "business-suite.csv").read_bytes().replace(b",Reel,", b',"Reel \n",')
    texts = ["Stage lopen, en dan?\n#openavond, met komma", "Reel \n", ""]
    for line_end in (b"\n", b"\r\n", b"\r"):
        copy.write_bytes(plain.replace(b"\n", line_end))
        assert [post.text for post in read(copy).posts] == texts


@pytest.mark.parametrize("rounded", ["1.784E+16", "1,78414E+16", "17841400123456700"])
def test_an_accounts_number_that_excel_rounded_is_no_number(rounded: str, tmp_path: Path) -> None:
    copy = tmp_path / "x.csv"
    cell = f'"{rounded}"'
    text = (FILES / "business-suite.csv").read_text("utf-8-sig").replace("17840000000000001", cell)
    copy.write_text(text, encoding="utf-8")
    found = read(copy)
    assert found.told == []
    assert [(post.account, post.account_id) for post in found.posts] == [("rocnoorderhaven", None)] * 3


def test_where_day_and_month_could_be_exchanged_the_posts_own_ids_tell() -> None:
    found = read(FILES / "business-suite-day-first.csv")
    assert [post.posted_at for post in found.posts] == [
        moment(2026, 10, 3),
        moment(2026, 10, 5),
    ]


def test_a_clock_of_no_known_zone_moves_no_day_into_the_next_month(tmp_path: Path) -> None:
    copy = tmp_path / "x.csv"
    copy.write_bytes(
        (FILES / "business-suite.csv").read_bytes().replace(b"03/27/2026 06:08", b"03/31/2026 23:30")
    )
    first = read(copy).posts[0]
    assert first.posted_at is not None
    assert first.posted_at.astimezone(ZoneInfo("Europe/Amsterdam")).date().isoformat() == "2026-03-31"


def test_a_file_that_contradicts_itself_loses_only_the_days_in_doubt(tmp_path: Path) -> None:
    copy = tmp_path / "x.csv"
    copy.write_bytes(
        (FILES / "business-suite.csv").read_bytes().replace(b"10/03/2026 08:31", b"28/03/2026 08:31")
    )
    found = read(copy)
    assert [post.posted_at for post in found.posts] == [moment(2026, 3, 27), moment(2026, 3, 28)]
    assert found.told == [
        "x.csv line 5: Publish time is '10/05/2026 00:10'; expected the file to tell whether day or month comes first"
    ]


@pytest.mark.parametrize("name", ["linkedin-page.csv", "linkedin-page.xls", "linkedin-page.xlsx"])
def test_linkedins_export_is_the_same_in_every_wrapping(name: str) -> None:
    found = read(FILES / name, "roc-noorderhaven")
    assert (found.told, found.notes) == ([], ())
    assert [row.why for row in found.left_out] == ["an advertisement"]
    assert facts(found, "media_type", "posted_at", "posted_precision", *COUNTS[:4]) == [
        ("image", moment(2026, 2, 17), "day", 30, 2, 1, None),
        ("video", moment(2026, 2, 5), "day", 11, 0, None, 412),
        ("text", moment(2025, 11, 30), "day", 1, 0, 0, None),
    ]
    assert found.posts[0].post_id == "7429441978368004242"
    assert found.posts[0].text == "Drie studenten werken al voor hun diploma. #werkenindezorg\nLees meer"
    assert found.posts[1].url == "https://www.linkedin.com/feed/update/urn:li:share:7425115973222404242"
    assert {post.account for post in found.posts} == {"roc-noorderhaven"}


def test_the_colleague_who_posted_is_not_kept() -> None:
    for capture in read(FILES / "linkedin-page.xls", "x").captures:
        assert b"Posted by" not in capture.body
        assert b"Sanne" not in capture.body


@pytest.mark.parametrize("name", ["ytdt.csv", "ytdt.tab", "fourcat-youtube.csv"])
def test_youtube_data_tools_in_three_wrappings(name: str) -> None:
    found = read(FILES / name)
    assert found.told == []
    assert facts(found, *DATED) == [
        ("kQ3vbT0aLmE", "video", moment(2026, 3, 4, 14, 0, 12), "second", "export"),
        ("-a_Zx09pQrs", "video", moment(2025, 10, 28, 9, 30), "second", "export"),
    ]
    assert facts(found, *COUNTS[:4])[0] == (33, 4, None, 1204)
    assert {(post.account, post.account_id) for post in found.posts} == {(CHANNEL, CHANNEL)}


def test_the_old_tab_file_has_quotation_marks_that_mean_nothing() -> None:
    assert [post.title for post in read(FILES / "ytdt.tab").posts] == ['"Werken" in de zorg', "Open dag"]


def test_4cat_says_when_it_was_collected() -> None:
    assert {post.captured_at for post in read(FILES / "fourcat-youtube.csv").posts} == {
        moment(2026, 5, 21, 10)
    }
    assert {post.captured_at for post in read(FILES / "fourcat-linkedin.csv").posts} == {
        moment(2025, 6, 6, 10)
    }


def test_4cats_instagram_with_partial_items_and_hidden_likes() -> None:
    found = read(FILES / "fourcat-instagram.csv")
    assert found.told == []
    assert facts(found, *DATED[1:]) == [
        ("carousel", moment(2026, 3, 27, 13), "second", "export"),
        ("image", None, "unknown", "unknown"),
        ("video", moment(2026, 3, 27, 13), "second", "export"),
    ]
    assert facts(found, *COUNTS[:2]) == [(41, 2), (None, None), (None, 0)]
    assert found.posts[0].coauthors == ("gemeentenoord",)
    assert found.posts[0].mentions == ("gemeentenoord",)


def test_4cats_tiktok_with_text_on_screen_and_a_date_from_the_id() -> None:
    found = read(FILES / "fourcat-tiktok.csv")
    assert found.told == []
    assert facts(found, *DATED[1:]) == [
        ("video", moment(2025, 7, 16, 9), "second", "export"),
        ("carousel", moment(2026, 2, 3, 12), "minute", "id"),
    ]
    assert facts(found, *COUNTS[:4]) == [(533, 32, 16, 19126), (12, 1, 0, 801)]
    assert found.posts[0].alt_text == "2.400 euro\nper maand"


@pytest.mark.parametrize("rounded", ["7.5276E+18", "7527601919175620000"])
def test_4cats_tiktok_has_its_numbers_although_excel_rounded_them(rounded: str, tmp_path: Path) -> None:
    copy = tmp_path / "x.csv"
    text = (FILES / "fourcat-tiktok.csv").read_text("utf-8-sig").replace("7527601919175622656", rounded)
    copy.write_text(text.replace(f"/video/{rounded}", "/video/7527601919175622656"), encoding="utf-8")
    found = read(copy)
    assert (found.told, found.posts[0].post_id) == ([], "7527601919175622656")


@pytest.mark.parametrize("rounded", ["7.324E+18", "7323994659225600000"])
def test_4cats_linkedin_has_its_numbers_although_excel_rounded_them(rounded: str, tmp_path: Path) -> None:
    copy = tmp_path / "x.csv"
    number = "7323994659225604242"
    text = (FILES / "fourcat-linkedin.csv").read_text("utf-8-sig").replace(number, rounded)
    copy.write_text(text.replace(f"activity:{rounded}", f"activity:{number}"), encoding="utf-8")
    found = read(copy)
    assert (found.told, [post.post_id for post in found.posts]) == ([], [number])


def test_4cats_linkedin_keeps_organisations_only() -> None:
    found = read(FILES / "fourcat-linkedin.csv")
    assert [row.why for row in found.left_out] == ["a private person's"]
    (post,) = found.posts
    assert (post.account, post.media_type, post.like_count) == ("roc-noorderhaven", "carousel", 40)
    assert (post.posted_at, post.posted_source) == (moment(2025, 5, 2, 9), "id")
    assert b"jan-voorbeeld" not in found.captures[0].body


def test_old_zeeschuimer_updates_of_linkedin() -> None:
    found = read(FILES / "zeeschuimer-linkedin.ndjson")
    assert (found.told, found.rows) == ([], 3)
    own, shared = found.posts
    assert (own.account, own.account_id, own.text) == (
        "roc-noorderhaven",
        "90210",
        "Onze studenten bij het ziekenhuis #zorg",
    )
    assert (own.posted_at, own.posted_precision, own.posted_source) == (moment(2025, 5, 2, 9), "day", "id")
    assert (own.like_count, own.comment_count, own.share_count, own.media_type) == (40, 1, 2, "carousel")
    assert own.mentions == ("gemeente-noord",)
    assert (shared.is_repost, shared.repost_of, shared.text, shared.like_count) == (True, own.post_id, "", 3)


def test_fivetran_leaves_out_what_the_public_did_not_see() -> None:
    found = read(FILES / "fivetran.csv", "roc-noorderhaven")
    assert [row.why for row in found.left_out] == ["not published"]
    (post,) = found.posts
    assert (post.account, post.account_id) == ("roc-noorderhaven", "90210")
    assert post.posted_at == datetime(2026, 2, 13, 17, 32, 47, 678000, tzinfo=UTC)
    assert b"urn:li:person" not in found.captures[0].body


def test_fivetrans_texts_and_reposts_are_those_of_linkedins_api(tmp_path: Path) -> None:
    header, row, _ = (FILES / "fivetran.csv").read_text("utf-8").splitlines()
    marked = r"Kom \(za\) naar @[Gemeente Noord](urn:li:organization:7) {hashtag|\#|stage}"
    shared = row.replace("Stage bij de gemeente #stage", "").replace(
        "7428120772608004242", "7428120772608004243"
    )
    copy = tmp_path / "x.csv"
    repost = shared.replace("PUBLISHED,,", "PUBLISHED,urn:li:share:7428120772608004200,")
    reply = row.replace("7428120772608004242", "7428120772608004244").replace(
        "PUBLISHED,,", "PUBLISHED,urn:li:share:7428120772608004200,"
    )
    rows = (header, row.replace("Stage bij de gemeente #stage", marked), repost, reply)
    copy.write_text("\n".join(rows), encoding="utf-8")
    found = read(copy, "roc-noorderhaven")
    assert found.told == []
    assert facts(found, "text", "hashtags", "mentions", "is_repost", "repost_of") == [
        ("Kom (za) naar Gemeente Noord #stage", ("stage",), ("gemeente noord",), False, None),
        ("", (), (), True, "7428120772608004200"),
        ("Stage bij de gemeente #stage", ("stage",), (), False, "7428120772608004200"),
    ]


def test_a_row_is_captured_with_its_headers_and_reads_again_to_the_same(tmp_path: Path) -> None:
    found = read(FILES / "studio-table.csv", "@rocnoorderhaven")
    capture = found.captures[0]
    row = orjson.loads(capture.body)["row"]
    assert list(row)[:3] == ["Content", "Video title", "Video publish time"]
    assert (capture.format, capture.route) == ("youtube.youtube_studio_row", "youtube_studio")
    assert capture.url == "https://import.invalid/file/studio-table.csv#line%203"
    assert read(FILES / "studio-table.csv", "@rocnoorderhaven").captures == found.captures


@pytest.mark.parametrize("path", sorted(FILES.iterdir()), ids=lambda path: path.name)
def test_a_name_says_nothing(path: Path, tmp_path: Path) -> None:
    disguised = tmp_path / "holiday.jpg"
    disguised.write_bytes(path.read_bytes())
    try:
        title = find_source(path).title
    except UnknownFormat as error:
        with pytest.raises(UnknownFormat) as told:
            find_source(disguised)
        assert str(told.value) == str(error).replace(path.name, "holiday.jpg")
    else:
        assert find_source(disguised).title == title


@pytest.mark.parametrize(
    ("name", "told"),
    [
        (
            "studio-geography.csv",
            "is YouTube Studio's table by Geography, which names no videos; choose Content",
        ),
        ("studio-totals.csv", "is YouTube Studio's table by Date, which names no videos; choose Content"),
        (
            "tiktok-overview.csv",
            "is TikTok Studio's daily totals (Overview.csv), which name no videos; choose Content",
        ),
        ("business-suite-facebook.csv", "is Meta Business Suite's export of a Facebook page"),
        ("ytdt-comments.csv", "commenters are never kept; choose Video List"),
    ],
)
def test_tables_without_posts_are_told_as_what_they_are(name: str, told: str) -> None:
    with pytest.raises(UnknownFormat) as error:
        find_source(FILES / name)
    assert told in str(error.value)


def test_an_unknown_header_is_named_together_with_the_known_ones(tmp_path: Path) -> None:
    copy = tmp_path / "Tabelgegevens.csv"
    whole = (FILES / "studio-table.csv").read_text(encoding="utf-8")
    copy.write_text(whole.replace("Video publish time", "Publicatietijd van video"), encoding="utf-8")
    with pytest.raises(UnknownFormat) as error:
        find_source(copy)
    assert str(error.value).startswith(
        "Tabelgegevens.csv line 1 has no column 'Video publish time', which YouTube Studio (Table data.csv) has;"
        " 'Publicatietijd van video' is not known; known are Content, Video, Video title, Video publish time,"
    )


def test_a_column_that_is_not_known_is_noted_and_costs_nothing(tmp_path: Path) -> None:
    copy = tmp_path / "x.csv"
    whole = (FILES / "studio-table.csv").read_text(encoding="utf-8")
    copy.write_text(whole.replace("Impressions,", "Vertoningen,"), encoding="utf-8")
    found = read(copy, "@x")
    assert len(found.posts) == 3
    assert len(found.notes) == 2  # and what its numbers are
    assert found.notes[0].startswith(
        "x.csv line 1: not known and not read: 'Vertoningen'; known are Content, "
    )


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "is empty; export it again"),
        (b'{"id": 1}\n', "is of no known kind; expected Zeeschuimer (NDJSON)"),
        (b"%PDF-1.7\n", "is of no known kind"),
        (b"name,age\nx,3\n", "is a table of no known kind; it begins 'name, age'; expected 4CAT (Instagram)"),
        (b"only words here\n", "is of no known kind; expected Zeeschuimer (NDJSON)"),
        (
            b"<!doctype html><html><body>Hi</body></html>",
            "as a guest sees it; save it from a window in which",
        ),
        (b"PK\x03\x04 no zip", "breaks off: it has no table of contents"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "is no XLS file that can be read"),
    ],
)
def test_other_files_are_told_apart(tmp_path: Path, content: bytes, told: str) -> None:
    path = tmp_path / "other"
    path.write_bytes(content)
    with pytest.raises(ParseError) as error:
        find_source(path)
    assert told in str(error.value)
    assert str(error.value).startswith("other ")


@pytest.mark.skipif(not Path("/dev/fd").exists(), reason="streams have no path here")
def test_a_stream_is_told_as_such() -> None:
    reading, writing = os.pipe()
    try:
        os.write(writing, b"Content,Video title")
        os.close(writing)
        with pytest.raises(
            ArchiveError, match="is a stream, which can be read only once; save it as a file first"
        ):
            find_source(Path(f"/dev/fd/{reading}"))
    finally:
        os.close(reading)


def test_a_column_that_stands_twice_is_told(tmp_path: Path) -> None:
    copy = tmp_path / "x.csv"
    whole = (FILES / "studio-table.csv").read_text(encoding="utf-8")
    copy.write_text(whole.replace("Subscribers", "Views"), encoding="utf-8")
    with pytest.raises(UnknownFormat, match="line 1 has the column 'views' twice; expected it once"):
        find_source(copy)


def test_a_saved_page_is_kept_as_it_is(tmp_path: Path) -> None:
    page = Path(__file__).parents[1] / "captures/linkedin/company_own_posts/body.html"
    path = tmp_path / "page.html"
    saved = page.read_bytes().replace(
        b"<html",
        b"<!-- Page saved with SingleFile \n saved date: Wed Feb 25 2026 10:00:00 GMT+0100 -->\n<html",
        1,
    )
    path.write_bytes(saved)
    found = read(path)
    assert found.captures[0].body == saved
    assert (found.captures[0].format, found.captures[0].route) == ("linkedin.company_page", "saved_page")
    assert found.posts
    assert {post.captured_at for post in found.posts} == {moment(2026, 2, 25, 9)}
