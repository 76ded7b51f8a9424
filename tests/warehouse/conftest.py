"""A small study of known truth: made once, loaded and coded, and read by tests that do not change it."""

from __future__ import annotations

import gzip
import json
import random
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pandas as pd
import pytest

from tests.warehouse.making import NOW, SECTORS, THEMES, make_study
from warehouse import load_codings, load_feeds, load_languages, load_register, open_warehouse, publish
from warehouse.coding import texts_without_language, units_to_code

LABOUR = ("salary", "career", "employer")
AUDIENCES = ("prospective", "current", "community")


@pytest.fixture
def con(tmp_path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    with open_warehouse(tmp_path / "working.duckdb") as opened:
        yield opened


@dataclass(frozen=True, kw_only=True)
class MadeStudy:
    """A study on disk, and what is true of it: records as written, codings as given."""

    warehouse: Path
    register: pd.DataFrame
    posts: pd.DataFrame
    codings: pd.DataFrame
    outcomes: pd.DataFrame


def code_at_random(units: pd.DataFrame, rng: random.Random) -> pd.DataFrame:
    """Return codings as a coder would give them, drawn without regard to the text."""
    rows = []
    for unit in units.itertuples():
        themes = rng.sample(THEMES, rng.randint(1, 3))
        drawn = [("theme", themes)]
        drawn += [("sector", rng.sample(SECTORS, rng.randint(0, 2)))]
        drawn += [("audience", rng.sample(AUDIENCES, rng.randint(1, 2)))]
        if "labour_market" in themes:
            drawn += [("labour", rng.sample(LABOUR, rng.randint(0, 2)))]
        rows += [(unit, dimension, code, code == codes[0]) for dimension, codes in drawn for code in codes]
    return pd.DataFrame(
        [
            {
                "post_key": unit.post_key,
                "version": unit.version,
                "post_id": unit.post_id,
                "dimension": dimension,
                "code": code,
                "is_primary": is_primary,
                "score": 1.0,
                "coder": "rules",
                "codebook_version": "1",
                "evidence": '[{"rule": "made"}]',
            }
            for unit, dimension, code, is_primary in rows
        ]
    )


@pytest.fixture(scope="session")
def study(tmp_path_factory: pytest.TempPathFactory) -> MadeStudy:
    """Twelve institutions on two to four platforms, some accounts blocked, every post coded."""
    folder = tmp_path_factory.mktemp("study")
    register, paths = make_study(folder)
    rng = random.Random(7)  # noqa: S311
    with open_warehouse(folder / "working.duckdb") as con:
        load_register(con, register)
        load_feeds(con, paths, at=NOW)
        for batch in texts_without_language(con):
            load_languages(con, [(key, "nl" if len(text) % 3 else "en") for key, text in batch])
        coded = []
        for units in units_to_code(con, "rules", "1"):
            coded.append(code_at_random(units, rng))
            load_codings(con, coded[-1])
    publish(folder / "working.duckdb", folder / "warehouse.duckdb")
    records = [json.loads(line) for path in paths for line in gzip.decompress(path.read_bytes()).splitlines()]
    frame = pd.DataFrame(records)
    return MadeStudy(
        warehouse=folder / "warehouse.duckdb",
        register=pd.DataFrame(register),
        posts=frame[frame["record"] == "post"].dropna(axis=1, how="all"),
        codings=pd.concat(coded, ignore_index=True),
        outcomes=frame[frame["record"] == "outcome"],
    )


@pytest.fixture(scope="session")
def counted(study: MadeStudy) -> pd.DataFrame:
    """One row per post that counts by default, computed without the warehouse."""
    complete = study.outcomes[study.outcomes["outcome"].isin(["complete", "empty"])]["account"]
    own = study.posts[~study.posts["is_repost"].astype(bool) & study.posts["account"].isin(complete)]
    facts = study.register[["platform", "account", "institution", "level", "region", "type", "scope"]]
    merged = own.merge(facts, on=["platform", "account"])
    merged["posted_at"] = pd.to_datetime(merged["posted_at"], utc=True)
    merged["language"] = ["nl" if len(text) % 3 else "en" for text in merged["text"]]
    return merged
