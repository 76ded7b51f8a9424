"""Puts shares and gaps corrected by a hand-coded sample beside the raw ones of a query, group by group."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import duckdb
import numpy as np
import pandas as pd

from warehouse.correction import Corrected, HandCoded, correct, correct_gap, correct_posts
from warehouse.estimates import FEWEST_POSTS
from warehouse.hand_coded import Group, Key, Sample, read_sample
from warehouse.intervals import Floats, difference, wilson

COLUMNS = ["corrected", "corrected_low", "corrected_high", "n_coded", "correction"]
SURVEY_COLUMNS = ["said_minus_corrected", "said_minus_corrected_low", "said_minus_corrected_high"]

GAPS = {
    "promising_gap": ("promising", "less_promising"),
    "central_against_programme": ("central", "programme"),
}
SHARES = ("share_of_posts", "share_primary", "mean_institution_share", "said_minus_done")
NEVER = (
    "share_of_institutions",
    "labour_market_subcodes",
)  # no sum over posts, or posts told apart by their code

Row = dict[Any, Any]


@dataclass(frozen=True, kw_only=True)
class Side:
    """One share of a row: the groups that make it up, and the sums of each institution."""

    groups: frozenset[Group]
    members: Sequence[int]
    over: Floats
    under: Floats


def find_corrections(
    con: duckdb.DuckDBPyConnection, name: str, answer: pd.DataFrame, *, coder: str
) -> pd.DataFrame | None:
    """Return the columns of correction for a query's answer, None where the query has none.

    A share with fewer than 30 hand-coded posts stays uncorrected, as do the codings of anybody but the rules, and
    figures that are no sum over posts.
    """
    if name not in (*SHARES, *GAPS, *NEVER):
        return None
    asked = coder == "rules" and name not in NEVER
    sample = read_sample(con, primary=name == "share_primary") if asked else None
    columns = COLUMNS + (SURVEY_COLUMNS if name == "said_minus_done" else [])
    if sample is None:
        none = dict.fromkeys(columns, np.nan) | {"n_coded": 0, "correction": "uncorrected"}
        return pd.DataFrame(none, index=answer.index)
    rows = [_of_row(name, row, sample) for row in answer.to_dict("records")]
    return pd.DataFrame(rows, columns=columns, index=answer.index)


def _of_row(name: str, row: Row, sample: Sample) -> Row:
    sides = _sides(name, row, sample)
    coded = min(len(_coded(sample, side)) for side in sides)
    if coded < FEWEST_POSTS:
        return {"n_coded": coded, "correction": "uncorrected"}
    found = _correct(name, row, sample, sides)
    lowest = -1 if name in GAPS else 0
    share, low, high = np.clip((found.share, found.low, found.high), lowest, 1)
    corrected = {"corrected": share, "corrected_low": low, "corrected_high": high}
    said = _said(row, (share, low, high)) if name == "said_minus_done" else {}
    return {**corrected, **said, "n_coded": coded, "correction": "corrected"}


def _said(row: Row, corrected: tuple[float, float, float]) -> Row:
    low, high = map(float, wilson(round(row["said"] * row["n_said"]), row["n_said"]))
    return dict(zip(SURVEY_COLUMNS, difference((row["said"], low, high), corrected), strict=True))


def _sides(name: str, row: Row, sample: Sample) -> tuple[Side, ...]:
    """Return the one share of a row, or the two of a gap."""
    if name == "said_minus_done":
        level = row["level"]
        groups = (
            frozenset([(level,)])
            if level in ("mbo", "hbo")
            else sample.predicted.groups | sample.settled.groups
        )
        return (_side(row, groups, ""),)
    group: Group = tuple(row["groups"])
    if name not in GAPS:
        return (_side(row, frozenset([group]), ""),)
    first, second = GAPS[name]
    return _side(row, frozenset([(*group, first)]), ""), _side(row, frozenset([(*group, second)]), "_2")


def _side(row: Row, groups: frozenset[Group], which: str) -> Side:
    return Side(
        groups=groups,
        members=row["member_list"].tolist(),
        over=np.asarray(row[f"over{which}_list"], dtype=float),
        under=np.asarray(row[f"under{which}_list"], dtype=float),
    )


def _coded(sample: Sample, side: Side) -> set[Key]:
    return sample.predicted.members(side.groups) | sample.settled.members(side.groups)


def _correct(name: str, row: Row, sample: Sample, sides: tuple[Side, ...]) -> Corrected:
    institutions: dict[int, int] = {number: place for place, number in enumerate(sides[0].members)}
    coded = [_hand_coded(row["code"], sample, side, institutions) for side in sides]
    sums = [(_filled(side.over, len(institutions)), _filled(side.under, len(institutions))) for side in sides]
    if name in GAPS:
        return correct_gap((*sums[0], coded[0]), (*sums[1], coded[1]))
    if name == "mean_institution_share":
        return _correct_mean(*sums[0], coded[0])
    return correct(*sums[0], coded[0])


def _correct_mean(over: Floats, under: Floats, coded: HandCoded) -> Corrected:
    """Return the corrected mean of the institutions' own shares: each error weighs as its institution's posts do.

    An institution that only the hand coding puts into the group has no share to be averaged. Of one institution the
    mean is the share of its posts, and varies as that does.
    """
    known = under > 0
    size = np.where(known, under, 1.0)
    shares = over / size
    kept = known[coded.cluster]
    own = replace(
        coded,
        cluster=np.where(kept, (np.cumsum(known) - 1)[coded.cluster], 0),
        over_error=np.where(kept, coded.over_error, 0.0),
        under_error=np.where(kept, coded.under_error, 0.0),
    )
    if known.sum() == 1:
        return correct_posts(float(over.sum()), float(under.sum()), own)
    errors = (own.over_error - shares[coded.cluster] * own.under_error) / size[coded.cluster]
    averaged = replace(own, over_error=errors, under_error=np.zeros(len(errors)))
    return correct(shares[known], np.ones(int(known.sum())), averaged)


def _hand_coded(code: str, sample: Sample, side: Side, institutions: dict[int, int]) -> HandCoded:
    """Return what the hand coding adds to a share; institutions that only it puts into the group join the others."""
    predicted, settled = sample.predicted.members(side.groups), sample.settled.members(side.groups)
    size = len(sample.place)
    cluster = np.zeros(size, dtype=np.int64)
    over, under = np.zeros(size), np.zeros(size)
    for key in predicted | settled:
        place = sample.place[key]
        number = sample.predicted.cluster.get(key)
        number = sample.settled.cluster[key] if number is None else number
        cluster[place] = institutions.setdefault(number, len(institutions))
        over[place] = float(sample.settled.carries(side.groups, key, code)) - float(
            sample.predicted.carries(side.groups, key, code)
        )
        under[place] = (key in settled) - (key in predicted)
    return HandCoded(
        cluster=cluster, stratum=sample.stratum, weight=sample.weight, over_error=over, under_error=under
    )


def _filled(values: Floats, size: int) -> Floats:
    """Return one value per institution, 0 for those that only the hand coding puts into the group."""
    return np.append(values, np.zeros(size - len(values)))
