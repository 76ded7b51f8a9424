"""How reliably two coders agree, people or rules: alpha, kappa, precision, recall and F1 with bootstrap intervals."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

import krippendorff
import numpy as np
import numpy.typing as npt

from classify.gold import Answers

Flags = npt.NDArray[np.bool_]
Measure = Callable[[Flags, Flags], float]
SAMPLES = 2_000
SEED = 20261122


@dataclass(frozen=True, slots=True)
class Interval:
    """An estimate and the 95 % percentile interval of its bootstrap over units; NaN where it has no meaning."""

    value: float
    low: float
    high: float

    def __str__(self) -> str:
        if np.isnan(self.value):
            return "–"
        return f"{self.value:.2f} [{self.low:.2f}–{self.high:.2f}]"


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """How one code of `tested` stands against `reference`; `support` is in how many units the reference has it."""

    code: str
    units: int
    support: int
    alpha: Interval
    kappa: Interval
    precision: Interval
    recall: Interval
    f1: Interval


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """The agreement per code, the macro mean of F1 and of alpha, the share of equal primary codes and of equal sets."""

    codes: tuple[Agreement, ...]
    macro_f1: Interval
    macro_alpha: Interval
    primary: Interval
    exact: Interval


def precision(reference: Flags, tested: Flags) -> float:
    """Return the share of the tested coder's codes that the reference has too; NaN where it gave none.

    >>> precision(np.array([True, False]), np.array([True, True]))
    0.5
    """
    given = int(tested.sum())
    return float((reference & tested).sum() / given) if given else float("nan")


def recall(reference: Flags, tested: Flags) -> float:
    """Return the share of the reference's codes that the tested coder has too; NaN where there are none."""
    return precision(tested, reference)


def f1(reference: Flags, tested: Flags) -> float:
    """Return the harmonic mean of precision and recall; NaN where neither coder gave the code.

    >>> round(f1(np.array([True, False, True]), np.array([True, True, False])), 2)
    0.5
    """
    total = int(reference.sum() + tested.sum())
    return float(2 * (reference & tested).sum() / total) if total else float("nan")


def cohen_kappa(reference: Flags, tested: Flags) -> float:
    """Return Cohen's kappa of one code; NaN where both coders always or never gave it.

    >>> cohen_kappa(np.array([True, False]), np.array([True, False]))
    1.0
    """
    observed = float((reference == tested).mean())
    first, second = float(reference.mean()), float(tested.mean())
    expected = first * second + (1 - first) * (1 - second)
    return (observed - expected) / (1 - expected) if expected < 1 else float("nan")


def krippendorff_alpha(reference: Flags, tested: Flags) -> float:
    """Return Krippendorff's alpha (nominal) of one code; NaN where both coders always or never gave it."""
    if (reference.all() and tested.all()) or not (reference.any() or tested.any()):
        return float("nan")
    data = np.vstack([reference, tested]).astype(float)
    return float(krippendorff.alpha(reliability_data=data, level_of_measurement="nominal"))


def quick_alpha(reference: Flags, tested: Flags) -> float:
    """Return the same alpha by its closed form for two coders, one binary code and no missing answers.

    >>> first, second = np.array([True, True, False, False]), np.array([True, False, False, False])
    >>> abs(quick_alpha(first, second) - krippendorff_alpha(first, second)) < 1e-9
    True
    """
    values = 2 * len(reference)
    ones = int(reference.sum() + tested.sum())
    expected = 2 * ones * (values - ones) / (values * (values - 1))
    return float(1 - (reference != tested).mean() / expected) if expected else float("nan")


MEASURES: Mapping[str, Measure] = {
    "alpha": quick_alpha,
    "kappa": cohen_kappa,
    "precision": precision,
    "recall": recall,
    "f1": f1,
}


def compare(
    reference: Sequence[Answers],
    tested: Sequence[Answers],
    *,
    dimension: str,
    codes: Sequence[str],
    macro: Sequence[str] = (),
    samples: int = SAMPLES,
) -> Report:
    """Return how two coders agree on the same units, in the same order; `macro` names the codes that means go over."""
    flags = {code: (_flags(reference, dimension, code), _flags(tested, dimension, code)) for code in codes}
    draws = _draws(len(reference), samples)
    means = macro or codes
    return Report(
        codes=tuple(_agreement(code, *flags[code], draws) for code in codes),
        macro_f1=_macro([flags[code] for code in means], f1, draws),
        macro_alpha=_macro([flags[code] for code in means], quick_alpha, draws),
        primary=_share(
            [first.primary == second.primary for first, second in _pairs(reference, tested)], draws
        ),
        exact=_share(
            [
                set(first.codes[dimension]) == set(second.codes[dimension])
                for first, second in _pairs(reference, tested)
            ],
            draws,
        ),
    )


def _pairs(reference: Sequence[Answers], tested: Sequence[Answers]) -> Iterable[tuple[Answers, Answers]]:
    return zip(reference, tested, strict=True)


def _flags(answers: Sequence[Answers], dimension: str, code: str) -> Flags:
    return np.array([code in answer.codes[dimension] for answer in answers], dtype=bool)


def _draws(units: int, samples: int) -> npt.NDArray[np.int64]:
    return (
        np.random.default_rng(SEED).integers(0, units, (samples, units))
        if units
        else np.zeros((0, 0), np.int64)
    )


def _agreement(code: str, reference: Flags, tested: Flags, draws: npt.NDArray[np.int64]) -> Agreement:
    intervals = {
        name: _interval(
            measure(reference, tested), [measure(reference[draw], tested[draw]) for draw in draws]
        )
        for name, measure in MEASURES.items()
    }
    return Agreement(code=code, units=len(reference), support=int(reference.sum()), **intervals)


def _macro(flags: Sequence[tuple[Flags, Flags]], measure: Measure, draws: npt.NDArray[np.int64]) -> Interval:
    def mean(draw: npt.NDArray[np.int64] | slice) -> float:
        values = [measure(first[draw], second[draw]) for first, second in flags]
        known = [value for value in values if not np.isnan(value)]
        return float(np.mean(known)) if known else float("nan")

    return _interval(mean(slice(None)), [mean(draw) for draw in draws])


def _share(equal: Sequence[bool], draws: npt.NDArray[np.int64]) -> Interval:
    values = np.array(equal, dtype=float)
    return _interval(
        float(values.mean()) if len(values) else float("nan"), [values[draw].mean() for draw in draws]
    )


def _interval(value: float, drawn: Sequence[float]) -> Interval:
    known = np.array([one for one in drawn if not np.isnan(one)])
    if np.isnan(value) or not len(known):
        return Interval(value, float("nan"), float("nan"))
    low, high = np.percentile(known, [2.5, 97.5])
    return Interval(value, float(low), float(high))
