"""Puts intervals, their method and a warning of too few posts beside the estimates of a query."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd

from warehouse.intervals import (
    Floats,
    bootstrap_mean,
    bootstrap_median,
    bootstrap_ratio,
    difference,
    wilson,
)

FEWEST_POSTS = 30
FEWEST_INSTITUTIONS = 5

Row = dict[str, Any]


def with_intervals(name: str, frame: pd.DataFrame) -> pd.DataFrame:
    """Return a query's answer with the interval columns it should have; queries without estimates stay as they are."""
    finish = _FINISH.get(name)
    if finish is None:
        return frame
    rows = frame.drop(columns="clusters", errors="ignore")
    found = [finish({str(key): value for key, value in row.items()}) for row in frame.to_dict("records")]
    return rows.join(pd.DataFrame(found, index=frame.index, columns=_columns(name)))


def _columns(name: str) -> list[str]:
    if name == "said_minus_done":
        return [
            "said_low",
            "said_high",
            "low",
            "high",
            "method",
            "difference_low",
            "difference_high",
            "too_few",
        ]
    if name == "platform_presence":
        return ["low", "high", "said_low", "said_high", "too_few"]
    return ["low", "high", "method", "too_few"]


def _of_shares(row: Row) -> Row:
    low, high, method = _share_interval(row["clusters"])
    return {"low": low, "high": high, "method": method, "too_few": _too_few(row)}


def _of_mean(row: Row) -> Row:
    over, under = _sums(row["clusters"], "over"), _sums(row["clusters"], "under")
    if len(over) == 1:
        return _of_shares(row)
    low, high = bootstrap_mean(over / under)
    return {"low": low, "high": high, "method": "bootstrap", "too_few": _too_few(row)}


def _of_institutions(row: Row) -> Row:
    low, high = wilson(row["n_institutions_carrying"], row["n_institutions"])
    return {"low": float(low), "high": float(high), "method": "wilson", "too_few": _too_few(row)}


def _of_gap(row: Row) -> Row:
    clusters = row["clusters"]
    over = np.column_stack([_sums(clusters, "over"), _sums(clusters, "over_2")])
    under = np.column_stack([_sums(clusters, "under"), _sums(clusters, "under_2")])
    if len(over) == 1:
        (low, high), method = _gap_of_one(over[0], under[0]), "newcombe"
    else:
        (low, high), method = bootstrap_ratio(over, under), "bootstrap"
    few = under.sum(axis=0).min() < FEWEST_POSTS or _few_institutions(row)
    return {"low": low, "high": high, "method": method, "too_few": bool(few)}


def _gap_of_one(over: Floats, under: Floats) -> tuple[float, float]:
    if under.min() == 0:
        return float("nan"), float("nan")
    low, high = wilson(over, under)
    sides = [(float(over[i] / under[i]), float(low[i]), float(high[i])) for i in (0, 1)]
    return difference(sides[0], sides[1])[1:]


def _of_median(row: Row) -> Row:
    cells = row["clusters"]
    names = sorted({cell["cluster"] for cell in cells})
    values = np.array(sorted({cell["figure"] for cell in cells}))
    counts = np.zeros((len(names), len(values)))
    place = {name: number for number, name in enumerate(names)}
    for cell in cells:
        counts[place[cell["cluster"]], np.searchsorted(values, cell["figure"])] += cell["posts"]
    if len(names) == 1:
        return {"low": np.nan, "high": np.nan, "method": "none", "too_few": _too_few(row)}
    low, high = bootstrap_median(values, counts)
    return {"low": low, "high": high, "method": "bootstrap", "too_few": _too_few(row)}


def _of_survey(row: Row) -> Row:
    said_low, said_high = map(float, wilson(round(row["said"] * row["n_said"]), row["n_said"]))
    low, high, method = _share_interval(row["clusters"])
    _, gap_low, gap_high = difference((row["said"], said_low, said_high), (row["share"], low, high))
    return {
        "said_low": said_low,
        "said_high": said_high,
        "low": low,
        "high": high,
        "method": method,
        "difference_low": gap_low,
        "difference_high": gap_high,
        "too_few": _too_few(row),
    }


def _of_presence(row: Row) -> Row:
    low, high = map(float, wilson(row["n_present"], row["n_institutions"]))
    said_low = said_high = np.nan
    if pd.notna(row["said"]):
        said_low, said_high = map(float, wilson(round(row["said"] * row["n_said"]), row["n_said"]))
    return {
        "low": low,
        "high": high,
        "said_low": said_low,
        "said_high": said_high,
        "too_few": row["n_institutions"] < FEWEST_INSTITUTIONS,
    }


def _share_interval(clusters: Any) -> tuple[float, float, str]:
    over, under = _sums(clusters, "over"), _sums(clusters, "under")
    if len(over) == 1:
        low, high = wilson(over[0], under[0])
        return float(low), float(high), "wilson"
    return *bootstrap_ratio(over, under), "bootstrap"


def _sums(clusters: Any, name: str) -> Floats:
    return np.array([cluster[name] for cluster in clusters], dtype=float)


def _too_few(row: Row) -> bool:
    return bool(row["n_posts"] < FEWEST_POSTS) or _few_institutions(row)


def _few_institutions(row: Row) -> bool:
    """Return whether a pooled figure stands on too few institutions; one institution's own figure does not pool."""
    own = "institution" in row or "account" in row
    return not own and bool(row["n_institutions"] < FEWEST_INSTITUTIONS)


_FINISH: dict[str, Callable[[Row], Row]] = {
    "share_of_posts": _of_shares,
    "share_primary": _of_shares,
    "labour_market_subcodes": _of_shares,
    "comment_rate": _of_shares,
    "mean_institution_share": _of_mean,
    "share_of_institutions": _of_institutions,
    "promising_gap": _of_gap,
    "central_against_programme": _of_gap,
    "relative_engagement": _of_median,
    "said_minus_done": _of_survey,
    "platform_presence": _of_presence,
}
