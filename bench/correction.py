"""How often the corrected interval holds a truth that is known, and how far off the raw share is.

    python bench/correction.py [--studies 1000] [--institutions 60] [--size 300] [--first 0]

Each study draws institutions with shares of their own, posts on four platforms, and a classifier whose errors differ
per institution; draws 300 posts as `uitzicht sample draw` does; codes them without error; and corrects as
`uitzicht query share_of_posts` does. Studies are made from the seeds `--first` and on; by chance alone, coverage that
is counted in 1,000 studies is off by 0.7 points.
"""

from __future__ import annotations

import argparse
import time
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from classify.sample import draw_sample
from warehouse.correction import Corrected, HandCoded, Integers, correct
from warehouse.intervals import Floats, bootstrap_ratio

Flags = NDArray[np.bool_]

CODES = ("labour_market", "open_day", "student_made", "programme", "atmosphere", "other")
PLATFORMS = ("instagram", "tiktok", "youtube", "linkedin")
LEVELS = ("mbo", "hbo")
SHARE, SPREAD = 0.12, 12.0  # of posts that carry the code; the institutions' own shares are Beta(1.44, 10.56)


@dataclass(frozen=True, kw_only=True)
class Classifier:
    """How often it finds the code where it is, and where it is not; each institution's own rates differ a little."""

    name: str
    found: float
    invented: float


CLASSIFIERS = (
    Classifier(name="good", found=0.90, invented=0.01),
    Classifier(name="misses much", found=0.55, invented=0.02),
    Classifier(name="sees too much", found=0.85, invented=0.12),
    Classifier(name="guesses", found=0.20, invented=0.20),
)


@dataclass(frozen=True, kw_only=True)
class Posts:
    """A study's posts, one value each: institution, level, platform, the truth, and what the classifier says."""

    institution: Integers
    level: Integers
    platform: Integers
    true: Floats
    predicted: Floats
    stratum: Integers


def make_posts(rng: np.random.Generator, classifier: Classifier, institutions: int) -> Posts:
    """Return the posts of a study in which every institution has habits of its own."""
    counts = np.maximum(5, rng.lognormal(4.2, 0.8, institutions).astype(int))
    institution = np.repeat(np.arange(institutions), counts)
    share = rng.beta(SHARE * SPREAD, (1 - SHARE) * SPREAD, institutions)
    true = rng.random(len(institution)) < share[institution]
    found = rng.beta(classifier.found * 20, (1 - classifier.found) * 20, institutions)
    invented = rng.beta(classifier.invented * 50, (1 - classifier.invented) * 50, institutions)
    predicted = rng.random(len(true)) < np.where(true, found[institution], invented[institution])
    level = (np.arange(institutions) % 2)[institution]
    platform = rng.choice(4, len(true), p=(0.5, 0.15, 0.15, 0.2))
    primary = np.where(predicted & (rng.random(len(true)) < 0.8), 0, rng.integers(1, 6, len(true)))
    return Posts(
        institution=institution,
        level=level,
        platform=platform,
        true=true.astype(float),
        predicted=predicted.astype(float),
        stratum=primary * 8 + platform * 2 + level,
    )


@dataclass(frozen=True, kw_only=True)
class Found:
    """The answer of one study: corrected, raw, the share in these very posts, and the bootstrap's interval."""

    corrected: Corrected
    raw: float
    own: float
    bootstrap: tuple[float, float]


def ask(posts: Posts, asked: Flags, size: int, seed: int) -> Found:
    """Return what a study of which so many posts are coded says of the posts asked for."""
    names = [f"{CODES[one // 8]}/{PLATFORMS[one % 8 // 2]}/{LEVELS[one % 2]}" for one in posts.stratum]
    drawn = draw_sample(names, size, seed=seed)
    place = np.array([one.place for one in drawn])
    error = (posts.true[place] - posts.predicted[place]) * asked[place]
    institutions, cluster = np.unique(posts.institution[asked], return_inverse=True)
    over = np.bincount(cluster, posts.predicted[asked])
    under = np.bincount(cluster).astype(float)
    own = np.where(asked[place], np.searchsorted(institutions, posts.institution[place]), 0)
    weight = np.array([1 / one.inclusion_probability for one in drawn])
    sample = HandCoded(
        cluster=own,
        stratum=posts.stratum[place],
        weight=weight,
        over_error=error,
        under_error=np.zeros(size),
    )
    return Found(
        corrected=correct(over, under, sample),
        raw=float(over.sum() / under.sum()),
        own=float(posts.true[asked].mean()),
        bootstrap=bootstrap_ratio(over + np.bincount(own, weight * error, len(over)), under),
    )


def main() -> None:
    """Print a line per classifier and group."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--studies", type=int, default=1000)
    parser.add_argument("--institutions", type=int, default=60)
    parser.add_argument("--size", type=int, default=300)
    parser.add_argument("--first", type=int, default=0)
    given = parser.parse_args()
    started = time.monotonic()
    print(f"{given.studies} studies of {given.institutions} institutions, {given.size} posts coded each.")
    print(f"True share {SHARE:.1%}; intervals of 95 %; bootstrap: of institutions, of the corrected share.")
    print(f"{'':31}{'bias, raw':>11}{'corrected':>11}{'covered':>11}{'bootstrap':>11}{'width':>9}")
    for classifier in CLASSIFIERS:
        for group in ("all posts", "mbo", "mbo instagram"):
            _show(classifier, group, given)
    print(f"{time.monotonic() - started:.0f} s")


def _show(classifier: Classifier, group: str, given: argparse.Namespace) -> None:
    found = []
    for seed in range(given.first, given.first + given.studies):
        posts = make_posts(np.random.default_rng(seed), classifier, given.institutions)
        asked = np.ones(len(posts.true), dtype=bool)
        asked &= (posts.level == 0) | ("mbo" not in group)
        asked &= (posts.platform == 0) | ("instagram" not in group)
        found.append(ask(posts, asked, given.size, seed))
    raw = np.mean([one.raw for one in found]) - SHARE
    bias = np.mean([one.corrected.share for one in found]) - SHARE
    covered = np.mean([one.corrected.low <= SHARE <= one.corrected.high for one in found])
    drawn = np.mean([one.bootstrap[0] <= SHARE <= one.bootstrap[1] for one in found])
    width = np.mean([one.corrected.high - one.corrected.low for one in found])
    print(
        f"{classifier.name:15}{group:16}{raw:>+11.2%}{bias:>+11.2%}{covered:>11.1%}{drawn:>11.1%}{width:>9.2%}"
    )


if __name__ == "__main__":
    main()
