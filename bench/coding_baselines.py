"""What the rules are worth: `python -m bench.coding_baselines [--shared FOLDER]`.

The rules beside three baselines on the same posts in the same run: majority, ten words per code, and TF-IDF with
logistic regression trained on the part `write`. Beside them the agreement of the two coders who coded the posts. With
--shared (or UITZICHT_SHARED) also the texts of real institutions, which are not part of the project.
"""

from __future__ import annotations

import argparse
import json
import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.multiclass import OneVsRestClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import MultiLabelBinarizer

from classify.coder import Coder
from classify.gold import Answers
from classify.reliability import Report, compare
from classify.text import fold
from classify.unit import Unit, read_unit

GOLD = Path(__file__).parent.parent / "tests" / "gold"
THEMES = ("labour_market", "open_day", "student_made", "programme", "atmosphere")
TEN_WORDS = {
    "labour_market": "baan werk salaris vacature verdien tekort job career werkgever baangarantie",
    "open_day": "open opendag dag avond meeloopdag voorlichting proefles infoavond inschrijven rondleiding",
    "student_made": "ik mijn vlog takeover student interview vertelt my i me",
    "programme": "opleiding les project studenten leren workshop stage minor onderzoek practicum",
    "atmosphere": "feest kerst gefeliciteerd trots vakantie gezellig fijne samen succes party",
}
Predict = Callable[[Sequence[dict[str, Any]]], list[Answers]]


def main() -> None:
    """Print one table per set of posts."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--shared", default=os.environ.get("UITZICHT_SHARED"))
    options = parser.parse_args()
    posts, coders = read_posts(Path(options.shared) / "gold" if options.shared else None)
    train = [post for post in posts if post["part"] == "write"]
    coder = Coder()
    methods: dict[str, Predict] = {
        "majority": majority(train),
        "ten words per code": ten_words,
        "TF-IDF + logistic regression": regression(train),
        "rules": lambda some: by_rules(coder, some),
    }
    for part in ("write", "check"):
        some = [post for post in posts if post["part"] == part]
        show(f"{part}: all posts", some, methods, coders)
        own = [post for post in some if post["set"] != "real"]
        if len(own) < len(some):
            show(f"{part}: fictional institutions", own, methods, coders)
            show(
                f"{part}: real institutions",
                [post for post in some if post["set"] == "real"],
                methods,
                coders,
            )


def read_posts(shared: Path | None) -> tuple[list[dict[str, Any]], dict[str, dict[str, Answers]]]:
    """Return posts with their settled codings, and the codings of the two coders."""
    if shared is None:
        posts = [json.loads(line) for line in (GOLD / "posts.jsonl").open(encoding="utf-8")]
        lines = (GOLD / "coders.jsonl").open(encoding="utf-8")
    else:
        codings = {}
        for part in ("write", "check"):
            for line in (shared / f"{part}_codings.jsonl").open(encoding="utf-8"):
                coding = json.loads(line)
                codings[coding["id"]] = coding
        posts = [
            json.loads(line) | codings[json.loads(line)["id"]]
            for part in ("write", "check")
            for line in (shared / f"{part}_posts.jsonl").open(encoding="utf-8")
        ]
        lines = (shared / "coders.jsonl").open(encoding="utf-8")
    coders: dict[str, dict[str, Answers]] = {}
    for coding in map(json.loads, lines):
        coders.setdefault(coding["coder"], {})[coding["id"]] = settled(coding)
    return posts, coders


def settled(post: dict[str, Any]) -> Answers:
    """Return the themes and the primary theme of a coded post."""
    return Answers(codes={"theme": tuple(post["themes"])}, primary=post["primary"])


def words(post: dict[str, Any]) -> str:
    """Return all that a post says, in normal form."""
    return fold("\n".join(post.get(name) or "" for name in ("title", "text", "alt_text", "transcript")))


def unit_of(post: dict[str, Any]) -> Unit:
    """Return the unit of a post."""
    return read_unit(post, post["id"])


def by_rules(coder: Coder, posts: Sequence[dict[str, Any]]) -> list[Answers]:
    """Return the answers of the rules."""
    return [Answers(codes=coding.codes, primary=coding.primary) for coding in coder.code(map(unit_of, posts))]


def majority(train: Sequence[dict[str, Any]]) -> Predict:
    """Return a coder that always gives the most frequent theme."""
    given = [theme for post in train for theme in post["themes"]]
    most = max(sorted(set(given)), key=given.count)
    return lambda posts: [Answers(codes={"theme": (most,)}, primary=most) for _ in posts]


def ten_words(posts: Sequence[dict[str, Any]]) -> list[Answers]:
    """Give every theme of whose ten words one occurs; the first in order is primary."""
    listed = {theme: set(known.split()) for theme, known in TEN_WORDS.items()}
    found = []
    for post in posts:
        there = set(words(post).replace("#", " ").split())
        themes = tuple(theme for theme, known in listed.items() if known & there) or ("other",)
        found.append(Answers(codes={"theme": themes}, primary=themes[0]))
    return found


def regression(train: Sequence[dict[str, Any]]) -> Predict:
    """Return a coder trained on posts: TF-IDF of words and letters, one logistic regression per theme."""
    labels = MultiLabelBinarizer(classes=[*THEMES, "other"])
    target = labels.fit_transform([post["themes"] for post in train])
    model = make_pipeline(
        TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 5), sublinear_tf=True, min_df=2),
        OneVsRestClassifier(LogisticRegression(C=10, class_weight="balanced", max_iter=2_000)),
    )
    model.fit([words(post) for post in train], target)

    def predict(posts: Sequence[dict[str, Any]]) -> list[Answers]:
        scores = model.predict_proba([words(post) for post in posts])
        names = np.array([*THEMES, "other"])
        answers = []
        for row in scores:
            given = tuple(names[row >= 0.5]) or (str(names[row.argmax()]),)
            answers.append(Answers(codes={"theme": given}, primary=str(names[row.argmax()])))
        return answers

    return predict


def show(
    title: str,
    posts: list[dict[str, Any]],
    methods: dict[str, Predict],
    coders: dict[str, dict[str, Answers]],
) -> None:
    """Print F1 per theme, macro F1 and the share of equal primary themes, each with its interval."""
    reference = [settled(post) for post in posts]
    print(f"\n{title}, {len(posts)} posts")
    print(f"{'':30}" + "".join(f"{name:>19}" for name in (*THEMES, "macro", "primary")))
    for name, predict in methods.items():
        print_row(name, compare(reference, predict(posts), dimension="theme", codes=THEMES))
    if {"A", "B"} <= coders.keys():
        first, second = ([coders[name][post["id"]] for post in posts] for name in "AB")
        print_row("coder B against coder A", compare(first, second, dimension="theme", codes=THEMES))


def print_row(name: str, report: Report) -> None:
    """Print one line of the table."""
    cells = [*(one.f1 for one in report.codes), report.macro_f1, report.primary]
    print(f"{name:30}" + "".join(f"{cell!s:>19}" for cell in cells))


if __name__ == "__main__":
    main()
