"""Sets what the survey's respondents said beside what the posts measure."""

from __future__ import annotations

from collections.abc import Iterable

from audit.report.asking import Row, read_share
from audit.report.figures import THEMES, Comparison

ITEMS = ("figure 2.7", "table 2.2", "section 2.3")  # in the order in which the report tells them
RANGES = ("min of mbo and hbo", "max of mbo and hbo")  # the survey names only the lower and the higher of two


def find_comparisons(rows: Iterable[Row]) -> tuple[Comparison, ...]:
    """Return one comparison per figure of the survey; the lower and the higher of two levels are one figure."""
    grouped: dict[tuple[str, str, str], list[Row]] = {}
    for row in rows:
        level = "all" if row["level"] in RANGES else row["level"]
        grouped.setdefault((row["item"], level, row["code"]), []).append(row)
    comparisons = [_comparison(item, level, code, some) for (item, level, code), some in grouped.items()]
    return tuple(sorted(comparisons, key=_place))


def _place(comparison: Comparison) -> tuple[int, int]:
    item, code = comparison.item, comparison.code
    return (
        ITEMS.index(item) if item in ITEMS else len(ITEMS),
        THEMES.index(code) if code in THEMES else len(THEMES),
    )


def _comparison(item: str, level: str, code: str, rows: list[Row]) -> Comparison:
    first = rows[0]
    measured = read_share(first)
    gap = "said_minus_corrected" if measured.corrected else "difference"
    return Comparison(
        item=item,
        level=level,
        code=code,
        n_said=first["n_said"],
        said=tuple(sorted({row["said"] for row in rows})),
        said_low=min(row["said_low"] for row in rows),
        said_high=max(row["said_high"] for row in rows),
        measured=measured,
        gap_low=min(_known(rows, f"{gap}_low"), default=None),
        gap_high=max(_known(rows, f"{gap}_high"), default=None),
    )


def _known(rows: list[Row], name: str) -> list[float]:
    """Return what is known of a column: a share without an interval has no gap with one."""
    return [row[name] for row in rows if row[name] is not None]
