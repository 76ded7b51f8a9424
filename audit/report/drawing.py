"""Decides which charts a report shows, and what each one says in words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from audit.report.charts import (
    COLOURS,
    Dot,
    Drawn,
    Panel,
    band_over_time,
    dots_and_whiskers,
    draw,
    stacked_bars,
    theme_colour,
)
from audit.report.figures import FOCUS, LEVELS, ORDER, PLATFORMS, THEMES, Figures, Share, Visit
from audit.report.language import Language

MONTHS_FOR_A_LINE = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Charts:
    """The charts of a report; None, or nothing under a level, where there is nothing to draw."""

    platforms: Drawn | None
    themes: Drawn | None
    survey: Drawn | None
    institutions: Mapping[str, Drawn]
    months: Drawn | None
    coverage: Drawn | None


def draw_charts(figures: Figures, language: Language) -> Charts:
    """Return all charts that the figures have enough for."""
    return Charts(
        platforms=_platforms(figures, language),
        themes=_themes(figures, language),
        survey=_survey(figures, language),
        institutions=_institutions(figures, language),
        months=_months(figures, language),
        coverage=_coverage(figures.visits, language),
    )


def theme_order(codes: Iterable[str]) -> list[str]:
    """Return themes in the order in which every part of the report shows them."""
    return sorted(codes, key=lambda code: (THEMES.index(code) if code in THEMES else len(THEMES), code))


def fill_months(months: Iterable[str]) -> list[str]:
    """Return all months from the first to the last, those without posts too."""
    known = sorted(months)
    if not known:
        return []
    first, last = (int(month[:4]) * 12 + int(month[5:]) - 1 for month in (known[0], known[-1]))
    return [f"{number // 12:04}-{number % 12 + 1:02}" for number in range(first, last + 1)]


def _dot(
    row: str, share: Share, language: Language, *, line: str = "", code: str = FOCUS, shape: str = "circle"
) -> Dot:
    return Dot(
        row=row,
        line=line,
        share=share.share,
        low=share.low,
        high=share.high,
        number=language.percent(share.share),
        colour=COLOURS["faint"] if share.too_few else theme_colour(code),
        shape=shape,
        is_hollow=share.too_few,
        is_faint=share.too_few,
    )


def _platforms(figures: Figures, language: Language) -> Drawn | None:
    panels = []
    for level in LEVELS:
        shares = {platform: figures.by_level_platform.get((level, platform)) for platform in PLATFORMS}
        dots = [
            _dot(language.name("platforms", name), share, language) for name, share in shares.items() if share
        ]
        if level in figures.by_level:
            dots.insert(0, _dot(str(language.say("page.all_platforms")), figures.by_level[level], language))
        if dots:
            panels.append(Panel(heading=language.name("levels", level), dots=tuple(dots)))
    words = "; ".join(
        f"{language.name('levels', level)} {language.percent(share.share)}"
        for level, share in figures.by_level.items()
    )
    return _draw_dots(panels, language, "platform_section.chart", words, labels=104)


def _themes(figures: Figures, language: Language) -> Drawn | None:
    levels = [level for level in LEVELS if any(of == level for of, _ in figures.themes_by_level)]
    dots = []
    for code in theme_order(figures.themes):
        name = language.name("themes", code)
        if not levels:
            dots.append(_dot(name, figures.themes[code], language, code=code))
        for level in levels:
            share = figures.themes_by_level.get((level, code))
            if share:
                dots.append(_level_dot(name, level, share, language, code))
    words = "; ".join(
        f"{language.name('themes', code)} {language.percent(share.share)}"
        for code, share in figures.themes.items()
    )
    key = "themes_section.chart" if levels else "themes_section.chart_all"
    return _draw_dots([Panel(dots=tuple(dots))] if dots else [], language, key, words, labels=164)


def _level_dot(name: str, level: str, share: Share, language: Language, code: str) -> Dot:
    dot = _dot(name, share, language, line=level, code=code, shape="circle" if level == "mbo" else "square")
    number = f"{language.name('levels', level)} {dot.number}"
    return Dot(**{field: getattr(dot, field) for field in dot.__slots__} | {"number": number})


def _survey(figures: Figures, language: Language) -> Drawn | None:
    panels = [
        Panel(
            heading=language.name("survey_items", item), dots=tuple(_said_and_done(figures, item, language))
        )
        for item in dict.fromkeys(one.item for one in figures.comparisons)
    ]
    words = "; ".join(
        f"{language.name('themes', one.code)} {language.percent(one.said[0], 0)}, "
        f"{language.percent(one.measured.share)}"
        for one in figures.comparisons
    )
    return _draw_dots(panels, language, "survey_section.chart", words, labels=164)


def _said_and_done(figures: Figures, item: str, language: Language) -> Iterable[Dot]:
    for one in figures.comparisons:
        if one.item != item:
            continue
        name = language.name("themes", one.code)
        for place, said in enumerate(one.said):
            yield Dot(
                row=name,
                line="said",
                share=said,
                low=one.said_low if place == 0 else None,
                high=one.said_high if place == 0 else None,
                number=_said(one.said, language) if place == 0 else "",
                colour=COLOURS["ink"],
                shape="diamond",
                is_hollow=True,
            )
        yield _dot(name, one.measured, language, line="done", code=one.code)


def _said(said: tuple[float, ...], language: Language) -> str:
    numbers = [language.number(100 * share, 0) for share in said]
    return f"{'–'.join(numbers)}%"


def _institutions(figures: Figures, language: Language) -> dict[str, Drawn]:
    drawn = {}
    for level in LEVELS:
        own = [
            one for one in figures.institutions if one.level == level and one.share and not one.share.too_few
        ]
        if len(own) < 2:
            continue
        dots = tuple(_dot(one.name, one.share, language) for one in own if one.share)
        whole = figures.by_level.get(level)
        panel = Panel(dots=dots, reference=whole.share if whole else None)
        fair = {one.name: one.share for one in own if one.share}
        words = _plain(
            language, "institutions_section.chart", level=level, summary=_highest_and_lowest(fair, language)
        )
        drawn[level] = draw(
            lambda width, panel=panel: dots_and_whiskers([panel], width, labels=264),  # type: ignore[misc]
            words,
            language.chart_locale,
        )
    return drawn


def _months(figures: Figures, language: Language) -> Drawn | None:
    if len(figures.months) < MONTHS_FOR_A_LINE:
        return None
    points = [_point(month, figures.months.get(month), language) for month in fill_months(figures.months)]
    fair = {language.month(month): share for month, share in figures.months.items() if not share.too_few}
    words = _plain(language, "institutions_section.months_chart", summary=_highest_and_lowest(fair, language))
    return draw(lambda width: band_over_time(points, width), words, language.chart_locale)


def _point(month: str, share: Share | None, language: Language) -> dict[str, object]:
    return {
        "label": language.short_month(month),
        "share": share.share if share else None,
        "low": share.low if share else None,
        "high": share.high if share else None,
        "is_thin": share.too_few if share else True,
    }


def _highest_and_lowest(shares: Mapping[str, Share], language: Language) -> str:
    if not shares:
        return ""
    ends = {
        "highest": max(shares, key=lambda name: shares[name].share),
        "lowest": min(shares, key=lambda name: shares[name].share),
    }
    return " ".join(
        _plain(language, f"institutions_section.{key}", name=name, share=language.percent(shares[name].share))
        for key, name in ends.items()
    )


def _coverage(visits: tuple[Visit, ...], language: Language) -> Drawn | None:
    rows = []
    for platform in (name for name in PLATFORMS if any(visit.platform == name for visit in visits)):
        at = 0
        for access in ORDER:
            n = sum(visit.platform == platform and visit.access == access for visit in visits)
            if n:
                name = language.name("platforms", platform)
                rows.append(
                    {
                        "platform": name,
                        "access": access,
                        "n": n,
                        "start": at,
                        "end": at + n,
                        "middle": at + n / 2,
                    }
                )
            at += n
    if not rows:
        return None
    summary = "; ".join(
        f"{row['platform']}: {row['n']} {language.name('access', str(row['access']))}" for row in rows
    )
    words = _plain(language, "coverage_section.chart", summary=summary)
    return draw(lambda width: stacked_bars(rows, ORDER, width), words, language.chart_locale)


def _draw_dots(
    panels: list[Panel], language: Language, key: str, summary: str, *, labels: int
) -> Drawn | None:
    if not panels:
        return None
    words = _plain(language, key, summary=summary)
    return draw(lambda width: dots_and_whiskers(panels, width, labels=labels), words, language.chart_locale)


def _plain(language: Language, key: str, **values: object) -> str:
    return str(language.say(key, **values).striptags()).strip()
