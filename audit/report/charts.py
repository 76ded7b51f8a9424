"""Draws the charts of a report as SVG, wide for a screen and narrow for a telephone, in colours that CSS decides."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import altair as alt
import pandas as pd
import vl_convert
from markupsafe import Markup

WIDE, NARROW = 748, 340  # pixels, text included
NUMBERS = 62  # pixels of the column of numbers at the right
STEP = 24  # pixels of a row
SLOT = 17  # pixels of a line where a row has several
NAME_LINE = "name"

# Charts are drawn in stand-in colours, each of which becomes a CSS variable.
_VARIABLES = (
    "ink",
    "muted",
    "grid",
    "paper",
    "faint",
    "t-labour_market",
    "t-open_day",
    "t-student_made",
    "t-programme",
    "t-atmosphere",
    "t-other",
    "a-complete",
    "a-partial",
    "a-refused",
    "a-closed",
    "a-unmeasured",
    "on-complete",
    "on-partial",
    "on-refused",
    "on-closed",
    "on-unmeasured",
)
COLOURS: Mapping[str, str] = {name: f"#0{number:05x}" for number, name in enumerate(_VARIABLES, 0xA01)}
_STAND_IN = re.compile(r'"(#0[0-9a-f]{5})"')
_NAMES = {colour: name for name, colour in COLOURS.items()}

Spec = dict[str, Any]

_CONFIG: Spec = {
    "font": "sans-serif",
    "view": {"stroke": None},
    "axis": {
        "gridColor": COLOURS["grid"],
        "domainColor": COLOURS["grid"],
        "labelColor": COLOURS["muted"],
        "labelFontSize": 12,
        "labelSeparation": 4,
        "labelPadding": 7,
        "ticks": False,
    },
    "axisY": {"labelColor": COLOURS["ink"], "labelFontSize": 12.5},
    "title": {"color": COLOURS["ink"]},
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Dot:
    """One estimate in a chart: in which row and line, how far its interval reaches, and the number beside it."""

    row: str
    line: str = ""
    share: float
    low: float | None
    high: float | None
    number: str
    colour: str
    shape: str = "circle"
    is_hollow: bool = False
    is_faint: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Panel:
    """Dots under one heading; `reference` is a share to which they compare."""

    heading: str = ""
    dots: tuple[Dot, ...]
    reference: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """A chart in two widths, and in words for whoever does not see it."""

    wide: Markup
    narrow: Markup
    words: str


def draw(spec: Callable[[int], Spec], words: str, locale: dict[str, Any]) -> Drawn:
    """Return a chart drawn at both widths; `spec` makes its Vega-Lite specification for a width."""
    return Drawn(wide=_svg(spec(WIDE), locale), narrow=_svg(spec(NARROW), locale), words=words)


def theme_colour(code: str) -> str:
    """Return the stand-in colour of a theme; themes of other codebooks share one."""
    return COLOURS.get(f"t-{code}", COLOURS["t-other"])


def dots_and_whiskers(panels: Sequence[Panel], width: int, *, labels: int) -> Spec:
    """Return panels of estimates with their intervals, on one scale; `labels` is the room for names of rows."""
    top = max((dot.high or dot.share for panel in panels for dot in panel.dots), default=0.0)
    above = (
        width == NARROW and labels > NARROW * 0.4
    )  # names stand above their rows where they do not fit beside
    parts = [_panel(panel, width, 0 if above else labels, max(top, 0.01) * 1.04) for panel in panels]
    return _finish(alt.vconcat(*parts, spacing=22))


def band_over_time(points: Sequence[Mapping[str, Any]], width: int) -> Spec:
    """Return shares over months as a line in its interval; each point has label, share, low, high, is_thin.

    The line joins no months that are thin: they say too little for a trend.
    """
    frame = pd.DataFrame(points)
    frame["fair"] = frame["share"].where(~frame["is_thin"])
    every = max(1, -(-len(frame) // (12 if width == WIDE else 6)))
    labels = frame["label"].tolist()
    x = alt.X(
        "label:O", sort=labels, title=None, axis=alt.Axis(values=labels[::every], labelAngle=0, grid=False)
    )
    top = max((point["high"] or point["share"] or 0.0 for point in points), default=0.0)
    scale = alt.Scale() if top else alt.Scale(domain=[0, 0.05])
    y = alt.Y("share:Q", title=None, axis=_percent_axis(4), scale=scale)
    base = alt.Chart(frame).encode(x=x)
    band = base.mark_area(color=COLOURS["t-labour_market"], opacity=0.16).encode(
        y=alt.Y("low:Q", title=None, axis=_percent_axis(4)), y2="high:Q"
    )
    line = base.mark_line(color=COLOURS["t-labour_market"], strokeWidth=2).encode(
        y=alt.Y("fair:Q", title=None, axis=_percent_axis(4))
    )
    solid = base.transform_filter("!datum.is_thin").mark_point(
        color=COLOURS["t-labour_market"], fill=COLOURS["t-labour_market"], opacity=1, size=42
    )
    thin = base.transform_filter("datum.is_thin").mark_point(
        color=COLOURS["faint"], fill=COLOURS["paper"], opacity=1, size=42
    )
    layers = alt.layer(band, line, solid.encode(y=y), thin.encode(y=y))
    return _finish(layers.properties(width=width - 64, height=200))


def stacked_bars(rows: Sequence[Mapping[str, Any]], order: Sequence[str], width: int) -> Spec:
    """Return numbers of accounts per platform as bars in parts; each row has platform, access, place, n and middle."""
    frame = pd.DataFrame(rows)
    y = alt.Y(
        "platform:N",
        sort=None,
        title=None,
        axis=alt.Axis(domain=False, grid=False, labelLimit=90, minExtent=76),
    )
    fill = alt.Color(
        "access:N",
        scale=alt.Scale(domain=list(order), range=[COLOURS[f"a-{name}"] for name in order]),
        legend=None,
    )
    ink = alt.Color(
        "access:N",
        scale=alt.Scale(domain=list(order), range=[COLOURS[f"on-{name}"] for name in order]),
        legend=None,
    )
    base = alt.Chart(frame).encode(y=y)
    bars = base.mark_bar(stroke=COLOURS["paper"], strokeWidth=1.5, height=22).encode(
        x=alt.X("start:Q", title=None, axis=None), x2="end:Q", color=fill
    )
    numbers = base.mark_text(fontSize=12).encode(x="middle:Q", text="n:Q", color=ink)
    layers = alt.layer(bars, numbers).resolve_scale(color="independent")
    return _finish(layers.properties(width=width - 100, height=alt.Step(32)))


def _panel(panel: Panel, width: int, labels: int, top: float) -> alt.LayerChart | alt.FacetChart:
    """Return a panel; where there is no room for names beside the rows, each stands on a line of its own above."""
    lines = list(dict.fromkeys(dot.line for dot in panel.dots))
    slots = lines if labels else [NAME_LINE, *lines]
    rows = list(dict.fromkeys(dot.row for dot in panel.dots))
    inner = width - labels - NUMBERS - 14
    axis = alt.Axis(
        domain=False, grid=False, labelLimit=labels, minExtent=labels, maxExtent=labels, labels=labels > 0
    )
    y = alt.Y("row:N", sort=rows, title=None, axis=axis)
    offset = alt.YOffset("line:N", sort=slots, scale=alt.Scale(domain=slots))
    base = alt.Chart(pd.DataFrame([asdict(dot) for dot in panel.dots])).encode(y=y, yOffset=offset)
    layers = _marks(base, top, inner)
    if not labels:
        layers.append(_names(rows, width).encode(y=y, yOffset=offset))
    if panel.reference is not None:
        layers.insert(0, _reference(panel.reference))
    step = STEP if len(slots) == 1 else len(slots) * SLOT + 10
    chart = alt.layer(*layers).properties(width=inner, height=len(rows) * step)
    if not panel.heading:
        return chart
    return chart.properties(title=alt.TitleParams(panel.heading, anchor="start", frame="bounds", fontSize=13))


def _names(rows: Sequence[str], width: int) -> alt.Chart:
    frame = pd.DataFrame({"row": rows, "line": NAME_LINE})
    names = alt.Chart(frame).mark_text(align="left", fontSize=12.5, color=COLOURS["ink"], limit=width)
    named: alt.Chart = names.encode(x=alt.value(0), text="row:N")
    return named


def _reference(share: float) -> alt.Chart:
    rule = alt.Chart(pd.DataFrame({"at": [share]})).mark_rule(color=COLOURS["muted"], strokeDash=[3, 3])
    placed: alt.Chart = rule.encode(x="at:Q")
    return placed


def _marks(base: alt.Chart, top: float, inner: int) -> list[alt.Chart]:
    scale = alt.Scale(domain=[0, top], nice=False)
    x = alt.X("share:Q", scale=scale, title=None, axis=_percent_axis(5))
    colour = alt.Color("colour:N", scale=None, legend=None)
    whisker = base.transform_filter("isValid(datum.low) && isValid(datum.high)").mark_rule(
        strokeWidth=3, strokeCap="round", opacity=0.42
    )
    point = base.encode(x=x, color=colour, shape=alt.Shape("shape:N", scale=None, legend=None))
    solid = point.transform_filter("!datum.is_hollow").mark_point(filled=True, size=88, opacity=1)
    hollow = point.transform_filter("datum.is_hollow").mark_point(
        fill=COLOURS["paper"], size=72, opacity=1, strokeWidth=1.8
    )
    ink = alt.when("datum.is_faint").then(alt.value(COLOURS["muted"])).otherwise(alt.value(COLOURS["ink"]))
    number = base.mark_text(align="right", fontSize=12.5).encode(
        x=alt.value(inner + NUMBERS), text="number:N", color=ink
    )
    return [
        whisker.encode(
            x=alt.X("low:Q", scale=scale, title=None, axis=_percent_axis(5)), x2="high:Q", color=colour
        ),
        solid.encode(fill=colour),
        hollow,
        number,
    ]


def _percent_axis(ticks: int) -> alt.Axis:
    return alt.Axis(format="~%", tickCount=ticks, domain=False)


def _finish(chart: alt.TopLevelMixin) -> Spec:
    spec: Spec = chart.to_dict(validate=False)
    return spec | {"config": _CONFIG, "background": "transparent", "padding": 2}


def _svg(spec: Spec, locale: dict[str, Any]) -> Markup:
    svg = vl_convert.vegalite_to_svg(spec, format_locale=locale, allowed_base_urls=[])
    svg = _STAND_IN.sub(lambda found: f'"var(--{_NAMES[found[1]]})"' if found[1] in _NAMES else found[0], svg)
    svg = re.sub(
        r' (?:font-family|xmlns:xlink|aria-roledescription|aria-label|role|aria-hidden)="[^"]*"', "", svg
    )
    return Markup(svg.replace("<svg ", '<svg aria-hidden="true" focusable="false" ', 1))  # noqa: S704 - our own
