"""The figures of a report in short, for the terminal."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from audit.report.figures import PLATFORMS, Corrected, Figures, Share
from audit.report.language import Language
from audit.report.sentences import answer, answering_share, source_noun


def summary(figures: Figures, language: Language) -> RenderableType:
    """Return the answer, shares by level and platform as a table, and how much of the list was seen."""
    parts: list[RenderableType] = [Text(plain_answer(figures, language))]
    share = answering_share(figures)
    if share:
        parts += [Text(), _table(figures, share, language)]
    if figures.visits:
        parts += [Text(), Text(coverage(figures, language))]
    return Group(*parts)


def plain_answer(figures: Figures, language: Language) -> str:
    """Return the answer in one sentence, without markup."""
    return str(answer(figures, language).striptags())


def coverage(figures: Figures, language: Language) -> str:
    """Return how many accounts were seen completely, and how the visits to the others ended."""
    seen = sum(visit.access == "complete" for visit in figures.visits)
    said = language.say("summary.coverage", seen=seen, all=language.count(len(figures.visits), "account"))
    others = Counter(visit.outcome for visit in figures.visits if visit.access != "complete")
    if not others:
        return f"{said}."
    why = ", ".join(
        f"{number} {language.name('outcomes', kind).lower()}" for kind, number in others.most_common()
    )
    return f"{said}; {language.say('summary.left_out', why=why)}."


def _table(figures: Figures, share: Share, language: Language) -> Table:
    heads = [
        str(language.say(f"summary.{head}")) for head in ("group", "posts", "carrying", "share", "interval")
    ]
    table = Table(title=str(language.say("summary.title")), title_justify="left", box=None, pad_edge=False)
    for place, head in enumerate([*heads, language.noun(0, source_noun(figures))]):
        table.add_column(head, justify="right" if place else "left", no_wrap=True)
    for group, one in _groups(figures, share, language):
        table.add_row(*_cells(group, one, language), style="dim" if one.too_few else "")
        if one.corrected:
            table.add_row(*_corrected_cells(one.corrected, language))
    return table


def _groups(figures: Figures, share: Share, language: Language) -> Iterator[tuple[str, Share]]:
    yield str(language.say("summary.total")), share
    for level, one in sorted(figures.by_level.items(), key=lambda item: item[0] != "mbo"):
        yield language.name("levels", level), one
    for platform in PLATFORMS:
        if platform in figures.by_platform:
            yield language.name("platforms", platform), figures.by_platform[platform]


def _cells(group: str, share: Share, language: Language) -> tuple[str, ...]:
    interval = language.interval(share.low, share.high)
    return (
        group,
        language.number(share.n_posts),
        language.number(share.n_carrying),
        language.percent(share.share),
        str(language.say("page.too_few_short")) if share.too_few else interval,
        language.number(share.n_institutions),
    )


def _corrected_cells(one: Corrected, language: Language) -> tuple[str, ...]:
    name = str(language.say("summary.corrected"))
    return f"  {name}", "", "", language.percent(one.share), language.interval(one.low, one.high)
