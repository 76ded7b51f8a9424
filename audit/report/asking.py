"""Asks the warehouse, and turns its frames into plain values: what is missing is None."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

import duckdb
import pandas as pd

from audit.report.figures import Basis, Corrected, Share
from warehouse.queries import run

Row = dict[str, Any]


class Asker:
    """Asks named queries about one window of a warehouse, on one basis."""

    def __init__(
        self,
        con: duckdb.DuckDBPyConnection,
        *,
        since: date | None = None,
        until: date | None = None,
        basis: Basis = "complete",
    ) -> None:
        self._con = con
        self._since = since
        self._until = until
        self._basis = basis

    def rows(self, name: str, **more: Any) -> list[Row]:
        """Return a query's answer as rows of plain values."""
        asked = {"since": self._since, "until": self._until, "coverage": self._basis} | more
        return list(_plain(run(self._con, name, **asked)))

    def one(self, name: str) -> Row:
        """Return the only row of a query's answer."""
        (row,) = self.rows(name)
        return row

    def shares(
        self, name: str, by: Sequence[str] = (), code: str | None = None
    ) -> dict[tuple[str, ...], Share]:
        """Return shares keyed by the values of `by`, and the code where none was asked for."""
        key = (*by, "code") if code is None else tuple(by)
        rows = self.rows(name, by=by, code=code)
        return {tuple(str(row[part]) for part in key): read_share(row) for row in rows}

    def shares_by(self, name: str, by: str, code: str) -> dict[str, Share]:
        """Return a code's shares keyed by the values of one name."""
        return {group: share for (group,), share in self.shares(name, (by,), code).items()}

    def shares_of_codes(self, name: str) -> dict[str, Share]:
        """Return shares keyed by code."""
        return {code: share for (code,), share in self.shares(name).items()}


def read_share(row: Row) -> Share:
    """Return a row's share; its bounds are None where the query gives no interval."""
    return Share(
        n_posts=row["n_posts"],
        n_carrying=row["n_institutions_carrying"] if "n_institutions_carrying" in row else row["n_carrying"],
        n_institutions=row["n_institutions"],
        share=row["share"],
        low=row["low"],
        high=row["high"],
        method=row["method"],
        too_few=row["too_few"],
        corrected=_corrected(row),
    )


def _corrected(row: Row) -> Corrected | None:
    if row.get("correction") != "corrected" or row["too_few"]:
        return None
    return Corrected(
        share=row["corrected"],
        low=row["corrected_low"],
        high=row["corrected_high"],
        n_coded=row["n_coded"],
    )


def _plain(frame: pd.DataFrame) -> Iterator[Row]:
    for record in frame.astype(object).to_dict("records"):
        yield {str(name): _value(value) for name, value in record.items()}


def _value(value: Any) -> Any:
    if hasattr(value, "tolist") and not isinstance(value, pd.Timestamp):
        return value.tolist()
    if not isinstance(value, (list, dict)) and pd.isna(value):
        return None
    return value.to_pydatetime() if isinstance(value, pd.Timestamp) else value
