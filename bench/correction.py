"""Simulates studies whose truth is known, to see how often the corrected interval holds it, and how far off the raw share is.

Run: python bench/correction.py [--studies 1000] [--institutions 60]

Each study draws institutions with shares of their own, posts on four platforms, and a classifier whose errors differ per
institution; draws 300 posts as `uitzicht sample draw` does; codes them without error; and corrects as
`uitzicht query share_of_posts` does.
"""

from __future__ import annotations

import argparse
import time
from dataclasses import dataclass

import numpy as np

from classify.sample import draw_sample
from warehouse.correction import Corrected, HandCoded, correct
from warehouse.intervals import Floats, bootstrap_ratio

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

    institution: np.ndarray
    level: np.ndarray
    platform: np.ndarray
    true: Floats
    predicted: Floats
    stratum: np.ndarray


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


def ask(
    posts: Posts, asked: np.ndarray, size: int, seed: int
) -> tuple[Corrected, float, float, tuple[float, float]]:
    """Return the corrected share of the posts asked for, the raw share, the share in these very posts, and a bootstrap."""
    names = [f"{CODES[one // 8]}/{PLATFORMS[one % 8 // 2]}/{LEVELS[one % 2]}" for one in posts.stratum]
    drawn = draw_sample(names, size, seed=seed)
    place = np.array([one.place for one in drawn])
    weight = np.array([1 / one.inclusion_probability for one in drawn])
    n = posts.institution.max() + 1
    over = np.bincount(posts.institution[asked], posts.predicted[asked], n)
    under = np.bincount(posts.institution[asked], minlength=n).astype(float)
    there = under > 0
    error = (posts.true[place] - posts.predicted[place]) * asked[place]
    cluster = (np.cumsum(there) - 1)[posts.institution[place]]
    cluster = np.where(asked[place], cluster, 0)
    sample = HandCoded(
        cluster=cluster,
        stratum=posts.stratum[place],
        weight=weight,
        over_error=error,
        under_error=np.zeros(len(place)),
    )
    over, under = over[there], under[there]
    boot = bootstrap_ratio(over + np.bincount(cluster, weight * error, len(over)), under)
    return correct(over, under, sample), over.sum() / under.sum(), posts.true[asked].mean(), boot


def main() -> None:
    """Print a line per classifier and group."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--studies", type=int, default=1000)
    parser.add_argument("--institutions", type=int, default=60)
    parser.add_argument("--size", type=int, default=300)
    given = parser.parse_args()
    started = time.monotonic()
    print(
        f"{given.studies} studies of {given.institutions} institutions, {given.size} posts coded; true share {SHARE:.1%}"
    )
    print(
        f"{'classifier':15}{'group':15}{'raw bias':>10}{'corrected bias':>16}{'covers':>9}{'boot':>9}{'raw covers':>12}{'width':>8}"
    )
    for classifier in CLASSIFIERS:
        for group in ("all posts", "mbo", "mbo instagram"):
            _show(classifier, group, given)
    print(f"{time.monotonic() - started:.0f} s")


def _show(classifier: Classifier, group: str, given: argparse.Namespace) -> None:
    rows = []
    for seed in range(given.studies):
        posts = make_posts(np.random.default_rng(seed), classifier, given.institutions)
        asked = np.ones(len(posts.true), dtype=bool)
        if "mbo" in group:
            asked &= posts.level == 0
        if "instagram" in group:
            asked &= posts.platform == 0
        found, raw, own, boot = ask(posts, asked, given.size, seed)
        rows.append((raw, found.share, found.low, found.high, own, *boot))
    raw, share, low, high, own, blow, bhigh = np.array(rows).T
    covers = np.mean((low <= SHARE) & (high >= SHARE))
    boot = np.mean((blow <= SHARE) & (bhigh >= SHARE))
    print(
        f"{classifier.name:15}{group:15}{raw.mean() - SHARE:>+10.2%}{share.mean() - SHARE:>+16.2%}{covers:>9.1%}{boot:>9.1%}"
        f"{np.mean((low <= own) & (own <= high)):>12.1%}{np.mean(high - low):>8.2%}"
    )


if __name__ == "__main__":
    main()
