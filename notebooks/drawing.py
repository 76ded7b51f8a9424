"""Draws the charts of the notebooks: one look, titles that say what is shown, axes that say the unit."""

from __future__ import annotations

from collections.abc import Sequence

import altair as alt
import pandas as pd
from IPython.display import Markdown

alt.renderers.enable("svg")  # a code host shows pictures, and no scripts

INK, MUTED, FAINT, FOCUS = "#1f3a4d", "#5b6b76", "#b4bec5", "#b5431a"
SHADES = ["#1f6f8b", "#e0a030", "#b5431a", "#7a4e8c", "#5f8f4e", "#8a8f94", "#c7828f", "#3d5a80"]
WIDTH = 560
_FEW = alt.Scale(domain=["enough posts", "too few to compare"], range=[FOCUS, FAINT])


def dots(
    frame: pd.DataFrame, *, y: str, title: str, x: str = "share", unit: str = "share of posts"
) -> alt.Chart:
    """Return estimates as dots in their 95 % intervals, one row each; grey where they stand on too few posts."""
    shown = frame.assign(
        stands_on=["too few to compare" if few else "enough posts" for few in frame["too_few"]]
    )
    is_share = unit.startswith(("share", "difference"))
    axis = alt.Axis(format="~%" if is_share else "~g", tickCount=6)
    base = alt.Chart(shown).encode(
        y=alt.Y(f"{y}:N", sort=None, title=None),
        color=alt.Color("stands_on:N", scale=_FEW, legend=_legend(shown["stands_on"].nunique())),
    )
    interval = base.mark_rule(strokeWidth=3, opacity=0.45).encode(
        x=alt.X("low:Q", title=f"{unit}, with 95 % interval", axis=axis), x2="high:Q"
    )
    point = base.mark_point(filled=True, size=90, opacity=1).encode(x=alt.X(f"{x}:Q", axis=axis))
    return _titled(interval + point, title, height=alt.Step(26))


def bars(
    frame: pd.DataFrame, *, y: str, x: str, parts: str, title: str, unit: str, order: Sequence[str] = ()
) -> alt.Chart:
    """Return horizontal bars in parts, in the order given; nothing is hidden where parts are small."""
    domain = [part for part in order if part in set(frame[parts])] or sorted(set(frame[parts]))
    chart = (
        alt.Chart(frame)
        .mark_bar()
        .encode(
            y=alt.Y(f"{y}:N", title=None, sort=None),
            x=alt.X(f"sum({x}):Q", title=unit, axis=alt.Axis(format="~s" if unit != "accounts" else "d")),
            color=alt.Color(
                f"{parts}:N", scale=alt.Scale(domain=domain, range=SHADES), title=None, sort=domain
            ),
            order=alt.Order("rank:Q"),
        )
    )
    ranks = {part: place for place, part in enumerate(domain)}
    chart.data = frame.assign(rank=[ranks[part] for part in frame[parts]])
    return _titled(chart, title, height=alt.Step(30))


def table_of_shares(frame: pd.DataFrame, *, x: str, y: str, share: str, title: str) -> alt.Chart:
    """Return shares as a coloured table with the figure in each cell."""
    base = alt.Chart(frame).encode(
        x=alt.X(f"{x}:N", title=None, sort=None, axis=alt.Axis(labelAngle=0, orient="top")),
        y=alt.Y(f"{y}:N", title=None, sort=None),
    )
    cells = base.mark_rect(stroke="white", strokeWidth=2).encode(
        color=alt.Color(f"{share}:Q", scale=alt.Scale(domain=[0, 1], range=["#eef4f7", INK]), legend=None)
    )
    dark = alt.when(alt.datum[share] > 0.5).then(alt.value("white")).otherwise(alt.value(INK))
    figures = base.mark_text(fontSize=13).encode(text=alt.Text(f"{share}:Q", format=".0%"), color=dark)
    return _titled(cells + figures, title, height=alt.Step(34))


def spread(frame: pd.DataFrame, *, x: str, y: str, title: str, unit: str) -> alt.Chart:
    """Return one tick per row, so that every account is seen."""
    chart = (
        alt.Chart(frame)
        .mark_tick(thickness=2, size=20, color=INK, opacity=0.7)
        .encode(
            x=alt.X(f"{x}:Q", title=unit, axis=alt.Axis(format="~%"), scale=alt.Scale(domain=[0, 1])),
            y=alt.Y(f"{y}:N", title=None, sort=None),
        )
    )
    return _titled(chart, title, height=alt.Step(34))


def over_time(frame: pd.DataFrame, *, x: str, y: str, lines: str, title: str, unit: str) -> alt.Chart:
    """Return a line per group; its 95 % interval is a band where the frame has one."""
    is_share = unit.startswith("share")
    base = alt.Chart(frame).encode(
        x=alt.X(f"{x}:O", title=None, axis=alt.Axis(labelAngle=-40)),
        color=alt.Color(f"{lines}:N", title=None, scale=alt.Scale(range=[SHADES[0], SHADES[2], *SHADES[3:]])),
    )
    axis = alt.Axis(format="~%" if is_share else "~s", tickCount=6)
    line = base.mark_line(point=True, strokeWidth=2).encode(y=alt.Y(f"{y}:Q", title=unit, axis=axis))
    if "low" not in frame:
        return _titled(line, title, height=220)
    band = base.mark_area(opacity=0.15).encode(y=alt.Y("low:Q", axis=axis, title=unit), y2="high:Q")
    return _titled(band + line, title, height=220)


def beside(frame: pd.DataFrame, *, y: str, title: str) -> alt.Chart:
    """Return what was said beside what was measured, both with their intervals."""
    said = frame.assign(
        value=frame["said"], low=frame["said_low"], high=frame["said_high"], what="said in the survey"
    )
    done = frame.assign(value=frame["share"], what="measured in posts")
    both = pd.concat([said, done])
    base = alt.Chart(both).encode(
        y=alt.Y(f"{y}:N", title=None, sort=None, axis=alt.Axis(labelLimit=320)),
        yOffset="what:N",
        color=alt.Color("what:N", title=None, scale=alt.Scale(range=[FOCUS, SHADES[0]])),
    )
    axis = alt.Axis(format="~%", tickCount=6)
    interval = base.mark_rule(strokeWidth=3, opacity=0.45).encode(
        x=alt.X("low:Q", title="share of respondents, share of posts; 95 % intervals", axis=axis), x2="high:Q"
    )
    point = base.mark_point(filled=True, size=80, opacity=1).encode(x="value:Q")
    return _titled(interval + point, title, height=alt.Step(17))


def in_words(shares: pd.DataFrame) -> Markdown:
    """Return the only share of a frame as a sentence, and its correction or the lack of one as another."""
    (one,) = shares.to_dict("records")
    bounds = "no interval" if pd.isna(one["low"]) else f"95 % interval {one['low']:.1%} to {one['high']:.1%}"
    carrying = f"**{one['share']:.1%}** of {one['n_posts']:,} posts carry the code"
    parts = [f"{carrying} ({bounds}; {one['n_institutions']} institutions)."]
    if one["correction"] == "corrected":
        bounds = f"{one['corrected_low']:.1%} to {one['corrected_high']:.1%}"
        parts.append(
            f"Corrected by {one['n_coded']} posts coded by hand: **{one['corrected']:.1%}** ({bounds})."
        )
    else:
        parts.append(
            "Too few posts were coded by hand: this share is **uncorrected** for the errors of the rules."
        )
    return Markdown(" ".join(parts))


def as_percentages(frame: pd.DataFrame, *columns: str) -> pd.DataFrame:
    """Return a frame whose shares read as percentages; what is missing is a dash."""
    words = {
        name: [f"{100 * value:.1f} %" if pd.notna(value) else "–" for value in frame[name]]
        for name in columns
    }
    return frame.assign(**words)


def _legend(groups: int) -> alt.Legend | None:
    return alt.Legend(title=None, orient="bottom") if groups > 1 else None


def _titled(chart: alt.Chart | alt.LayerChart, title: str, *, height: alt.Step | int) -> alt.Chart:
    shown = chart.properties(
        title=alt.TitleParams(title, anchor="start", fontSize=15, color=INK, offset=12),
        width=WIDTH,
        height=height,
    )
    dressed: alt.Chart = shown.configure(background="white", padding=10)
    dressed = dressed.configure_view(stroke=None).configure_legend(labelFontSize=12, labelLimit=240)
    return dressed.configure_axis(
        labelFontSize=12,
        titleFontSize=12,
        titleFontWeight="normal",
        titlePadding=10,
        labelColor=INK,
        titleColor=MUTED,
        gridColor="#e3e8eb",
        domain=False,
        ticks=False,
        labelPadding=6,
        labelLimit=240,
    )
