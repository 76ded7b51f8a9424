"""A pseudonymised export names nobody, keeps what analysis needs, and says what it cannot promise."""

from __future__ import annotations

import hashlib
import hmac
import json
import re
from pathlib import Path

import duckdb
import pandas as pd
import pytest

from tests.audit.test_forget import contents
from tests.exports.conftest import KEY, TEXTS, Exported, about
from warehouse import connect_readonly
from warehouse.errors import ExportError
from warehouse.exports import export, read_question
from warehouse.exports.pseudonyms import pseudonym

KEPT = {
    "institutions": {"institution", "level", "type"},
    "accounts": {"account", "institution", "platform", "level", "scope", "run_by"},
    "posts": {
        "post", "account", "platform", "level", "scope", "run_by", "media_type", "language", "posted_week",
        "posted_precision", "posted_source", "is_repost", "is_own", "is_edited",
    },
    "latest_counts": {
        "post", "like_count", "comment_count", "share_count", "view_count", "save_count", "is_pinned",
        "first_captured_week", "last_captured_week",
    },
    "snapshots": {
        "post", "capture", "route", "captured_week", "like_count", "comment_count", "share_count", "view_count",
        "save_count",
    },
    "codings": {"post", "dimension", "code", "coder", "codebook_version", "is_primary", "score", "rules"},
    "samples": {
        "sample", "post", "stratum", "inclusion_probability", "population", "drawn", "codebook_version",
    },
    "outcomes": {
        "crawl", "account", "platform", "outcome", "status", "route", "posts_collected", "coverage", "errors_count",
        "started_week",
    },
}  # fmt: skip


def table(exported: Exported, name: str) -> pd.DataFrame:
    return pd.read_parquet(exported.folder / "parquet" / f"{name}.parquet")


def test_no_file_holds_a_name_an_id_an_address_or_a_word(shared: Exported, full: Exported) -> None:
    names = [
        "school0in",
        "@school0yo",
        "Schóól",
        ".example/",
        "Duinstad",
        "capture-school",
        "crawl-1",
        "opendag",
        "iemand",
    ]
    names += ["-dQw4w9WgXc", "1234567890123456789", "0012school", "id-school", "rocvoorbeeld", "12345678"]
    words = [text[:30] for text in TEXTS if len(text) > 12] + ["goed salaris", "onzichtbaar", "’zo’"]
    for exported, is_there in ((full, True), (shared, False)):
        text = "\n".join(text for _, text in contents(exported.folder))
        for path in exported.folder.rglob("*.parquet"):
            text += pd.read_parquet(path).to_csv()
        found = [word for word in names if word in text]
        assert found == (names if is_there else [])
        assert bool([word for word in words if word in text]) is is_there


def test_only_what_is_listed_is_kept(shared: Exported) -> None:
    written = {path.stem for path in (shared.folder / "parquet").glob("*.parquet")}
    assert written == set(KEPT)
    for name, columns in KEPT.items():
        assert set(table(shared, name).columns) == columns, name


def test_a_pseudonym_is_a_keyed_hash_and_the_key_is_not_in_it(shared: Exported, tmp_path: Path) -> None:
    expected = hmac.new(KEY, b"post\x1finstagram/1234567890123456789school1in", hashlib.sha256).hexdigest()[
        :20
    ]
    assert f"post-{expected}" in set(table(shared, "posts")["post"])
    assert pseudonym(KEY, "account", "instagram/school1in") in set(table(shared, "accounts")["account"])
    assert pseudonym(KEY, "institution", "schóól 1") in set(table(shared, "institutions")["institution"])
    assert not [place for place, text in contents(shared.folder) if KEY.decode() in text]
    done = export(
        shared.study.warehouse,
        tmp_path / "x",
        about=about(shared.study),
        shapes=["parquet"],
        questions=(),
        key=b"2",
    )
    others = pd.read_parquet(done.folder / "parquet" / "posts.parquet")
    assert not set(others["post"]) & set(table(shared, "posts")["post"])


def test_it_joins_and_counts_as_the_warehouse_does(shared: Exported) -> None:
    con = connect_readonly(shared.study.warehouse)
    posts, codings, accounts = (table(shared, name) for name in ("posts", "codings", "accounts"))
    assert posts["post"].is_unique
    assert set(posts["account"]) <= set(accounts["account"])
    assert set(codings["post"]) <= set(posts["post"])
    assert set(accounts["institution"]) == set(table(shared, "institutions")["institution"])
    labour = codings[(codings["dimension"] == "theme") & (codings["code"] == "labour_market")]
    own = posts[posts["is_own"] & posts["post"].isin(labour["post"])].groupby(["level", "platform"]).size()
    asked = con.execute(
        "select level, posts.platform, count(*) as n from posts join codings using (post_key) "
        "where dimension = 'theme' and code = 'labour_market' and is_own group by all order by all"
    ).fetchall()
    assert [(level, platform, number) for (level, platform), number in own.items()] == asked
    assert sum(number for *_, number in asked) > 0
    con.close()


def test_dates_are_mondays_and_counts_are_rough(shared: Exported) -> None:
    weeks = pd.to_datetime(table(shared, "posts")["posted_week"].dropna())
    assert set(weeks.dt.dayofweek) == {0}
    likes = table(shared, "latest_counts")["like_count"].dropna().astype(int)
    assert likes.max() > 200
    assert not [n for n in likes if n >= 10 and not re.fullmatch(r"\d[05]0*", str(n))]
    with duckdb.connect(shared.study.warehouse, read_only=True) as con:
        exact = [
            row[0]
            for row in con.execute("select like_count from latest_counts where like_count > 0").fetchall()
        ]
    assert abs(likes[likes > 0].mean() / (sum(exact) / len(exact)) - 1) < 0.05


def test_a_type_that_few_share_is_left_out(shared: Exported) -> None:
    assert table(shared, "institutions")["type"].isna().all()  # three of each level


def test_it_says_what_was_removed_and_what_can_still_be_found_out(shared: Exported) -> None:
    page = (shared.folder / "README.md").read_text("utf-8")
    assert "not anonymous" in page
    assert "how many posts it made in each week" in page.replace("\n", " ")
    assert json.loads((shared.folder / "manifest.json").read_text("utf-8"))["is_pseudonymised"] is True


@pytest.mark.parametrize(
    "said", ["coverage", "example_posts", "share_of_posts:institution", "share_of_posts:level,region"]
)
def test_a_query_that_names_somebody_is_refused(shared: Exported, tmp_path: Path, said: str) -> None:
    with pytest.raises(ExportError, match="names institutions, accounts or posts; expected another query"):
        export(
            shared.study.warehouse,
            tmp_path / "x",
            about=about(shared.study),
            questions=[read_question(said)],
            key=KEY,
        )
    assert not (tmp_path / "x").exists()
