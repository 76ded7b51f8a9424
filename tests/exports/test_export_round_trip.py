"""What pandas reads back from each shape is what the warehouse holds."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime
from functools import cache
from math import isnan
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from tests.exports.conftest import Exported, about
from warehouse import connect_readonly, run
from warehouse.exports import export, unescape
from warehouse.exports.as_xlsx import CUT

TABLES = {
    "posts": "select posts.*, vanished_at from posts left join mart_post using (post_key)",
    "latest_counts": "select * from latest_counts",
    "accounts": "select * from accounts",
    "codings": "select * from codings",
    "post_history": "select * from post_history",
    "coverage": "select * from coverage",
    "institutions": "select * from dim_institution",
    "snapshots": "select s.*, c.capture_id, c.platform, c.route from fact_post_snapshot as s "
    "join dim_capture as c using (capture_key)",
    "account_snapshots": "select s.*, c.capture_id, a.platform, a.account from fact_account_snapshot as s "
    "join dim_capture as c using (capture_key) join accounts as a on a.account_key = s.account_key",
    "outcomes": "select * from fact_outcome",
    "samples": "select * from fact_sample",
}
Rows = list[tuple[Any, ...]]


def plain(value: Any) -> Any:
    """Return a value as all shapes can say it."""
    if isinstance(value, (list, tuple, np.ndarray)):
        return tuple(str(one) for one in value)
    if value is None or value is pd.NaT or value is pd.NA or (isinstance(value, float) and isnan(value)):
        return None
    if isinstance(value, datetime):
        moment = pd.Timestamp(value)
        return (moment.tz_localize("UTC") if moment.tzinfo is None else moment).round("ms").isoformat()
    value = value.item() if isinstance(value, np.generic) else value
    return int(value) if isinstance(value, float) and value == int(value) else value


def rows_of(frame: pd.DataFrame, columns: list[str]) -> Rows:
    wanted = frame[columns].astype(object)
    rows = [tuple(plain(value) for value in row) for row in wanted.itertuples(index=False)]
    return sorted(rows, key=repr)


def expected(
    full: Exported, table: str, columns: list[str], blank: Callable[[str], str | None] = str
) -> Rows:
    con = connect_readonly(full.study.warehouse)
    result = con.execute(TABLES[table])
    places = {column[0]: place for place, column in enumerate(result.description or ())}
    found = [[row[places[name]] for name in columns] for row in result.fetchall()]
    con.close()
    keys = [name.endswith("_key") for name in columns]
    rows = [
        tuple(
            str(value) if is_key else blank(value) if isinstance(value, str) else plain(value)
            for value, is_key in zip(row, keys, strict=True)
        )
        for row in found
    ]
    return sorted(rows, key=repr)


@pytest.mark.parametrize("table", TABLES)
def test_parquet_is_equal_value_by_value(full: Exported, table: str) -> None:
    frame = pd.read_parquet(full.folder / "parquet" / f"{table}.parquet")
    columns = frame.columns.tolist()
    assert rows_of(frame, columns) == expected(full, table, columns)


@pytest.mark.parametrize("table", TABLES)
def test_csv_is_equal_but_for_empty_texts(full: Exported, table: str) -> None:
    path = full.folder / "csv" / f"{table}.csv"
    typed = pd.read_parquet(full.folder / "parquet" / f"{table}.parquet")
    frame = read_csv(path, typed)
    columns = typed.columns.tolist()
    assert frame.columns.tolist() == columns
    assert rows_of(frame, columns) == expected(full, table, columns, blank=lambda text: text or None)


def read_csv(path: Path, typed: pd.DataFrame) -> pd.DataFrame:
    """Read as the export's own page says, types from its Parquet twin."""
    frame = pd.read_csv(path, dtype=str, encoding="utf-8-sig", keep_default_na=False, na_values=[""])
    for name in typed.columns:
        kind = str(typed[name].dtype)
        values = frame[name].astype(object).where(frame[name].notna(), None)
        if kind.startswith("datetime"):
            frame[name] = pd.to_datetime(frame[name], utc=True, format="ISO8601")
        elif name in ("hashtags", "mentions", "coauthors", "coders"):
            frame[name] = [json.loads(one) if one else None for one in values]
        elif kind == "bool" or (kind == "object" and set(typed[name].dropna()) <= {True, False}
                                and typed[name].notna().any()):  # fmt: skip
            frame[name] = values.map({"true": True, "false": False, None: None})
        elif typed[name].dtype.kind in "if":
            frame[name] = pd.to_numeric(frame[name])
        else:
            frame[name] = [unescape(one) if isinstance(one, str) else None for one in values]
    return frame


@pytest.mark.parametrize("table", TABLES)
def test_the_workbook_is_equal_but_for_what_it_cannot_hold(full: Exported, table: str) -> None:
    typed = pd.read_parquet(full.folder / "parquet" / f"{table}.parquet")
    frame = sheets(full.folder / "tables.xlsx")[table]
    columns = typed.columns.tolist()
    named = frame.rename(columns=lambda name: name.removesuffix("_utc"))
    for name in ("hashtags", "mentions", "coauthors", "coders"):
        if name in columns:
            named[name] = [tuple(one.split(" ")) if isinstance(one, str) else None for one in named[name]]
    assert [name for name in named.columns if not name.endswith("_amsterdam")] == columns
    assert to_15_digits(rows_of(named, columns)) == to_15_digits(expected(full, table, columns, blank=held))


def to_15_digits(rows: Rows) -> Rows:
    """Return rows as a spreadsheet holds their numbers."""
    return [tuple(float(f"{cell:.15g}") if isinstance(cell, float) else cell for cell in row) for row in rows]


def held(text: str) -> str | None:
    """Return what a cell holds of a text, said independently: less than 32,768 code units of UTF-16, and no bell."""
    text = text.replace("\x07", "")
    units = text.encode("utf-16-le")
    if len(units) > 2 * 32_767:
        text = units[: 2 * (32_767 - len(CUT))].decode("utf-16-le", errors="ignore") + CUT
    return text or None


@cache
def sheets(path: Path) -> dict[str, pd.DataFrame]:
    """Return all sheets with the cells' own types: pandas takes texts of digits for numbers unless told."""
    found = pd.read_excel(path, sheet_name=None, dtype=object, keep_default_na=False, na_values=[""])
    return {str(name): frame for name, frame in found.items()}


def test_answers_are_those_of_the_named_queries(full: Exported) -> None:
    asked = run(full.study.warehouse, "share_of_posts", by=["level"], since="2026-01-01", until="2026-11-20")
    name = "share_of_posts_by_level"
    for frame in (
        pd.read_parquet(full.folder / "parquet" / "answers" / f"{name}.parquet"),
        pd.read_csv(full.folder / "csv" / "answers" / f"{name}.csv"),
        sheets(full.folder / "tables.xlsx")["share_of_posts level"],
    ):
        assert frame["code"].tolist() == asked["code"].tolist()
        assert frame["n_posts"].tolist() == asked["n_posts"].tolist()
        assert frame["share"].tolist() == pytest.approx(asked["share"].tolist(), abs=1e-15)
        assert frame["low"].tolist() == pytest.approx(asked["low"].tolist(), abs=1e-15, nan_ok=True)


def test_moments_stand_in_both_times_as_far_as_they_are_known(full: Exported) -> None:
    posts = sheets(full.folder / "tables.xlsx")["posts"]
    exact = posts["posted_precision"] == "second"
    assert exact.sum() > 100
    assert (~exact).sum() > 50
    local = pd.to_datetime(posts.loc[exact, "posted_at_amsterdam"]) - pd.to_datetime(
        posts.loc[exact, "posted_at_utc"]
    )
    summer = pd.to_datetime(posts.loc[exact, "posted_at_utc"]).dt.month.isin([4, 5, 6, 7, 8, 9])
    assert set(local[summer].dt.round("s")) == {pd.Timedelta(hours=2)}
    assert pd.Timedelta(hours=1) in set(local[~summer].dt.round("s"))
    assert posts.loc[~exact, "posted_at_amsterdam"].isna().all()


def test_a_second_export_of_the_same_warehouse_has_the_same_tables(full: Exported, tmp_path: Path) -> None:
    export(full.study.warehouse, tmp_path / "again", about=about(full.study), shapes=["csv"], questions=())
    for path in sorted((full.folder / "csv").glob("*.csv")):
        assert path.read_bytes() == (tmp_path / "again" / path.relative_to(full.folder)).read_bytes(), (
            path.name
        )
