"""How reliable the coding of a study is, as far as its latest hand-coded sample tells."""

from __future__ import annotations

from dataclasses import dataclass

import duckdb

from audit.sheets.sampled import SampleOf
from audit.steps.sample import read_sample
from classify.codebook import Codebook
from classify.reliability import Agreement, compare
from warehouse.sampling import SETTLED, find_samples

DIMENSION = "theme"
DRAWS = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Reliability:
    """A hand-coded sample: how many posts it has, people coded and settled, and how a code fared between coders.

    `between` is people against people, None where no two coded the same posts; `rules` is the rules against what was
    settled.
    """

    sample: str
    n_posts: int
    n_coded: int
    n_coders: int
    n_settled: int
    n_shared: int
    between: Agreement | None
    rules: Agreement | None


def find_reliability(con: duckdb.DuckDBPyConnection, codebook: Codebook, code: str) -> Reliability | None:
    """Return how reliably a theme was coded in the latest sample; None where no sample was coded."""
    if not len(find_samples(con)):
        return None
    sample = read_sample(con)
    coders = [coder for coder in sample.coders if sample.answers(coder)]
    settled = sample.answers(SETTLED)
    if not coders and not settled:
        return None
    pair = (coders[0], coders[1]) if len(coders) > 1 else None
    return Reliability(
        sample=sample.name,
        n_posts=len(sample.units),
        n_coded=len(set(settled).union(*(sample.answers(coder) for coder in coders))),
        n_coders=len(coders),
        n_settled=len(settled),
        n_shared=len(sample.compared(*pair)[0]) if pair else 0,
        between=_agreement(sample, codebook, code, pair) if pair else None,
        rules=_agreement(sample, codebook, code, (SETTLED, "rules")) if settled else None,
    )


def _agreement(sample: SampleOf, codebook: Codebook, code: str, pair: tuple[str, str]) -> Agreement | None:
    first, second = sample.compared(*pair)
    codes = [one.name for one in codebook.dimension(DIMENSION).codes]
    if not first or code not in codes:
        return None
    report = compare(first, second, dimension=DIMENSION, codes=codes, samples=DRAWS)
    return next(one for one in report.codes if one.code == code)
