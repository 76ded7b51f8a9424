"""An import is a crawl in the ledger: whose posts are kept, what is archived, how the visit is said to have ended."""

from __future__ import annotations

import csv
import json
import shutil
from pathlib import Path
from typing import Any

import orjson
import pytest
from click.testing import CliRunner, Result
from reading import FILES

from audit.commands.importing import command
from crawler.archive import read_archives
from crawler.errors import StudyError, UnknownFormat
from crawler.feed import as_line, feed_files, feed_path, read_feed, write_feed
from crawler.imports.desk import Import, import_file
from crawler.reparse import reparse
from crawler.study import CrawlStudy

NOORDERHAVEN = (
    ("youtube", "@rocnoorderhaven"),
    ("instagram", "rocnoorderhaven"),
    ("tiktok", "rocnoorderhaven"),
    ("linkedin", "roc-noorderhaven"),
)
CHANNEL = "UCnoorderhaven0000000000"
PAGE = FILES.parents[1] / "captures/linkedin/company_own_posts/body.html"


def make_study(tmp_path: Path, *accounts: tuple[str, str]) -> CrawlStudy:
    folder = tmp_path / "study"
    folder.mkdir()
    (folder / "study.toml").write_text('title = "Proef"\nsince = 2020-01-01\n', encoding="utf-8")
    with (folder / "accounts.csv").open("w", newline="", encoding="utf-8") as file:
        rows = csv.writer(file)
        rows.writerow(("institution", "level", "platform", "account"))
        rows.writerows(("ROC Noorderhaven", "mbo", *account) for account in accounts)
    return CrawlStudy.read(folder)


def take(study: CrawlStudy, path: Path | str, **options: Any) -> Import:
    return import_file(study, FILES / path, **{"everybody": False, **options})


def records(study: CrawlStudy, kind: str) -> list[dict[str, Any]]:
    return [one for feed in feed_files(study.feeds) for one in read_feed(feed) if one["record"] == kind]


@pytest.mark.parametrize(
    ("name", "platform", "account", "posts"),
    [
        ("studio-table.csv", "youtube", "@rocnoorderhaven", 3),
        ("tiktok-content.csv", "tiktok", "rocnoorderhaven", 3),
        ("business-suite.csv", "instagram", "rocnoorderhaven", 3),
        ("linkedin-page.xls", "linkedin", "roc-noorderhaven", 3),
        ("linkedin-page.xlsx", "linkedin", "roc-noorderhaven", 3),
        ("fivetran.csv", "linkedin", "roc-noorderhaven", 1),
        ("fourcat-instagram.csv", "instagram", "rocnoorderhaven", 2),
        ("fourcat-tiktok.csv", "tiktok", "rocnoorderhaven", 2),
        ("fourcat-linkedin.csv", "linkedin", "roc-noorderhaven", 1),
        ("zeeschuimer-linkedin.ndjson", "linkedin", "roc-noorderhaven", 2),
    ],
)
def test_each_kind_becomes_a_crawl_with_an_outcome(
    name: str, platform: str, account: str, posts: int, tmp_path: Path
) -> None:
    study = make_study(tmp_path, *NOORDERHAVEN)
    result = take(study, name)
    assert (result.posts, result.complaints) == (posts, [])
    (header,), (outcome,) = records(study, "crawl"), records(study, "outcome")
    assert (header["platform"], header["account"], header["route"]) == (platform, account, result.route)
    assert (outcome["account"], outcome["outcome"], outcome["posts_collected"]) == (account, "partial", posts)
    assert outcome["sign"].startswith(
        f"a person's own capture ({result.title}): what was on screen or chosen"
    )
    assert {post["account"] for post in records(study, "post")} == {account}
    captured = {capture.capture_id for capture in read_archives(study.archive.iterdir())}
    assert captured == set(outcome["capture_ids"])


@pytest.mark.parametrize("name", [path.name for path in sorted(FILES.iterdir())])
def test_reading_the_archive_again_gives_the_same_feeds(name: str, tmp_path: Path) -> None:
    study = make_study(tmp_path, *NOORDERHAVEN)
    try:
        take(study, name, account=CHANNEL if "ytdt" in name else "", everybody=True)
    except UnknownFormat:  # the tables that hold no posts
        assert not study.feeds.exists()
        return
    before = {feed: list(read_feed(feed)) for feed in feed_files(study.feeds)}
    assert before
    again = list(reparse(study))
    assert sum(one.missing for one in again) == 0
    assert {feed: list(read_feed(feed)) for feed in feed_files(study.feeds)} == before


def test_whose_an_export_is_comes_from_the_study_when_there_is_but_one(tmp_path: Path) -> None:
    study = make_study(tmp_path, ("youtube", "@rocnoorderhaven"), ("youtube", "@hogeschoolzuid"))
    with pytest.raises(StudyError) as error:
        take(study, "studio-table.csv")
    assert str(error.value) == (
        "studio-table.csv is from YouTube Studio (Table data.csv), which does not say whose it is, and the study lists"
        " several accounts of youtube (@rocnoorderhaven, @hogeschoolzuid); say it with --account"
    )
    assert not study.feeds.exists()
    take(study, "studio-table.csv", account="https://www.youtube.com/@HogeschoolZuid")
    assert {post["account"] for post in records(study, "post")} == {"@hogeschoolzuid"}


def test_an_account_that_the_study_does_not_list_is_told(tmp_path: Path) -> None:
    study = make_study(tmp_path, *NOORDERHAVEN)
    with pytest.raises(
        StudyError, match=r"--account is '@zuid'; expected one that the study lists on youtube: @roc"
    ):
        take(study, "studio-table.csv", account="@zuid")
    assert take(study, "studio-table.csv", account="@zuid", everybody=True).posts == 3


def test_a_study_without_accounts_takes_everybody(tmp_path: Path) -> None:
    study = make_study(tmp_path)
    assert take(study, "fourcat-instagram.csv").posts == 3
    assert {post["account"] for post in records(study, "post")} == {"rocnoorderhaven", "iemand_anders"}


def test_posts_of_others_are_counted_and_not_even_archived(tmp_path: Path) -> None:
    study = make_study(tmp_path, *NOORDERHAVEN)
    result = take(study, "fourcat-instagram.csv")
    assert (result.rows, result.posts, result.others) == (3, 2, 1)
    assert all(b"iemand_anders" not in capture.body for capture in read_archives(study.archive.iterdir()))


def test_private_persons_updates_are_left_out_and_not_archived(tmp_path: Path) -> None:
    study = make_study(tmp_path, *NOORDERHAVEN)
    result = take(study, "zeeschuimer-linkedin.ndjson")
    assert (result.rows, result.posts, sum(result.left_out.values())) == (3, 2, 1)
    assert all(b"nieuwe baan" not in capture.body for capture in read_archives(study.archive.iterdir()))


def test_an_unreadable_item_is_archived_only_where_it_is_of_a_listed_account(tmp_path: Path) -> None:
    study = make_study(tmp_path, *NOORDERHAVEN)
    grid = orjson.loads((FILES.parents[1] / "captures/instagram/item_polaris_grid/body.json").read_bytes())
    grid |= {"_zs_instagram_view": "user_posts", "media_type": 99, "__typename": "XIGPolarisHologram"}
    lines = [
        {
            "timestamp_collected": 1795167000245,
            "source_platform": "instagram.com",
            "source_platform_url": f"https://www.instagram.com/{visited}/",
            "data": grid,
        }
        for visited in ("iemand_anders", "rocnoorderhaven")
    ]
    path = tmp_path / "x.ndjson"
    path.write_bytes(b"\n".join(map(orjson.dumps, lines)))
    result = take(study, path)
    assert (result.posts, len(result.complaints)) == (0, 2)
    assert [capture.account for capture in read_archives(study.archive.iterdir())] == ["rocnoorderhaven"]
    assert [(one["account"], one["outcome"]) for one in records(study, "outcome")] == [
        ("rocnoorderhaven", "parser_broken")
    ]


def test_a_channels_id_is_known_by_an_earlier_visit_or_said(tmp_path: Path) -> None:
    study = make_study(tmp_path, *NOORDERHAVEN)
    result = take(study, "ytdt.csv")
    assert (result.posts, result.others, result.strangers) == (0, 2, {("youtube", CHANNEL)})
    _remember(study)
    assert take(study, "ytdt.csv").posts == 2
    shutil.rmtree(study.feeds)
    take(study, "ytdt.csv", account="@rocnoorderhaven")
    assert {post["account"] for post in records(study, "post")} == {"@rocnoorderhaven"}
    assert {outcome["account_id"] for outcome in records(study, "outcome")} == {CHANNEL}


def _remember(study: CrawlStudy) -> None:
    """Leave the feed of a crawl that saw handle and channel id together."""
    account = {
        "record": "account",
        "platform": "youtube",
        "account": "@rocnoorderhaven",
        "account_id": CHANNEL,
    }
    lines = [as_line({"record": "crawl"}), as_line(account), as_line({"record": "outcome"})]
    write_feed(feed_path(study.feeds, "20260101", "youtube", "@rocnoorderhaven"), lines)


@pytest.mark.parametrize(
    ("file", "account", "told"),
    [
        (
            "ytdt.csv",
            "@zuiderlicht",
            f"ytdt.csv is of {CHANNEL}, which is @rocnoorderhaven, as earlier visits saw; expected @zuiderlicht's own",
        ),
        (
            "other.csv",
            "@rocnoorderhaven",
            f"other.csv is of UCzuiderlicht00000000000, while @rocnoorderhaven is {CHANNEL}, as earlier visits saw;"
            " expected @rocnoorderhaven's own",
        ),
    ],
)
def test_a_file_of_another_channel_than_said_is_refused_and_leaves_nothing(
    file: str, account: str, told: str, tmp_path: Path
) -> None:
    study = make_study(tmp_path, *NOORDERHAVEN, ("youtube", "@zuiderlicht"))
    _remember(study)
    other = (FILES / "ytdt.csv").read_text("utf-8").replace(CHANNEL, "UCzuiderlicht00000000000")
    (tmp_path / "other.csv").write_text(other, "utf-8")
    path = FILES / file if file == "ytdt.csv" else tmp_path / file
    with pytest.raises(StudyError) as caught:
        take(study, path, account=account)
    assert str(caught.value) == told
    assert list(study.archive.iterdir()) == []
    assert take(study, path, account="").posts == (2 if file == "ytdt.csv" else 0)


def test_what_is_said_makes_no_post_anothers_in_a_file_that_names_its_accounts(tmp_path: Path) -> None:
    study = make_study(tmp_path, *NOORDERHAVEN, ("linkedin", "gemeente-noord"))
    assert take(study, "zeeschuimer-linkedin.ndjson", account="gemeente-noord").posts == 2
    assert {post["account"] for post in records(study, "post")} == {"roc-noorderhaven"}


def test_a_file_of_several_accounts_cannot_be_all_ones_own(tmp_path: Path) -> None:
    study = make_study(tmp_path, *NOORDERHAVEN)
    with pytest.raises(
        StudyError, match=r"holds posts of several accounts \(iemand_anders, rocnoorderhaven, ...\)"
    ):
        take(study, "fourcat-instagram.csv", account="rocnoorderhaven")


def test_the_same_file_adds_nothing_twice(tmp_path: Path) -> None:
    study = make_study(tmp_path, *NOORDERHAVEN)
    take(study, "tiktok-content.csv")
    copy = tmp_path / "another name.csv"
    shutil.copy(FILES / "tiktok-content.csv", copy)
    assert take(study, copy).known
    assert len(records(study, "post")) == 3


def test_an_account_that_the_study_lists_later_comes_from_the_same_file(tmp_path: Path) -> None:
    study = make_study(tmp_path, ("instagram", "rocnoorderhaven"))
    assert (take(study, "fourcat-instagram.csv").posts, len(records(study, "post"))) == (2, 2)
    with (tmp_path / "study/accounts.csv").open("a", newline="", encoding="utf-8") as file:
        csv.writer(file).writerow(("Iemand", "mbo", "instagram", "iemand_anders"))
    again = take(study, "fourcat-instagram.csv")
    assert (again.posts, again.others, again.known) == (1, 0, False)
    assert [post["account"] for post in records(study, "post")] == [
        "iemand_anders",
        "rocnoorderhaven",
        "rocnoorderhaven",
    ]
    assert [(done.posts_before, done.posts, done.missing) for done in reparse(study)] == [
        (1, 1, 0),
        (2, 2, 0),
    ]
    assert take(study, "fourcat-instagram.csv").known
    assert [one.name for one in study.feeds.iterdir()] == [again.crawl_id]


def test_rows_that_are_not_understood_stand_in_the_ledger(tmp_path: Path) -> None:
    study = make_study(tmp_path, *NOORDERHAVEN)
    copy = tmp_path / "x.csv"
    copy.write_bytes((FILES / "studio-table.csv").read_bytes().replace(b",1204,", b",veel,"))
    result = take(study, copy)
    assert (result.posts, [str(one) for one in result.complaints]) == (
        2,
        ["x.csv line 3: Views is 'veel'; expected a whole number"],
    )
    assert [one["errors_count"] for one in records(study, "outcome")] == [1]
    assert [one["place"] for one in records(study, "error")] == ["x.csv line 3: Views"]


@pytest.mark.parametrize("likes", ["1.2K", 10**18])
def test_a_count_that_zeeschuimer_saw_and_nobody_understands_costs_one_post_and_is_told_by_its_row(
    likes: str | int, tmp_path: Path
) -> None:
    study = make_study(tmp_path, *NOORDERHAVEN)
    first, second, *_ = (FILES / "zeeschuimer-linkedin.ndjson").read_text("utf-8").splitlines()
    item = json.loads(second)
    item["data"]["*socialDetail"]["likes"]["paging"]["total"] = likes
    copy = tmp_path / "x.ndjson"
    copy.write_text(f"{first}\n{json.dumps(item)}\n", encoding="utf-8")
    result = take(study, copy)
    (told,) = map(str, result.complaints)
    assert result.posts == 1
    assert told.startswith("x.ndjson row 2: linkedin.voyager")
    assert told.endswith(f"is {likes!r}; expected a whole number")


def test_an_export_of_which_no_row_is_understood_is_no_empty_account(tmp_path: Path) -> None:
    study = make_study(tmp_path, *NOORDERHAVEN)
    copy = tmp_path / "x.csv"
    lines = (FILES / "studio-table.csv").read_bytes().splitlines(keepends=True)
    copy.write_bytes(lines[0] + lines[2].replace(b"kQ3vbT0aLmE", b"?"))
    take(study, copy)
    assert [(one["outcome"], one["sign"]) for one in records(study, "outcome")] == [
        ("parser_broken", "1 rows are unreadable")
    ]


def test_a_saved_page_brings_the_account_and_its_own_posts(tmp_path: Path) -> None:
    slug = "noorderhaven-college"
    study = make_study(tmp_path, ("linkedin", slug))
    result = import_file(study, PAGE, everybody=True)
    assert result.complaints == []
    assert result.posts == len(records(study, "post")) > 0
    assert len(records(study, "account")) == 1


def test_a_saved_login_wall_is_no_empty_page(tmp_path: Path) -> None:
    wall = FILES.parents[1] / "captures/linkedin/wall_followed_to_authwall/body.html"
    study = make_study(tmp_path, *NOORDERHAVEN)
    path = tmp_path / "saved.html"
    path.write_bytes(wall.read_bytes())
    told = run(study, path)
    assert outcome_of(told) == 1
    assert "not LinkedIn's page of an organisation or post as a guest sees it" in told.output
    assert records(study, "outcome") == []


def run(study: CrawlStudy, *arguments: object) -> Result:
    return CliRunner().invoke(command, [str(study.folder), *map(str, arguments)], standalone_mode=False)


def outcome_of(result: Result) -> int:
    assert result.exception is None, result.exception
    return int(result.return_value)


def test_the_command_tells_rows_posts_and_each_complaint(tmp_path: Path) -> None:
    study = make_study(tmp_path, *NOORDERHAVEN)
    bad = tmp_path / "x.csv"
    bad.write_bytes((FILES / "business-suite.csv").read_bytes().replace(b",610,", b",meer,"))
    both = run(study, bad, FILES / "tiktok-content.csv")
    assert outcome_of(both) == 3
    told = " ".join(both.output.split())
    assert "x.csv line 4: Likes is 'meer'; expected a whole number." in told
    assert "5 rows, 2 posts, 1 left out (Facebook's), 1 left out (a story), 1 not understood." in told
    assert "tiktok-content.csv: TikTok Studio (Content.csv), 3 rows, 3 posts." in told
    assert outcome_of(run(study, FILES / "studio-totals.csv")) == 1
    assert outcome_of(run(study, FILES / "studio-table.csv")) == 0


def test_a_file_of_an_account_spelt_otherwise_is_read_again_once_that_is_mended(tmp_path: Path) -> None:
    study = make_study(tmp_path, ("instagram", "roc.noorderhaven"))
    told = " ".join(run(study, FILES / "business-suite.csv").output.split())
    assert "3 of accounts that the study does not list, left out" in told
    assert "left out instagram:rocnoorderhaven; if that is an account of the study" in told
    assert list(study.archive.iterdir()) == []
    accounts = tmp_path / "study/accounts.csv"
    accounts.write_text(accounts.read_text(encoding="utf-8").replace("roc.noo", "rocnoo"), encoding="utf-8")
    assert "5 rows, 3 posts" in " ".join(run(study, FILES / "business-suite.csv").output.split())
    assert "was imported before" in run(study, FILES / "business-suite.csv").output


def test_the_commands_help_names_every_kind() -> None:
    told = CliRunner().invoke(command, ["--help"]).output
    for name in (
        "Zeeschuimer",
        "4CAT",
        "YouTube Data Tools",
        "YouTube Studio",
        "Meta Business Suite",
        "TikTok Studio",
    ):
        assert name in told
    assert "docs/imports.md" in told
