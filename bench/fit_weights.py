"""What word lists, facts and single words say of each code, fitted: `python -m bench.fit_weights [--write]`.

The rules of the codebook say what counts; how much a word list, a fact or a single word adds to them, or takes away, is
fitted on coded posts by two logistic regressions per code with an L1 penalty, so that most say nothing: one on the
rules' own score and a yes-or-no per list and fact, one on the words alone. Their sum, three to two, decides; the
thresholds follow. The themes are fitted in the order in which they are decided, and their thresholds moved so that each
is given to as many calibration posts as have it: of those no errors were read, so that they show what new posts would.
`--write` puts the weights into the codebook; without it they are only counted. Posts of part `check` are never used.
`--without BATCH` leaves out a batch of the practice posts and measures on it; then nothing is written.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression

from bench.fitting.features import LENGTHS, Features, read_features
from bench.fitting.posts import CodedPost, read_calibration_posts, read_posts
from bench.fitting.writing import Fitted, with_weights, without_weights, write
from classify.codebook import Codebook, Dimension
from classify.codebook_file import default_codebook
from classify.coder import Coder
from classify.gold import Answers
from classify.reliability import compare

SHARE_OF_WORDS = 0.4  # of the sum of the two regressions, the part of the single words
PENALTY_OF_LISTS, PENALTY_OF_WORDS = 0.3, 3.0  # the smaller, the fewer weights
TYPICAL = 1.5  # what a code's rules reach where they hold; the fit starts from it, and sets the threshold
LOWEST_THRESHOLD = 0.5
SMALLEST_SCALE = 0.05  # of the rules' own score; below it weights would know no bounds
SMALLEST = 0.3  # weights of lists nearer to zero are left out
# A code that one post in five has does best, for F1, when it is given from about this probability on.
CHANCE_BY_LISTS, CHANCE_BY_WORDS = 0.35, 0.29
BY_WORDS_ALONE = {"theme.labour_market", "theme.open_day"}  # never by platform or length
# How much further over its threshold another code must be to be the primary one.
RANK = {
    "theme.labour_market": 10.0,
    "theme.open_day": 16.0,
    "theme.atmosphere": -15.0,
}
# What speaks for `other` speaks against a mood, which is otherwise taken for granted where little is said.
BESIDE = {"theme.atmosphere": {"theme.other": -3.0}}
WITHOUT_WORDS = {"sector"}  # its single words were drawn up by hand


def main() -> None:
    """Fit, count, and on request write."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--without", action="append", default=[], metavar="BATCH")
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    codebook = default_codebook()
    posts = read_posts(codebook)
    left_out = [post for post in posts if post.batch in options.without]
    fitted = fit(codebook, [post for post in posts if post.batch not in options.without])
    for one in fitted.values():
        print(
            f"{one.code:28} threshold {one.threshold:.2f}  {len(one.lists):4} lists and facts  {len(one.words):4} words"
        )
    if left_out:
        _measure(Coder(with_weights(without_weights(codebook, keep_words=WITHOUT_WORDS), fitted)), left_out)
    elif options.write:
        write(fitted)


def fit(codebook: Codebook, posts: Sequence[CodedPost]) -> dict[str, Fitted]:
    """Return what is fitted for each code, on the scale of the rules' weights."""
    plain = without_weights(codebook, keep_words=WITHOUT_WORDS)
    calibration = read_calibration_posts()
    fitted: dict[str, Fitted] = {}
    for dimension in plain.dimensions:
        for codes in _fitted_together(dimension):
            features = read_features(Coder(with_weights(plain, fitted)), posts)
            for code in codes:
                fitted[code] = _fit_code(code, dimension, features, posts)
                if dimension.name == "theme":
                    lists = {**fitted[code].lists, **BESIDE.get(code, {})}
                    fitted[code] = replace(fitted[code], lists=lists)
                    coder = Coder(with_weights(plain, fitted))
                    fitted[code] = _balanced(fitted[code], coder, calibration)
    return fitted


def _fitted_together(dimension: Dimension) -> list[list[str]]:
    """Return codes whose rules may look at one another apart, all others together; what is left over gets none."""
    names = [code.code for code in dimension.codes if code.rules]
    if dimension.name == "theme":
        return [[f"theme.{name}"] for name in dimension.order if f"theme.{name}" in names]
    return [[name for name in names if name != f"{dimension.name}.{dimension.otherwise}"]]


def _fit_code(code: str, dimension: Dimension, features: Features, posts: Sequence[CodedPost]) -> Fitted:
    asked = np.array(
        [not dimension.within or dimension.within in post.codes or code in post.known for post in posts]
    )
    asked &= np.array([post.tells_of(code) for post in posts])
    given = np.array([code in post.codes for post in posts])[asked]
    counts = np.array([post.counts for post in posts])[asked]
    names, held = features.lists(with_facts=dimension.name == "theme" and code not in BY_WORDS_ALONE)
    lists = _regression(PENALTY_OF_LISTS, CHANCE_BY_LISTS, fit_intercept=False)
    own = features.scores[code] - TYPICAL
    lists.fit(csr_matrix(np.column_stack([own, held])[asked]), given, sample_weight=counts)
    scale, *by_list = lists.coef_[0]
    scale = max(scale, SMALLEST_SCALE)
    fitted = Fitted(
        code=code,
        threshold=TYPICAL,
        lists={
            name: weight / scale
            for name, weight in zip(names, by_list, strict=True)
            if abs(weight / scale) >= SMALLEST
        },
    )
    if dimension.name not in WITHOUT_WORDS:
        words = _regression(PENALTY_OF_WORDS, CHANCE_BY_WORDS, fit_intercept=True)
        words.fit(features.words[asked], given, sample_weight=counts)
        share = SHARE_OF_WORDS / (1 - SHARE_OF_WORDS) / scale
        fitted = replace(
            fitted,
            threshold=TYPICAL - float(words.intercept_[0]) * share,
            words={
                word: weight * share
                for word, weight in zip(features.vocabulary, words.coef_[0], strict=True)
                if weight
            },
        )
    return _settled(fitted)


def _balanced(fitted: Fitted, coder: Coder, posts: Sequence[CodedPost]) -> Fitted:
    """Return a code with the threshold at which it is given to as many of the posts as have it."""
    scores = sorted((coder.code_unit(post.unit).scores.get(fitted.code, 0.0) for post in posts), reverse=True)
    count = sum(fitted.code in post.codes for post in posts)
    return _settled(replace(fitted, threshold=(scores[count - 1] + scores[count]) / 2))


def _settled(fitted: Fitted) -> Fitted:
    """Return the same decisions, with the code's lead, and a threshold that a post without words stays under.

    Where the fitted threshold is lower, each length of a post adds what is lacking.
    """
    rank = RANK.get(fitted.code, 0.0)
    lift = LOWEST_THRESHOLD - fitted.threshold
    if lift <= 0:
        return replace(fitted, lead=rank - fitted.threshold)
    lengths = {name: fitted.lists.get(name, 0.0) + lift for name in LENGTHS}
    return replace(
        fitted, threshold=LOWEST_THRESHOLD, lead=rank - LOWEST_THRESHOLD, lists={**fitted.lists, **lengths}
    )


def _regression(penalty: float, chance: float, *, fit_intercept: bool) -> LogisticRegression:
    return LogisticRegression(
        C=penalty,
        fit_intercept=fit_intercept,
        l1_ratio=1,
        solver="liblinear",
        max_iter=300,
        random_state=1,
        class_weight={True: (1 - chance) / chance, False: 1},
    )


def _measure(coder: Coder, posts: Sequence[CodedPost]) -> None:
    """Print how a coder does on posts that its weights were not fitted on."""
    codings = [coder.code_unit(post.unit) for post in posts]
    answers = [Answers(codes=coding.codes, primary=coding.primary) for coding in codings]
    themes = [name for name in coder.codebook.dimension("theme").order if name != "other"]
    report = compare([_answers(post) for post in posts], answers, dimension="theme", codes=themes, samples=20)
    f1 = "  ".join(f"{one.code} {one.f1.value:.3f}" for one in report.codes)
    print(
        f"left out, {len(posts)} posts: {f1}  macro {report.macro_f1.value:.3f}  primary {report.primary.value:.3f}"
    )


def _answers(post: CodedPost) -> Answers:
    by_dimension: dict[str, tuple[str, ...]] = {}
    for code in sorted(post.codes):
        dimension, name = code.split(".")
        by_dimension[dimension] = (*by_dimension.get(dimension, ()), name)
    return Answers(codes=by_dimension, primary=post.primary.split(".")[-1])


if __name__ == "__main__":
    main()
