"""The charts of a report, read back from what was drawn."""

from __future__ import annotations

import re

import pytest

from audit.report.charts import band_over_time, draw

POINT = {"low": None, "high": None, "is_thin": False}
LOCALE = {"decimal": ",", "thousands": ".", "grouping": [3], "currency": ["", ""]}


def _draw(shares: list[float], *, thin: tuple[int, ...] = ()) -> str:
    points = [
        POINT | {"label": f"mnd {place}", "share": share, "is_thin": place in thin}
        for place, share in enumerate(shares)
    ]
    return str(draw(lambda width: band_over_time(points, width), "", LOCALE).wide)


def _line(svg: str) -> str:
    """Return the line's path: M where it begins anew, L where it goes on."""
    found = re.search(r'class="mark-line[^>]*>\s*<path[^>]*\bd="([^"]*)"', svg)
    return re.sub(r"[^ML]", "", found[1]) if found else ""


def test_months_without_any_such_post_lie_at_the_foot_of_the_chart() -> None:
    svg = _draw([0.0, 0.0, 0.0])
    assert re.findall(r">(-?[\d,]+%)<", svg) == ["0%", "1%", "2%", "3%", "4%", "5%"]


@pytest.mark.parametrize(
    ("thin", "drawn"), [((), "MLLLL"), ((2,), "MLML"), ((0, 1), "MLL"), ((0, 1, 2, 3, 4), "")]
)
def test_the_line_joins_no_month_with_too_few_posts(thin: tuple[int, ...], drawn: str) -> None:
    svg = _draw([0.1, 0.2, 0.9, 0.1, 0.2], thin=thin)
    assert _line(svg) == drawn
