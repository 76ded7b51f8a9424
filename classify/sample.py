"""Draws a stratified random sample of units, so that every unit's chance of being drawn is known."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from classify.errors import SampleError

FEWEST = 2  # of a stratum with one unit drawn, nobody can say how much its units differ


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """A unit of the sample: its place in the population, and how many units its stratum had and gave."""

    place: int
    stratum: str
    population: int
    drawn: int

    @property
    def inclusion_probability(self) -> float:
        """The chance with which the unit was drawn."""
        return self.drawn / self.population


def draw_sample(strata: Sequence[str], size: int, *, seed: int, fewest: int = FEWEST) -> list[Drawn]:
    """Return a random sample of so many units, given each unit's stratum; in random order, the same for a seed.

    The order is shuffled over all strata, so that a unit's number tells nothing about its stratum.
    """
    places: dict[str, list[int]] = {}
    for place, stratum in enumerate(strata):
        places.setdefault(stratum, []).append(place)
    shares = allocate({name: len(found) for name, found in places.items()}, size, fewest=fewest)
    rng = np.random.default_rng(seed)
    drawn = [
        Drawn(place=int(place), stratum=name, population=len(places[name]), drawn=shares[name])
        for name in sorted(places)
        for place in rng.choice(places[name], shares[name], replace=False)
    ]
    return [drawn[number] for number in rng.permutation(len(drawn))]


def allocate(populations: Mapping[str, int], size: int, *, fewest: int = FEWEST) -> dict[str, int]:
    """Return how many units each stratum gives: in proportion to the root of its size, and at least `fewest`.

    The root stands between equal parts, which serve rare codes, and proportional ones, which serve the total.

    >>> allocate({"often": 900, "seldom": 100, "hardly ever": 1}, 41)
    {'often': 30, 'seldom': 10, 'hardly ever': 1}
    """
    least = sum(min(fewest, population) for population in populations.values())
    if size < least:
        raise SampleError(
            f"size is {size}; expected at least {least}: {len(populations)} strata with {fewest} posts each."
        )
    if size >= sum(populations.values()):
        return dict(populations)
    low, high = 0.0, float(size)
    while (
        high - low > 1e-9 * high
    ):  # the factor with which the roots, cut to their bounds, add up to the size
        factor = (low + high) / 2
        wanted = _wanted(populations, factor, fewest)
        low, high = (factor, high) if sum(wanted.values()) < size else (low, factor)
    return _rounded(_wanted(populations, high, fewest), populations, size)


def _wanted(populations: Mapping[str, int], factor: float, fewest: int) -> dict[str, float]:
    return {
        name: min(population, max(fewest, factor * population**0.5))
        for name, population in populations.items()
    }


def _rounded(wanted: Mapping[str, float], populations: Mapping[str, int], size: int) -> dict[str, int]:
    """Return whole numbers that add up to the size: those that lost most by rounding down get one more."""
    parts = {name: int(value + 1e-6) for name, value in wanted.items()}
    by_loss = sorted(wanted, key=lambda name: (parts[name] - wanted[name], name))
    for name in (name for name in by_loss if parts[name] < populations[name]):
        if sum(parts.values()) >= size:
            break
        parts[name] += 1
    return parts
