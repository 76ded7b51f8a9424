"""Real files that people exported or captured, outside the project; they, and spoilt copies of them.

They lie in `../shared/samples`, or in the folder `samples` of what UITZICHT_SHARED names; without them this file
skips. `python tests/imports/test_import_samples.py` prints the table.
"""

from __future__ import annotations

import csv
import io
import os
import sys
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from reading import Read, read

from crawler.errors import CrawlerError, UnknownFormat

ROOT = Path(__file__).parents[2]
SAMPLES = Path(os.environ.get("UITZICHT_SHARED", ROOT.parent / "shared")) / "samples"

pytestmark = [
    pytest.mark.samples,
    pytest.mark.skipif(not SAMPLES.is_dir(), reason=f"no recorded responses at {SAMPLES}"),
]


@dataclass(frozen=True, kw_only=True)
class Sample:
    """One real file: what it holds, and how to make one bad row and one missing column of it."""

    file: str
    rows: int = 0
    posts: int = 0
    types: str = ""
    dates: tuple[str, str] = ("", "")
    refused: str = ""
    account: str = ""
    bad: tuple[str, str, str] = ("", "", "")
    column: str = ""


SAMPLES_READ = (
    Sample(
        file="exports/fivetran-linkedin_pages_ugc_post_history_data.csv",
        rows=75,
        posts=75,
        types="text 75",
        dates=("2023-07-17", "2023-10-13"),
        account="fivetran",
        bad=(
            "urn:li:ugcPost:7118649787851124736",
            "urn:li:nothing",
            "line 2: id is 'urn:li:nothing'; expected",
        ),
        column="first_published_at",
    ),
    Sample(
        file="exports/linkedin-page-content-all-posts-format.handmade.csv",
        rows=1,
        posts=1,
        types="image 1",
        dates=("2026-02-17", "2026-02-17"),
        account="voorbeeldschool",
        bad=("02/17/2026", "17-Februari", "line 3: Created date is '17-Februari'; expected a day"),
        column="Created date",
    ),
    Sample(
        file="exports/meta-business-suite-instagram-content-format.handmade.csv",
        rows=2,
        posts=2,
        types="image 1, short 1",
        dates=("2026-03-27", "2026-10-03"),
        bad=("IG image", "IG hologram", "line 2: Post type is 'IG hologram'; expected one of ig image"),
        column="Permalink",
    ),
    Sample(
        file="exports/tiktok-studio-content-format.handmade.csv",
        rows=2,
        posts=2,
        types="video 2",
        dates=("2025-07-16", "2025-12-31"),
        bad=("July 16", "Someday", "line 2: Post time is 'Someday'; expected a day such as"),
        column="Post time",
    ),
    Sample(file="exports/tiktok-studio-overview-format.handmade.csv", refused="TikTok Studio's daily totals"),
    Sample(
        file="exports/youtube-studio-table-data-punetech.csv",
        rows=221,
        posts=220,
        types="video 220",
        dates=("2020-08-08", "2026-03-04"),
        account="@punetech",
        bad=(",4632,", ",a few,", "line 3: Views is 'a few'; expected a whole number"),
        column="Video publish time",
    ),
    Sample(
        file="exports/youtube-studio-totals-codingtrain-2021.csv", refused="YouTube Studio's table by Date"
    ),
    Sample(
        file="instagram/zeeschuimer-instagram-home-202602.ndjson",
        rows=23,
        posts=23,
        types="carousel 3, image 16, short 4",
        dates=("", ""),
        bad=('"media_type":1', '"media_type":99', "media_type is 99; expected one of"),
    ),
    Sample(
        file="tiktok/zeeschuimer-tiktok-search-202310.first48.ndjson",
        rows=48,
        posts=48,
        types="video 48",
        dates=("", ""),
        bad=('"createTime":', '"createTime":"soon","was":', "createTime is 'soon'; expected"),
    ),
    Sample(
        file="linkedin/metascraper-guest-company-page-audiense-202410.html",
        rows=1,
        posts=10,
        types="",
        dates=("", ""),
    ),
)
WITH_POSTS = [sample for sample in SAMPLES_READ if sample.posts]
TABLES = [sample for sample in WITH_POSTS if sample.column]
by_file = pytest.mark.parametrize("sample", SAMPLES_READ, ids=lambda sample: sample.file)
by_posts = pytest.mark.parametrize("sample", WITH_POSTS, ids=lambda sample: sample.file)
by_table = pytest.mark.parametrize("sample", TABLES, ids=lambda sample: sample.file)
by_row = pytest.mark.parametrize(
    "sample", [one for one in WITH_POSTS if one.bad[0]], ids=lambda sample: sample.file
)


def spoilt(sample: Sample, tmp_path: Path, change: Callable[[bytes], bytes]) -> Path:
    path = tmp_path / "spoilt"
    whole = (SAMPLES / sample.file).read_bytes()
    changed = change(whole)
    assert changed != whole
    path.write_bytes(changed)
    return path


def ids(found: Read) -> list[str]:
    return [post.post_id for post in found.posts]


def types(found: Read) -> str:
    counted = Counter(post.media_type for post in found.posts)
    return ", ".join(f"{name} {count}" for name, count in sorted(counted.items()))


@by_file
def test_a_real_file_gives_the_posts_that_it_holds(sample: Sample) -> None:
    if sample.refused:
        with pytest.raises(UnknownFormat, match=sample.refused):
            read(SAMPLES / sample.file, sample.account)
        return
    found = read(SAMPLES / sample.file, sample.account)
    assert (found.rows, len(found.posts), found.told) == (sample.rows, sample.posts, [])
    assert not any("not known" in note for note in found.notes)
    assert types(found) == sample.types or not sample.types
    days = sorted(str(post.posted_at.date()) for post in found.posts if post.posted_at)
    assert not sample.dates[0] or (days[0], days[-1]) == sample.dates


@by_row
def test_one_bad_row_costs_no_other(sample: Sample, tmp_path: Path) -> None:
    was, now, told = sample.bad
    path = spoilt(sample, tmp_path, lambda whole: whole.replace(was.encode(), now.encode(), 1))
    found = read(path, sample.account)
    assert len(found.told) == 1
    assert told in found.told[0]
    whole = ids(read(SAMPLES / sample.file, sample.account))
    assert len(ids(found)) == len(whole) - 1
    assert set(ids(found)) < set(whole)


@by_posts
def test_utf16_reads_the_same(sample: Sample, tmp_path: Path) -> None:
    path = spoilt(sample, tmp_path, lambda whole: whole.decode("utf-8-sig").encode("utf-16"))
    assert ids(read(path, sample.account)) == ids(read(SAMPLES / sample.file, sample.account))


@by_table
def test_another_delimiter_reads_the_same_and_a_mixed_one_is_told(sample: Sample, tmp_path: Path) -> None:
    def resave(whole: bytes) -> bytes:
        out = io.StringIO(newline="")
        rows = csv.reader(io.StringIO(whole.decode("utf-8-sig"), newline=""))
        csv.writer(out, delimiter=";").writerows(rows)
        return out.getvalue().encode()

    path = spoilt(sample, tmp_path, resave)
    assert ids(read(path, sample.account)) == ids(read(SAMPLES / sample.file, sample.account))
    path = spoilt(sample, tmp_path, lambda whole: whole.replace(b",", b"|"))
    with pytest.raises(UnknownFormat, match="of no known kind"):
        read(path, sample.account)


@by_table
def test_a_missing_column_is_named_with_the_known_ones(sample: Sample, tmp_path: Path) -> None:
    path = spoilt(sample, tmp_path, lambda whole: whole.replace(sample.column.encode(), b"Kolom X", 1))
    with pytest.raises(UnknownFormat) as error:
        read(path, sample.account)
    assert f"has no column '{sample.column}'" in str(error.value)
    assert "'Kolom X' is not known; known are " in str(error.value)


@by_posts
def test_a_file_cut_in_half_keeps_what_is_whole_and_says_where_it_breaks_off(
    sample: Sample, tmp_path: Path
) -> None:
    path = spoilt(sample, tmp_path, lambda whole: whole[: int(len(whole) * 0.6)])
    whole = ids(read(SAMPLES / sample.file, sample.account))
    try:
        found = read(path, sample.account)
    except CrawlerError as error:
        assert len(whole) <= 2
        assert str(error).startswith("spoilt ")
        return
    assert found.told
    assert len(found.told) == 1 or found.title == "a saved LinkedIn page"
    assert ids(found) == whole[: len(ids(found))]
    assert len(ids(found)) >= len(whole) // 3 or len(whole) == 1


def table() -> str:
    """Return the table of files, rows, posts and refused rows."""
    lines = [f"{'file':60} {'rows':>5} {'posts':>5} {'left out':>8} {'refused':>7}"]
    for sample in SAMPLES_READ:
        name = Path(sample.file).name[:60]
        try:
            found = read(SAMPLES / sample.file, sample.account)
        except CrawlerError as error:
            lines.append(f"{name:60} {'-':>5} {0:>5} {'-':>8} {'whole':>7}  {error}")
            continue
        counts = f"{found.rows:>5} {len(found.posts):>5} {len(found.left_out):>8} {len(found.told):>7}"
        days = sorted(str(post.posted_at.date()) for post in found.posts if post.posted_at)
        lines.append(f"{name:60} {counts}  {found.title}; {types(found)}; {days[0]} to {days[-1]}")
    return "\n".join(lines)


if __name__ == "__main__":
    sys.stdout.write(table() + "\n")
