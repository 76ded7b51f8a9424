"""The methods section of a study, in Dutch and English, with the study's own figures."""

from __future__ import annotations

import platform
import tomllib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import unescape
from importlib.resources import files
from math import isnan
from typing import Any

import duckdb

from audit.export.reliability import Reliability, find_reliability
from audit.report.asking import Asker, Row
from audit.report.figures import FOCUS, LEVELS, Figures
from audit.report.language import CODES, Code, Language
from audit.report.reading import read_figures
from audit.steps.code import study_codebook
from audit.study import Study
from classify.reliability import Interval
from warehouse.db import connect_readonly

COUNTED_OUTCOMES = ("complete", "empty")


@dataclass(frozen=True, slots=True, kw_only=True)
class Basis:
    """What a methods section stands on."""

    figures: Figures
    answer: Row | None
    reliability: Reliability | None
    software: str
    is_shared: bool = False


def read_basis(study: Study, software: str, *, is_shared: bool = False) -> Basis:
    """Return what is to be said of a study; WarehouseError where there is no warehouse to read.

    What is shared under pseudonyms does not tell the legal grounds in the study's words.
    """
    figures = read_figures(study)
    con = connect_readonly(study.warehouse)
    try:
        asker = Asker(con, since=figures.since, until=figures.until, basis=figures.basis)
        rows = asker.rows("share_of_posts", code=FOCUS)
        reliability = find_reliability(con, study_codebook(study), FOCUS)
    finally:
        con.close()
    return Basis(
        figures=figures,
        answer=rows[0] if rows else None,
        reliability=reliability,
        software=software,
        is_shared=is_shared,
    )


def methods_files(basis: Basis) -> dict[str, str]:
    """Return the methods section by file name, one per language."""
    return {f"methods.{code}.md": methods(basis, code) for code in CODES}


def methods(basis: Basis, code: Code) -> str:
    """Return the methods section in one language, as Markdown."""
    words = tomllib.loads(files("audit.export").joinpath(f"methods.{code}.toml").read_text("utf-8"))
    writer = _Writer(basis, Language(code), words)
    paragraphs = (
        [words["title"].format(title=basis.figures.title)],
        writer.collecting(),
        writer.coding(),
        writer.estimating(),
        [writer.software()],
    )
    return "\n\n".join(" ".join(sentences) for sentences in paragraphs) + "\n"


class _Writer:
    """Fills in the sentences of one language."""

    def __init__(self, basis: Basis, language: Language, words: Mapping[str, Any]) -> None:
        self._basis = basis
        self._figures = basis.figures
        self._language = language
        self._words = words

    def collecting(self) -> Iterator[str]:
        """Yield how the posts were collected."""
        figures, say = self._figures, self._language
        starts = [crawl.started_at for crawl in figures.crawls if crawl.started_at]
        ends = [crawl.ended_at for crawl in figures.crawls if crawl.ended_at]
        asked = [visit for visit in figures.visits if visit.institution]
        if starts and ends:
            yield self._say(
                "collected",
                accounts=say.count(len(asked), "account"),
                institutions=say.count(len(figures.institutions), "institution"),
                levels=self._levels(),
                platforms=self._names("platforms", (visit.platform for visit in asked)),
                since=say.day(figures.since),
                until=say.day(figures.until),
                crawls=self._number_of("crawls", len({crawl.crawl_id for crawl in figures.crawls})),
                when=self._when(say.day(min(starts)), say.day(max(ends))),
                routes=self._names("routes", (crawl.route for crawl in figures.crawls)),
                asked=say.count(len(figures.visits), "account"),
                outcomes=self._outcomes(),
            )
        if grounds := sorted({crawl.legal_ground for crawl in figures.crawls if crawl.legal_ground}):
            key = "grounds_left_out" if self._basis.is_shared else "grounds"
            yield self._say(key, grounds="; ".join(ground.rstrip(".") for ground in grounds))
        yield self._coverage()
        yield self._counted()

    def coding(self) -> Iterator[str]:
        """Yield how the posts were coded, and how reliably."""
        version = max(
            (coder for coder in self._figures.coders if coder.coder == "rules"),
            key=lambda coder: coder.last_coded_at,
            default=None,
        )
        if version is None:
            yield self._say("not_coded")
            return
        yield self._say("coded", version=version.codebook_version)
        reliability = self._basis.reliability
        if reliability is None:
            yield self._say("unsampled")
            return
        yield from self._reliability(reliability)
        yield self._say("corrected" if self._is_corrected else "uncorrected")

    def estimating(self) -> Iterator[str]:
        """Yield how the estimates were made, and the main one."""
        yield self._say("estimated")
        if self._is_corrected:
            yield self._say("estimated_corrected")
        yield self._say("not_compared")
        answer, say = self._basis.answer, self._language
        if answer is None:
            return
        facts = {
            "share": say.percent(answer["share"]),
            "interval": say.interval(answer["low"], answer["high"]) or self._words["no_interval"],
            "posts": say.count(answer["n_posts"], "post"),
            "institutions": say.count(answer["n_institutions"], "institution"),
        }
        if self._is_corrected:
            facts |= {
                "corrected": say.percent(answer["corrected"]),
                "corrected_interval": say.interval(answer["corrected_low"], answer["corrected_high"]),
                "coded": say.count(answer["n_coded"], "post"),
            }
            yield self._say("answer_corrected", **facts)
        else:
            yield self._say("answer_plain" if answer["low"] is None else "answer", **facts)

    def software(self) -> str:
        """Return with what it was made."""
        return self._say(
            "software",
            software=self._basis.software,
            duckdb=duckdb.__version__,
            python=platform.python_version(),
            made=self._language.day(self._figures.made_at),
        )

    @property
    def _is_corrected(self) -> bool:
        answer = self._basis.answer
        return answer is not None and answer.get("correction") == "corrected"

    def _coverage(self) -> str:
        left_out = self._figures.counted.accounts_left_out
        if self._figures.basis == "all":
            return self._say("coverage_all")
        if not left_out:
            return self._say("coverage_none")
        return self._say("coverage", left_out=self._number_of("left_out", left_out))

    def _when(self, first: str, last: str) -> str:
        return self._say("one_day" if first == last else "days", first=first, last=last)

    def _counted(self) -> str:
        counted, say = self._figures.counted, self._language
        return self._say(
            "counted",
            kept=say.count(counted.posts_kept, "post"),
            counted=say.number(counted.posts),
            of_accounts=say.count(counted.accounts, "account"),
            reposts=say.number(counted.reposts),
            undated=say.number(counted.posts_undated),
            outside=say.number(counted.posts_outside),
            of_left_out=say.number(counted.posts_left_out),
        )

    def _reliability(self, found: Reliability) -> Iterator[str]:
        say = self._language
        yield self._say(
            "sampled" if found.n_coded == found.n_posts else "sampled_in_part",
            posts=say.count(found.n_posts, "post"),
            coded=say.number(found.n_coded),
            coders=self._number_of("coders", found.n_coders),
            settled=say.number(found.n_settled),
        )
        if found.between:
            shared = say.count(found.n_shared, "post")
            yield self._say("between", shared=shared, alpha=self._measure(found.between.alpha))
        if found.rules:
            one = found.rules
            yield self._say(
                "rules",
                precision=self._measure(one.precision),
                recall=self._measure(one.recall),
                f1=self._measure(one.f1),
            )

    def _measure(self, one: Interval) -> str:
        if isnan(one.value):
            return str(one)
        value, low, high = (self._language.number(part, 2) for part in (one.value, one.low, one.high))
        return f"{value} [{low}–{high}]"

    def _levels(self) -> str:
        numbers = Counter(institution.level for institution in self._figures.institutions)
        return ", ".join(f"{numbers[level]} {level}" for level in LEVELS if numbers[level])

    def _outcomes(self) -> str:
        numbers = Counter(visit.outcome for visit in self._figures.visits)
        order = sorted(
            numbers, key=lambda outcome: (outcome not in COUNTED_OUTCOMES, -numbers[outcome], outcome)
        )
        parts = [f"{numbers[one]} {self._language.name('outcomes', one).lower()}" for one in order]
        return self._join(parts)

    def _names(self, section: str, names: Iterable[str]) -> str:
        known = sorted({name for name in names if name})
        return self._join([self._language.name(section, name) for name in known])

    def _join(self, parts: Sequence[str]) -> str:
        return unescape(str(self._language.join(parts)))  # the report's words are HTML, ours are not

    def _number_of(self, key: str, number: int) -> str:
        one, more = self._words[key]
        return str(one if number == 1 else more).format(n=self._language.number(number))

    def _say(self, key: str, **values: object) -> str:
        return str(self._words[key]).format(**values)
