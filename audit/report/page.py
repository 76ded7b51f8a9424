"""Renders a report as one HTML page that opens offline: no script, nothing from elsewhere."""

from __future__ import annotations

import base64
import hashlib
import platform
import re
import unicodedata
from collections.abc import Mapping
from importlib.metadata import version
from importlib.resources import files
from urllib.parse import urlsplit

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from audit.report.drawing import draw_charts, fill_months, theme_order
from audit.report.figures import FOCUS, LEVELS, ORDER, PLATFORMS, THEMES, Figures, Share, Visit
from audit.report.language import Language
from audit.report.sentences import (
    answer,
    answering_share,
    not_in_figures,
    one_in,
    only_institution,
    source_noun,
)

SOFTWARE = ("uitzicht", "duckdb", "altair")
OPEN_TABLE = 24  # rows: a longer table is folded
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def render(figures: Figures, language: Language) -> str:
    """Return the report as HTML."""
    style = files("audit").joinpath("templates", "report", "style.css").read_text(encoding="utf-8")
    return (
        _environment(language)
        .get_template("report/page.html")
        .render(
            f=figures,
            charts=draw_charts(figures, language),
            style=Markup(style),  # noqa: S704 - our own file
            style_hash=base64.b64encode(hashlib.sha256(style.encode()).digest()).decode(),
            answer=answer(figures, language),
            share=answering_share(figures),
            only=only_institution(figures),
            source=source_noun(figures),
            not_counted=list(not_in_figures(figures, language)),
            themes=theme_order(set(THEMES) | set(figures.themes)),
            months=fill_months(figures.months),
            grounds=_grounds(figures),
            absent=_absent(figures, language),
            coder=next((coder for coder in reversed(figures.coders) if coder.coder == "rules"), None),
            software=[f"{name} {version(name)}" for name in SOFTWARE]
            + [f"Python {platform.python_version()}"],
        )
    )


def _environment(language: Language) -> Environment:
    environment = Environment(
        loader=PackageLoader("audit"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals |= {
        "lang": language,
        "say": language.say,
        "name": language.name,
        "FOCUS": FOCUS,
        "THEMES": THEMES,
        "LEVELS": LEVELS,
        "PLATFORMS": PLATFORMS,
        "ACCESS": ORDER,
        "OPEN_TABLE": OPEN_TABLE,
        "one_in": one_in,
        "anchor": anchor,
        "strip": strip,
        "strip_words": strip_words,
        "seen": _seen,
    }
    environment.filters |= {"link": link}
    return environment


def link(url: str | None) -> str | None:
    """Return an address that may stand in a link; None for one that is no web address."""
    if not url:
        return None
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    return url if parts.scheme in ("http", "https") and parts.netloc else None


def anchor(name: str) -> str:
    """Return the id of an institution's place in the page, readable and its own."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    slug = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:60]
    same = plain == name.lower() and slug.replace("-", " ") == plain
    return (
        f"i-{slug}" if same else f"i-{slug}-{hashlib.sha256(name.encode('utf-8', 'replace')).hexdigest()[:6]}"
    )


def strip(shares: Mapping[str, Share]) -> list[tuple[str, float, float]]:
    """Return the parts of a bar of 100 wide, one per theme: (code, from, width)."""
    parts, at = [], 0.0
    for code in theme_order(shares):
        width = 100 * shares[code].share
        if width:
            parts.append((code, at, width))
        at += width
    return parts


def strip_words(shares: Mapping[str, Share], language: Language) -> str:
    """Return what such a bar shows, in words."""
    parts = [
        f"{language.name('themes', code)} {language.percent(shares[code].share, 0)}"
        for code in theme_order(shares)
    ]
    return str(language.say("institutions_section.themes_summary", summary="; ".join(parts)).striptags())


def _seen(visits: tuple[Visit, ...]) -> int:
    return sum(visit.access == "complete" for visit in visits)


def _absent(figures: Figures, language: Language) -> list[str]:
    """Return the levels and platforms of the register that no counted post comes from."""
    asked = {(visit.level, visit.platform) for visit in figures.visits if visit.level}
    return [
        f"{language.name('levels', level)} {language.name('platforms', platform)}"
        for level in LEVELS
        for platform in PLATFORMS
        if (level, platform) in asked and (level, platform) not in figures.by_level_platform
    ]


def _grounds(figures: Figures) -> dict[str, str]:
    """Return a letter for each legal ground that a visit names."""
    texts = dict.fromkeys(visit.legal_ground for visit in figures.visits if visit.legal_ground)
    return {
        text: LETTERS[place] if place < len(LETTERS) else str(place + 1) for place, text in enumerate(texts)
    }
