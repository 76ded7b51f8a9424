"""Forgetting: after it, no byte under the study knows the account or post, and nothing brings it back."""

from __future__ import annotations

import gzip
import json
import re
import subprocess
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path

import duckdb
import openpyxl
import pytest
from warcio.archiveiterator import ArchiveIterator

from audit.exits import Exit
from audit.forgetting import apply, find_account, find_posts
from audit.steps.load import load
from audit.study import Study
from crawler.archive import Archive, archive_files, read_archive, read_archives
from crawler.forget import Target
from crawler.forget_archive import forget_in_archive
from crawler.forgotten import Forgotten, handle_name, note
from crawler.imports.desk import import_file
from crawler.items import Capture, capture_id
from crawler.parsers.formats import parse
from crawler.study import CrawlStudy
from tests.audit.test_commands import _line
from tests.crawler.study import GROUND, make_study, outcomes, post_ids, records, surroundings, uitzicht
from tests.mocksite import Site, many_posts, running
from tests.warehouse.making import feed, iso, post, write_feed

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
            for row in con.execute(f'from "{table}"').fetchall():
                yield f"{table} of {path}", repr(row)


def places_of(folder: Path, *words: str) -> list[str]:
    return [place for place, text in contents(folder) if any(word.lower() in text.lower() for word in words)]


@pytest.fixture(scope="module")
def site() -> Site:
    counts = (13, 14, 15)  # so that no two accounts have a text in common
    return Site(
        [post for of, number in zip(ACCOUNTS, counts, strict=True) for post in many_posts(number, *of)]
    )


@pytest.fixture(scope="module")
def audited(site: Site, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a study that was crawled, loaded, coded, reported, exported and sampled: what its owner would have."""
    folder = make_study(tmp_path_factory.mktemp("forget") / "study", ACCOUNTS, more=GROUNDS)
    with running(site):
        done = uitzicht("audit", folder, env=surroundings(site))
    assert done.returncode == Exit.SUCCESS, done.stderr
    assert len(records(folder, "post")) >= 42
    assert uitzicht("export", folder, "--to", folder / "exports" / "all").returncode == 0
    assert (
        uitzicht("export", folder, "--to", folder / "exports" / "shared", "--pseudonymised").returncode == 0
    )
    assert uitzicht("warehouse", "backup", folder, folder / "saved.duckdb").returncode == 0
    _write_sheet(folder)
    return folder


def _write_sheet(folder: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["post", "text", "theme"])
    for one in records(folder, "post"):
        sheet.append([one["url"], one["text"], "atmosphere"])
    book.save(folder / "coder-1.xlsx")
    lines = [json.dumps({"id": one["post_id"], "text": one["text"]}) for one in records(folder, "post")]
    (folder / "units.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")


@pytest.fixture
def study(audited: Path, tmp_path: Path) -> Path:
    subprocess.run(["cp", "-a", audited, tmp_path / "study"], check=True)  # noqa: S607
    return tmp_path / "study"


def known_of(folder: Path, account: str) -> tuple[set[str], set[str]]:
    """Return the ids that the feeds know of an account, and the texts."""
    posts = [post for post in records(folder, "post") if post["account"] == account]
    shown = [one for one in records(folder, "account") if one["account"] == account]
    ids = {post["post_id"] for post in posts} | {str(one["account_id"]) for one in (*shown, *posts)}
    return ids - {"None"}, {post["text"] for post in posts if len(post["text"]) > 12}


def test_without_yes_it_says_what_would_go_and_changes_nothing(study: Path) -> None:
    before = {path: path.read_bytes() for path in study.rglob("*") if path.is_file()}
    done = uitzicht("forget", study, "--account", f"instagram/{GONE}")
    assert "captures removed" in done.stderr
    assert "rows of dim_post" in done.stderr
    after = {path: path.read_bytes() for path in study.rglob("*") if path.is_file()}
    changed = {path.name for path in before if after.get(path) != before[path]}
    assert not changed


def test_nothing_under_the_study_knows_a_forgotten_account(study: Path, site: Site) -> None:
    ids, texts = known_of(study, GONE)
    assert len(texts) >= 13
    words = {GONE, *ids, *texts}
    assert len(ids) >= 14
    assert len(places_of(study, *words)) > 20
    others = post_ids(study) - ids
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


def test_databases_of_somebodys_own_are_left_alone(study: Path) -> None:
    own, copy = study / "mijn-analyse.duckdb", study / "kopie.duckdb"
    with duckdb.connect(own) as con:
        con.execute("create table mijn as select 1 as a")
    before = own.read_bytes()
    copy.write_bytes((study / "warehouse.duckdb").read_bytes())
    with duckdb.connect(copy) as con:
        con.execute("create table lang as select post_key, text from dim_post where len(text) > 3")
        con.execute("create table indeling as select 'x' as groep")
    done = uitzicht("forget", study, "--account", f"instagram/{GONE}", "--yes")
    assert done.returncode == 0, done.stderr
    assert "mijn-analyse.duckdb is a database that is not of Uitzicht" in done.stderr
    assert own.read_bytes() == before
    assert not places_of(study, GONE)
    with duckdb.connect(copy, read_only=True) as con:
        assert con.execute("from indeling").fetchall() == [("x",)]
        assert (
            con.execute("select count(*) from lang").fetchone()
            == con.execute("select count(*) from dim_post where len(text) > 3").fetchone()
        )


def test_one_post_goes_and_the_others_of_its_pages_stay(study: Path) -> None:
    chosen = next(post for post in records(study, "post") if post["account"] == "@ookhier")
    others = post_ids(study) - {chosen["post_id"]}
    done = uitzicht("forget", study, "--post", f"youtube/{chosen['post_id']}", "--yes")
    assert done.returncode == Exit.SUCCESS, done.stderr
    assert places_of(study, chosen["post_id"]) == []
    assert post_ids(study) == others
    reread = uitzicht("reparse", study)
    assert reread.returncode == Exit.PARTIAL
    assert "left as it was" in reread.stderr
    assert "0 feeds loaded" in uitzicht("load", study).stderr
    assert post_ids(study) == others


class Killed(BaseException):
    """Stands for a kill: nobody catches it."""


def test_killed_at_every_file_and_run_again_it_finishes(study: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ids, _ = known_of(study, GONE)
    shown = next(str(one["account_id"]) for one in records(study, "account") if one["account"] == GONE)
    kills = 0
    while True:
        with monkeypatch.context() as patched:
            _kill_at(patched, kills + 1)
            try:
                _forget(study)
            except Killed:
                kills += 1
                continue
        break
    assert kills >= 5
    assert places_of(study, GONE, *ids) == []
    lines = (study / "state" / "forgotten.jsonl").read_text(encoding="utf-8").splitlines()
    assert [json.loads(line)["kind"] for line in lines] == ["account"]
    assert Forgotten.read(study / "state").has_account("instagram", "another name", shown)
    assert not list((study / "state").glob("forgetting*"))


def _kill_at(patched: pytest.MonkeyPatch, number: int) -> None:
    """Kill when a file is put in its place for the `number`th time in one run."""
    calls = 0
    place = Path.replace

    def replace(self: Path, target: Path) -> Path:
        nonlocal calls
        calls += 1
        if calls == number:
            raise Killed
        return place(self, target)

    patched.setattr(Path, "replace", replace)


def _forget(folder: Path) -> None:
    study = Study.read(folder)
    apply(study, find_account(study, "instagram", GONE), kind="account")


def test_another_forgetting_waits_for_an_interrupted_one(
    study: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patched, pytest.raises(Killed):
        _kill_at(patched, 3)
        _forget(study)
    done = uitzicht("forget", study, "--account", "instagram/blijft", "--yes")
    assert done.returncode == Exit.FAILURE
    assert f"--account instagram/{GONE}" in done.stderr


def test_a_forgotten_account_is_not_visited_again(study: Path, site: Site) -> None:
    _forget(study)
    with (study / "accounts.csv").open("a", encoding="utf-8") as file:
        file.write(f"School,mbo,instagram,{GONE}\n")
    with running(site):
        done = uitzicht("crawl", study, "--platform", "instagram", env=surroundings(site))
    assert done.returncode == Exit.PARTIAL, done.stderr
    assert outcomes(study)[GONE]["outcome"] == "skipped"
    assert outcomes(study)[GONE]["sign"] == "forgotten on request"
    assert not [capture for capture in _captures(study) if capture.account == GONE]


def test_a_forgotten_post_is_not_collected_again(study: Path, site: Site) -> None:
    chosen = next(post for post in records(study, "post") if post["account"] == "blijft")
    target = find_posts(Study.read(study), "instagram", {chosen["post_id"]})
    apply(Study.read(study), target, kind="post")
    with running(site):
        done = uitzicht("crawl", study, "--platform", "instagram", env=surroundings(site))
    assert done.returncode == Exit.SUCCESS, done.stderr
    assert len([one for one in records(study, "outcome") if one["account"] == "blijft"]) == 2
    assert places_of(study, chosen["post_id"]) == []


def _captures(study: Path) -> list[Capture]:
    return list(read_archives(archive_files(study / "archive")))


def test_an_account_that_is_not_there_gets_the_nearest(study: Path) -> None:
    done = uitzicht("forget", study, "--account", "instagram/blijf", "--yes")
    assert done.returncode == Exit.FAILURE
    assert "instagram/blijft" in done.stderr


def _page(*names: str) -> Capture:
    videos = [
        {"id": 7_288_995_634_328_177_000 + number, "username": name, "create_time": 1_697_101_549,
         "video_description": f"Een les over techniek, nummer {number}", "region_code": "NL"}
        for number, name in enumerate(names)
    ]  # fmt: skip
    data = {"videos": videos, "cursor": 100, "has_more": False, "search_id": "7201388525814961198"}
    body = json.dumps({"data": data, "error": {"code": "ok", "message": "", "log_id": "2022"}}).encode()
    at = datetime(2026, 11, 1, tzinfo=UTC)
    url = "https://open.tiktokapis.com/v2/research/video/query/"
    return Capture(
        capture_id=capture_id(url, at, body),
        platform="tiktok",
        route="research_api",
        url=url,
        captured_at=at,
        body=body,
        method="POST",
        account="blijft",
        format="tiktok.research_videos",
    )


def test_a_page_of_several_accounts_keeps_the_others(tmp_path: Path) -> None:
    path = tmp_path / "mixed.warc.gz"
    mixed, alone = _page("blijft", GONE, "ookditblijft"), _page("blijft", "nogiemand")
    with Archive(path) as archive:
        archive.write(mixed)
        archive.write(alone)
    target = Target(platform="tiktok", account=GONE)
    counts = forget_in_archive(path, target, apply=True)
    assert counts == {"captures cut": 1}
    left = list(read_archive(path))
    assert [post.account for post in parse(left[0]).posts] == ["blijft", "ookditblijft"]
    assert left[0].capture_id == mixed.capture_id
    assert left[1].body == alone.body
    assert not places_of(tmp_path, GONE)


def test_a_page_that_cannot_be_cut_goes_whole_and_is_counted(tmp_path: Path) -> None:
    path = tmp_path / "mixed.warc.gz"
    mixed = _page("blijft", GONE)
    named = replace(mixed, body=mixed.body.replace(b'"2022"', f'"made for {GONE}"'.encode()))
    with Archive(path) as archive:
        archive.write(named)
    counts = forget_in_archive(path, Target(platform="tiktok", account=GONE), apply=True)
    assert counts["of these, captures of other accounts that could not be cut"] == 1
    assert list(read_archive(path)) == []


def test_an_import_leaves_a_forgotten_account_out(tmp_path: Path) -> None:
    folder = make_study(tmp_path / "study", [])
    note(folder / "state", "account", [handle_name("tiktok", "rocvoorbeeld")], {})
    export = tmp_path / "export.ndjson"
    export.write_text("".join(_line(number) for number in (1, 2)), encoding="utf-8")
    done = import_file(CrawlStudy.read(folder), export, everybody=True)
    assert done.posts == 0
    assert done.left_out["forgotten on request"] == 2
    assert places_of(folder, "rocvoorbeeld") == []


def test_the_ledger_knows_it_again_and_does_not_say_whom(tmp_path: Path) -> None:
    note(tmp_path, "account", [handle_name("instagram", "@VergeetMij")], {"posts": 3})
    forgotten = Forgotten.read(tmp_path)
    assert forgotten.has_account("instagram", GONE)
    assert not forgotten.has_account("tiktok", GONE)
    assert not forgotten.has_account("instagram", "blijft")
    assert places_of(tmp_path, GONE) == []


def test_what_is_past_its_time_is_listed_and_deleted(tmp_path: Path) -> None:
    facts = {"route": "data_api", "platform": "youtube"}
    old, new = datetime.now(UTC) - timedelta(days=31), datetime.now(UTC) - timedelta(days=29)
    sights = [("oud", old, "one"), ("ververst", old, "one"), ("ververst", new, "two"), ("nieuw", new, "two")]
    folder = make_study(tmp_path, [("youtube", "@school")])
    for crawl in ("one", "two"):
        posts = [
            post(
                name,
                "@school",
                capture_id=f"capture-{crawl}",
                captured_at=iso(at),
                posted_at=iso(old),
                **facts,
            )
            for name, at, of in sights
            if of == crawl
        ]
        write_feed(folder / "feeds", feed("@school", posts, platform="youtube", crawl_id=crawl))
    load(Study.read(folder))
    listed = uitzicht("retention", folder)
    assert "1 posts and 0 captures" in listed.stderr
    assert "youtube/oud" in listed.stderr
    assert uitzicht("retention", folder, "--apply").returncode == 0
    assert post_ids(folder) == {"ververst", "nieuw"}
    with duckdb.connect(str(folder / "warehouse.duckdb"), read_only=True) as con:
        assert con.execute("select distinct post_id from dim_post order by all").fetchall() == [
            ("nieuw",),
            ("ververst",),
        ]
    assert "0 posts and 0 captures" in uitzicht("retention", folder).stderr
    assert not Forgotten.read(folder / "state").hashes


def test_journals_of_interrupted_visits_lose_it_too(tmp_path: Path) -> None:
    folder = make_study(tmp_path, [("youtube", "@school")])
    header = {"record": "crawl", "crawl_id": "one", "platform": "youtube", "account": "@school"}
    repost = post("deelt", "@school", "youtube", repost_of="gaatweg01")
    step = {"route": "data_api", "name": "videos", "values": {"id": "gaatweg01,blijft002"}}
    only = {"route": "data_api", "name": "player", "values": {"id": "gaatweg01"}}
    cursor = {"record": "cursor", "steps": [step, only], "endings": [], "arrived": ""}
    lines = [
        header,
        post("gaatweg01", "@school", "youtube"),
        repost,
        post("blijft002", "@school", "youtube"),
        cursor,
    ]
    part = folder / "feeds" / "one" / "youtube-@school.jsonl.gz.part"
    part.parent.mkdir(parents=True)
    part.write_text("".join(json.dumps(line) + "\n" for line in lines) + '{"cut off', encoding="utf-8")
    part.with_name("youtube-@school.jsonl.gz.tmp").write_bytes(b"gaatweg01")
    study = Study.read(folder)
    apply(study, find_posts(study, "youtube", {"gaatweg01"}), kind="post")
    assert places_of(folder, "gaatweg01") == []
    left = [json.loads(line) for line in part.read_text(encoding="utf-8").splitlines()]
    assert [line.get("post_id") for line in left] == [None, "blijft002", None]
    assert left[-1]["steps"] == [step | {"values": {"id": "blijft002"}}]


def test_a_file_that_is_not_what_its_name_says_goes_whole(tmp_path: Path) -> None:
    folder = make_study(tmp_path, [("instagram", GONE), ("instagram", "blijft")])
    for name in ("broken.xlsx", "broken.parquet", "words.html"):
        (folder / name).write_text(f"made by hand for {GONE}", encoding="utf-8")
    (folder / "others.html").write_text(f"not{GONE} and {GONE}2 are others", encoding="utf-8")
    _forget(folder)
    assert sorted(path.name for path in folder.iterdir()) == [
        "accounts.csv",
        "others.html",
        "state",
        "study.toml",
    ]
    assert (folder / "accounts.csv").read_text(encoding="utf-8").splitlines()[1:] == [
        "School blijft,mbo,instagram,blijft"
    ]


def test_killed_before_the_record_it_still_knows_the_ids(
    study: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown = next(str(one["account_id"]) for one in records(study, "account") if one["account"] == GONE)

    def die(*_: object) -> None:
        raise Killed

    with monkeypatch.context() as patched, pytest.raises(Killed):
        patched.setattr("audit.forgetting.note", die)
        _forget(study)
    _forget(study)
    assert Forgotten.read(study / "state").has_account("instagram", "another name", shown)


def test_a_workbook_that_cannot_be_read_is_named_and_nothing_is_changed(study: Path) -> None:
    book = study / "sheet.xlsx"
    with zipfile.ZipFile(book, "w") as spoilt:
        spoilt.writestr("[Content_Types].xml", "<Types")
    before = places_of(study, GONE)
    done = uitzicht("forget", study, "--account", f"instagram/{GONE}", "--yes")
    assert done.returncode == Exit.FAILURE
    assert "sheet.xlsx is a workbook that cannot be read" in done.stderr
    assert "mend or remove it, and run this again" in done.stderr
    assert places_of(study, GONE) == before
