"""Single posts by their addresses: listed ones, known ones, and nothing else."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from crawler.errors import StudyError
from crawler.history import History, Sight
from crawler.permalinks import known_codes, read_permalinks
from tests.crawler.study import ground, make_study, outcomes, post_ids, records, surroundings, uitzicht
from tests.mocksite import Site, many_posts, running

ON = ground("instagram", routes='"permalinks"')


def listed(study: Path, *rows: str) -> None:
    (study / "permalinks.csv").write_text("\n".join(["account,url", *rows]), encoding="utf-8")


def test_listed_posts_are_visited_one_by_one(tmp_path: Path) -> None:
    site = Site([*many_posts(9, "instagram", "veel"), *many_posts(3, "instagram", "stil")])
    study = make_study(tmp_path, [("instagram", "veel"), ("instagram", "stil")], more=ON)
    wanted = site.posts("instagram", "veel")[2:5]
    listed(study, *(f"@Veel,https://www.instagram.com/veel/reel/{post.post_id}/?igsh=1" for post in wanted))
    with running(site):
        done = uitzicht("crawl", study, env=surroundings(site))
        assert site.requests() == site.requests(route="instagram.item") == 3
    assert post_ids(study) == {post.post_id for post in wanted}
    assert [post["post_id"] for post in records(study, "post")] == [post.post_id for post in wanted]
    told = outcomes(study)
    assert told["veel"]["outcome"] == "partial"
    assert told["veel"]["legal_ground"]
    assert (told["stil"]["outcome"], told["stil"]["sign"]) == (
        "skipped",
        "nothing is known that could be asked",
    )
    assert done.returncode == 3


def test_known_posts_are_visited_again_and_a_missing_one_stops_nothing(tmp_path: Path) -> None:
    site = Site(many_posts(6, "instagram", "veel"))
    study = make_study(tmp_path, [("instagram", "veel")])
    with running(site):
        env = surroundings(site)
        uitzicht("crawl", study, env=env)
        posts = site.posts("instagram", "veel")
        site.delete(posts[2])
        site.edit(posts[4], "Gewijzigd")
        text = (study / "study.toml").read_text(encoding="utf-8")
        (study / "study.toml").write_text(text + ON, encoding="utf-8")
        uitzicht("crawl", study, env=env)
        assert site.requests(route="instagram.item") == 6
    again = [post for post in records(study, "post") if post["route"] == "permalinks"]
    assert len(again) == 5
    assert sum(post["text"] == "Gewijzigd" for post in again) == 1
    assert outcomes(study)["veel"]["sign"].startswith("6 known posts were asked for")


def test_single_posts_are_left_alone_unless_the_study_names_the_route(tmp_path: Path) -> None:
    site = Site(many_posts(3, "instagram", "veel"))
    study = make_study(tmp_path, [("instagram", "veel")], more=ground("instagram"))
    listed(study, f"veel,https://www.instagram.com/p/{site.posts('instagram', 'veel')[0].post_id}/")
    with running(site):
        uitzicht("crawl", study, env=surroundings(site))
        assert not site.requests(route="instagram.item")


@pytest.mark.parametrize(
    ("rows", "problem"),
    [
        ("account,url\nveel,https://www.instagram.com/veel/", "line 2: url is .*expected the address of an"),
        ("account,url\nveel,", "line 2: url is ''"),
        ("account,url\n,https://www.instagram.com/p/DUgjOD7D0br/", "line 2: account ''"),
        ("account,address\nveel,x", "no column url"),
        ("", "no column account, url"),
    ],
)
def test_a_row_that_is_not_understood_is_named(tmp_path: Path, rows: str, problem: str) -> None:
    path = tmp_path / "permalinks.csv"
    path.write_text(rows, encoding="utf-8")
    with pytest.raises(StudyError, match=problem):
        read_permalinks(path)


def test_a_wrong_list_ends_a_crawl_before_it_begins(tmp_path: Path) -> None:
    site = Site(many_posts(3, "instagram", "veel"))
    study = make_study(tmp_path, [("instagram", "veel")], more=ON)
    listed(study, "veel,https://example.org/p/abc/")
    with running(site):
        done = uitzicht("crawl", study, env=surroundings(site))
        assert site.requests() == 0
    assert done.returncode == 1
    assert "permalinks.csv line 2" in done.stderr
    assert not list((study / "feeds").glob("*"))


def test_known_codes_are_those_of_the_window_newest_first() -> None:
    at = datetime(2026, 5, 1, tzinfo=UTC)
    sights = {
        "DUgjOD7D0br": Sight(at, at, "profile"),
        "B0000000000": Sight(datetime(2020, 1, 1, tzinfo=UTC), at, "profile"),
        "DT000000000": Sight(at, at, "profile", is_gone=True),
    }
    codes = known_codes({"C0000000000"}, History(sights=sights), datetime(2026, 1, 1, tzinfo=UTC))
    assert codes == ["DUgjOD7D0br", "C0000000000"]
    assert read_permalinks(Path("is/not/there.csv")) == {}
