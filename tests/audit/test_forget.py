"""Forgetting: after it, no byte under the study knows the account or post, and nothing brings it back."""

from __future__ import annotations

import gzip
import json
import os
import re
import signal
import subprocess
import sys
import time
import zipfile
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import duckdb
import openpyxl
import pytest
from warcio.archiveiterator import ArchiveIterator

from audit.exits import Exit
from tests.crawler.study import GROUND, make_study, outcomes, post_ids, records, surroundings, uitzicht
from tests.mocksite import Site, many_posts, running

GONE = "vergeetmij"
ACCOUNTS = [("instagram", GONE), ("instagram", "blijft"), ("youtube", "@ookhier")]
GROUNDS = f"[platforms.instagram]\n{GROUND}\n"


def contents(folder: Path) -> Iterator[tuple[str, str]]:
    """Yield place and text of everything under a folder: names, bytes, unpacked, decoded, and database strings."""
    for path in sorted(folder.rglob("*")):
        yield f"name of {path}", str(path.relative_to(folder))
        if not path.is_file():
            continue
        body = path.read_bytes()
        yield str(path), body.decode("latin-1")
        yield f"utf-8 of {path}", body.decode(errors="replace")
        if ".warc" in path.name:
            with path.open("rb") as file:
                for record in ArchiveIterator(file):
                    said = (
                        f"{record.rec_headers} {record.http_headers}".encode()
                        + record.content_stream().read()
                    )
                    yield f"record of {path}", _plain(said)
        elif body[:2] == b"\x1f\x8b":
            yield f"unpacked {path}", _plain(gzip.decompress(body))
        elif path.suffix == ".xlsx":
            with zipfile.ZipFile(BytesIO(body)) as parts:
                for part in parts.namelist():
                    yield f"{part} of {path}", parts.read(part).decode(errors="replace")
        elif body[8:12] == b"DUCK":
            yield from _rows(path)


def _plain(body: bytes) -> str:
    text = body.decode(errors="replace")
    return text + re.sub(r"\\u([0-9a-fA-F]{4})", lambda found: chr(int(found[1], 16)), text)


def _rows(path: Path) -> Iterator[tuple[str, str]]:
    with duckdb.connect(str(path), read_only=True) as con:
        for (table,) in con.execute("select table_name from duckdb_tables()").fetchall():
            for row in con.execute(f'from "{table}"').fetchall():  # noqa: S608
                yield f"{table} of {path}", repr(row)


def places_of(folder: Path, *words: str) -> list[str]:
    return [place for place, text in contents(folder) if any(word.lower() in text.lower() for word in words)]


@pytest.fixture(scope="module")
def site() -> Site:
    return Site([post for platform, account in ACCOUNTS for post in many_posts(14, platform, account)])


@pytest.fixture(scope="module")
def audited(site: Site, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A study that was crawled, loaded, coded, reported, exported and sampled: what its owner would have."""
    folder = make_study(tmp_path_factory.mktemp("forget") / "study", ACCOUNTS, more=GROUNDS)
    with running(site):
        done = uitzicht("audit", folder, env=surroundings(site))
    assert done.returncode == Exit.SUCCESS, done.stderr
    assert len(records(folder, "post")) >= 3 * 14
    for shape in ("csv", "parquet"):
        assert uitzicht("warehouse", "export", folder, folder / "tables", "--format", shape).returncode == 0
    assert uitzicht("warehouse", "backup", folder, folder / "saved.duckdb").returncode == 0
    _write_sheet(folder)
    return folder


def _write_sheet(folder: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["post", "text", "theme"])
    for post in records(folder, "post"):
        sheet.append([post["url"], post["text"], "atmosphere"])
    book.save(folder / "coder-1.xlsx")
    lines = [json.dumps({"id": post["post_id"], "text": post["text"]}) for post in records(folder, "post")]
    (folder / "units.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")


@pytest.fixture
def study(audited: Path, tmp_path: Path) -> Path:
    subprocess.run(["cp", "-a", audited, tmp_path / "study"], check=True)  # noqa: S607
    return tmp_path / "study"


def known_of(folder: Path, account: str) -> tuple[set[str], set[str]]:
    """Return the ids and texts that the feeds know of an account."""
    posts = [post for post in records(folder, "post") if post["account"] == account]
    shown = [one for one in records(folder, "account") if one["account"] == account]
    ids = {post["post_id"] for post in posts} | {str(one["account_id"]) for one in (*shown, *posts)}
    return ids - {"None"}, {post["text"] for post in posts if len(post["text"]) > 12}


def own_texts(folder: Path) -> set[str]:
    others = {post["text"] for post in records(folder, "post") if post["account"] != GONE}
    return known_of(folder, GONE)[1] - others


def test_without_yes_it_says_what_would_go_and_changes_nothing(study: Path) -> None:
    before = {path: path.read_bytes() for path in study.rglob("*") if path.is_file()}
    done = uitzicht("forget", study, "--account", f"instagram/{GONE}")
    assert "captures removed" in done.stderr
    assert "rows of dim_post" in done.stderr
    after = {path: path.read_bytes() for path in study.rglob("*") if path.is_file()}
    changed = {path.name for path in before if after.get(path) != before[path]}
    assert not changed


def test_nothing_under_the_study_knows_a_forgotten_account(study: Path, site: Site) -> None:
    ids, _ = known_of(study, GONE)
    words = {GONE, *ids}
    assert len(ids) >= 15
    assert len(places_of(study, *words)) > 20
    others = {post for post in post_ids(study)} - ids
    done = uitzicht("forget", study, "--account", f"instagram/{GONE.upper()}", "--yes")
    assert done.returncode == Exit.SUCCESS, done.stderr
    assert places_of(study, *words) == []
    assert post_ids(study) == others
    assert uitzicht("warehouse", "check", study).returncode == 0
    assert "uitzicht report" in done.stderr
    with duckdb.connect(str(study / "warehouse.duckdb"), read_only=True) as con:
        left = {row[0] for row in con.execute("select post_id from dim_post").fetchall()}
        codings = con.execute("select count(distinct post_key) from fact_coding").fetchone()
    assert left == others
    assert codings == (len(others),)
    _nothing_brings_it_back(study, site, words)


def _nothing_brings_it_back(study: Path, site: Site, words: set[str]) -> None:
    assert uitzicht("reparse", study).returncode == 0
    loaded = uitzicht("load", study)
    assert loaded.returncode == 0
    assert "0 new posts" in loaded.stderr
    assert uitzicht("report", study).returncode == 0
    assert uitzicht("crawl", study, "--replay", study / "archive", env=surroundings(site)).returncode == 0
    assert uitzicht("load", study).returncode == 0
    assert places_of(study, *words) == []
