"""Puts intervals, their method and a warning of too few posts beside the estimates of a query."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from warehouse.intervals import Floats, bootstrap_gaps, bootstrap_median, bootstrap_ratios, difference, wilson

FEWEST_POSTS = 30
FEWEST_INSTITUTIONS = 5

MADE_FROM = tuple(
    f"{name}_list" for name in ("member", "over", "under", "over_2", "under_2", "figure", "posts")
)

Columns = dict[str, Any]


def with_intervals(name: str, frame: pd.DataFrame) -> pd.DataFrame:
    """Return a query's answer with the interval columns it should have; queries without estimates stay as they are.

    One rule holds for all of them: what stands on too few posts or institutions has no interval (`low` and `high` null,
    `method` "none"), nor has a share of several institutions of which none or all posts carry the code, a gap between
    two of those, or the difference between what was said and such a share.
    """
    finish = _FINISH.get(name)
    if finish is None:
        return frame
    rows = frame.drop(columns=[name for name in MADE_FROM if name in frame])
    return rows.assign(**_withheld(finish(frame)))


def is_too_few(posts: float, institutions: float, *, pools: bool) -> bool:
    """Return whether a figure stands on too little to be shown as one; one institution's own figure does not pool."""
    return bool(posts < FEWEST_POSTS or (pools and institutions < FEWEST_INSTITUTIONS))


def _withheld(found: Columns) -> Columns:
    few = np.asarray(found["too_few"], dtype=bool)
    hidden = few
    if "method" in found:
        method = np.where(few, "none", np.asarray(found["method"], dtype=object))
        hidden = method == "none"
        found = found | {"method": method}
    bounds = {"low": hidden, "high": hidden, "difference_low": hidden, "difference_high": hidden}
    return found | {
        name: np.where(hides, np.nan, np.asarray(found[name], dtype=float))
        for name, hides in bounds.items()
        if name in found
    }


def _of_shares(frame: pd.DataFrame) -> Columns:
    return _shares(frame, mean=False) | {"too_few": _too_few(frame)}


def _of_mean(frame: pd.DataFrame) -> Columns:
    return _shares(frame, mean=True) | {"too_few": _too_few(frame)}


def _of_institutions(frame: pd.DataFrame) -> Columns:
    low, high = wilson(frame["n_institutions_carrying"], frame["n_institutions"])
    return {"low": low, "high": high, "method": "wilson", "too_few": _too_few(frame)}


def _of_gap(frame: pd.DataFrame) -> Columns:
    few = _too_few(frame.assign(**_fewest_of_both(frame)))
    lists = [frame[name].to_numpy() for name in ("over_list", "under_list", "over_2_list", "under_2_list")]
    low, high, sizes = _nothing_yet(frame)
    for size in np.unique(sizes):
        rows = np.flatnonzero(sizes == size)
        over, under, over_2, under_2 = (np.stack(list(side[rows])).T for side in lists)
        if size == 1:
            both = zip(np.vstack([over, over_2]).T, np.vstack([under, under_2]).T, strict=True)
            low[rows], high[rows] = np.transpose([_gap_of_one(*one) for one in both])
        else:
            low[rows], high[rows] = bootstrap_gaps((over, under), (over_2, under_2))
    return {"low": low, "high": high, "method": _methods(sizes, low, high, of_one="newcombe"), "too_few": few}


def _methods(sizes: NDArray[np.int64], low: Floats, high: Floats, *, of_one: str) -> NDArray[np.object_]:
    """Return how each row's bounds were found; draws that are all the same tell nothing of an interval."""
    pooled = np.where(low == high, "none", "bootstrap")
    return np.where(sizes == 1, of_one, pooled).astype(object)


def _nothing_yet(frame: pd.DataFrame) -> tuple[Floats, Floats, NDArray[np.int64]]:
    """Return bounds to be filled in, and the number of institutions, of each row."""
    sizes = np.array([len(values) for values in frame["over_list"]], dtype=np.int64)
    return np.full(len(frame), np.nan), np.full(len(frame), np.nan), sizes


def _gap_of_one(over: Floats, under: Floats) -> tuple[float, float]:
    if under.min() == 0:
        return float("nan"), float("nan")
    low, high = wilson(over, under)
    sides = [(float(over[i] / under[i]), float(low[i]), float(high[i])) for i in (0, 1)]
    return difference(sides[0], sides[1])[1:]


def _fewest_of_both(frame: pd.DataFrame) -> Columns:
    """Return the posts and the institutions of each gap's side that has the fewest."""
    sides = [frame["under_list"], frame["under_2_list"]]
    posts = [[side.sum() for side in both] for both in zip(*sides, strict=True)]
    institutions = [[np.count_nonzero(side) for side in both] for both in zip(*sides, strict=True)]
    return {"n_posts": [min(both) for both in posts], "n_institutions": [min(both) for both in institutions]}


def _of_median(frame: pd.DataFrame) -> Columns:
    found = [_median(row) for row in frame.itertuples()]
    low, high, method = zip(*found, strict=True) if found else ((), (), ())
    return {"low": low, "high": high, "method": method, "too_few": _too_few(frame)}


def _median(row: Any) -> tuple[float, float, str]:
    names, institution = np.unique(row.member_list, return_inverse=True)
    values, place = np.unique(_floats(row.figure_list), return_inverse=True)
    if len(names) == 1:
        return float("nan"), float("nan"), "none"
    cells = institution * len(values) + place
    counts = _floats(np.bincount(cells, _floats(row.posts_list), len(names) * len(values)))
    return (*bootstrap_median(values, counts.reshape(len(names), len(values))), "bootstrap")


def _of_survey(frame: pd.DataFrame) -> Columns:
    said_low, said_high = _said(frame)
    shares = _shares(frame, mean=False)
    done = list(zip(frame["share"], shares["low"], shares["high"], strict=True))
    said = list(zip(frame["said"], said_low, said_high, strict=True))
    gaps = [difference(one, other) for one, other in zip(said, done, strict=True)]
    return {
        "said_low": said_low,
        "said_high": said_high,
        **shares,
        "difference_low": [low for _, low, _ in gaps],
        "difference_high": [high for _, _, high in gaps],
        "too_few": _too_few(frame),
    }


def _of_presence(frame: pd.DataFrame) -> Columns:
    low, high = wilson(frame["n_present"], frame["n_institutions"])
    said_low, said_high = _said(frame)
    few = frame["n_institutions"] < FEWEST_INSTITUTIONS
    return {"low": low, "high": high, "said_low": said_low, "said_high": said_high, "too_few": few}


def _said(frame: pd.DataFrame) -> tuple[Floats, Floats]:
    """Return Wilson's interval of what respondents said; nan where the survey did not ask."""
    asked = frame["n_said"].to_numpy(float, na_value=np.nan)
    return wilson(np.round(frame["said"].to_numpy(float, na_value=np.nan) * asked), asked)


def _shares(frame: pd.DataFrame, *, mean: bool) -> Columns:
    """Return the intervals of shares that pool institutions, and Wilson's where there is only one.

    Rows with as many institutions share their draws, so all of them are one product of matrices.
    """
    over, under = frame["over_list"].to_numpy(), frame["under_list"].to_numpy()
    low, high, sizes = _nothing_yet(frame)
    for size in np.unique(sizes):
        rows = np.flatnonzero(sizes == size)
        tops, bottoms = (np.stack(list(side[rows])).T for side in (over, under))
        if size == 1:
            low[rows], high[rows] = wilson(tops[0], bottoms[0])
        elif mean:
            low[rows], high[rows] = bootstrap_ratios(tops / bottoms, np.ones_like(bottoms))
        else:
            low[rows], high[rows] = bootstrap_ratios(tops, bottoms)
    return {"low": low, "high": high, "method": _methods(sizes, low, high, of_one="wilson")}


def _floats(values: Any) -> Floats:
    return np.asarray(values, dtype=float)


def _too_few(frame: pd.DataFrame) -> list[bool]:
    pools = "institution" not in frame and "account" not in frame
    posts, institutions = frame["n_posts"], frame["n_institutions"]
    return [is_too_few(*both, pools=pools) for both in zip(posts, institutions, strict=True)]


_FINISH: dict[str, Callable[[pd.DataFrame], Columns]] = {
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
