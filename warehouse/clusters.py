"""Puts what each institution adds to the rows of an answer in one order: every institution once, zeros included."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from warehouse.intervals import Floats

Nested = dict[str, tuple[str, ...]]

# The lists of structs of each query, which are fetched as a list per field.
_SHARES: Nested = {"clusters": ("member", "under"), "carriers": ("carrier", "over")}
_ONE: Nested = {"clusters": ("member", "over", "under")}
_GAP: Nested = {"clusters": ("member", "under", "under_2"), "carriers": ("carrier", "over", "over_2")}
_FIGURES: Nested = {"clusters": ("member", "figure", "posts")}
NESTED = {
    "share_of_posts": _SHARES,
    "share_primary": _SHARES,
    "labour_market_subcodes": _SHARES,
    "mean_institution_share": _ONE,
    "said_minus_done": _ONE,
    "comment_rate": _ONE,
    "promising_gap": _GAP,
    "central_against_programme": _GAP,
    "relative_engagement": _FIGURES,
}
LISTS = ("over", "under", "over_2", "under_2")
AT_ONCE = 4_000_000  # rows of the answer times institutions

Lists = Iterable[NDArray[np.int64]]


def fill_clusters(answer: pd.DataFrame) -> pd.DataFrame:
    """Return an answer whose lists have one value per institution of the row, in the order of `member_list`.

    An institution may be in a row's lists several times, once per account: its values are added up. What is listed
    by `carrier_list` is 0 for the institutions that are not there.
    """
    if "member_list" not in answer or "figure_list" in answer or answer.empty:
        return answer.drop(columns="carrier_list", errors="ignore")
    names = [f"{name}_list" for name in LISTS if f"{name}_list" in answer]
    filled: dict[str, list[Any]] = {name: [] for name in ("member_list", *names)}
    for rows, width in _blocks(answer):
        known = _table(rows["member_list"], None, width) > 0
        ends = np.cumsum(known.sum(axis=1))[:-1]
        filled["member_list"] += np.split(np.nonzero(known)[1], ends)
        for name in names:
            of = "carrier_list" if name.startswith("over") and "carrier_list" in answer else "member_list"
            filled[name] += np.split(_table(rows[of], rows[name], width)[known], ends)
    lists = {name: pd.Series(values, index=answer.index, dtype=object) for name, values in filled.items()}
    rest = [name for name in answer if name != "carrier_list"]
    return answer[rest].assign(**lists)


def _blocks(answer: pd.DataFrame) -> Iterator[tuple[pd.DataFrame, int]]:
    """Return the rows in parts of a bounded size, with the number of institutions that there may be."""
    width = 1 + max(int(members.max()) for members in answer["member_list"])
    size = max(1, AT_ONCE // width)
    for start in range(0, len(answer), size):
        yield answer.iloc[start : start + size], width


def _table(members: Lists, values: Lists | None, width: int) -> Floats:
    """Return a row per row of the answer and a column per institution; without values, how often each is there."""
    sizes = [len(numbers) for numbers in members]
    cells = np.repeat(np.arange(len(sizes)), sizes) * width + np.concatenate([*members]).astype(np.int64)
    added = None if values is None else np.concatenate([*values]).astype(float)
    counted = np.bincount(cells, added, len(sizes) * width)
    table: Floats = counted.reshape(len(sizes), width).astype(float, copy=False)
    return table
