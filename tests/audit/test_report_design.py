"""What a report looks like: safe, accessible, the same in both languages, and whole without a network."""

from __future__ import annotations

import base64
import hashlib
import re
from importlib.resources import files
from itertools import pairwise
from string import Formatter

import numpy as np
import pytest
from numpy.typing import NDArray
from playwright.sync_api import sync_playwright

from audit.report import Report, write_report
from audit.report.figures import ACCESS, THEMES
from audit.report.language import CODES, read_words
from audit.report.page import anchor, link
from crawler.browser import find_chromium
from crawler.items import OUTCOMES, PLATFORMS, PRECISIONS
from crawler.routes import LADDERS
from tests.audit.page import Element, read_page
from tests.audit.studies import Seen, Told, make_study, posts

STYLE = files("audit").joinpath("templates", "report", "style.css").read_text(encoding="utf-8")
LONG = Told(themes=("labour_market",), text="👩‍🎓" + "baan" * 900 + " \u202emalus وظيفة", words="وظيفة")
ACCOUNTS = [
    *(Seen(institution=f"ROC {n}", account=f"roc{n}", posts=(LONG, *posts(5, 45))) for n in range(5)),
    *(
        Seen(
            institution=f"University of Applied Sciences {n}",
            level="hbo",
            account=f"uas{n}",
            posts=posts(3, 40),
        )
        for n in range(5)
    ),
    *(Seen(institution=f"ROC {n}", account=f"w{kind}", outcome=kind) for n, kind in enumerate(OUTCOMES)),
]


BESIDE = """() => {  // opens what is folded, and tells what stands out of the column beneath the headings
    document.querySelectorAll("details").forEach(one => { one.open = true });
    const edge = document.querySelector("main").getBoundingClientRect().right + 0.6;
    return [...document.querySelectorAll("main table, main table *")]
        .map(one => [one.closest("section").id, one.tagName, one.getBoundingClientRect()])
        .filter(([, , box]) => box.width > 1 && box.right > edge)
        .map(([section, tag, box]) => `${section} ${tag} ${Math.round(box.right - edge)}`);
}"""


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Report:
    return write_report(make_study(tmp_path_factory.mktemp("study"), ACCOUNTS))


@pytest.fixture(scope="module")
def html(report: Report) -> str:
    return report.path.read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def page(html: str) -> Element:
    return read_page(html)


def test_nothing_is_fetched_or_run(page: Element) -> None:
    policy = next(one for one in page.all("meta") if "http-equiv" in one.attributes).attributes["content"]
    assert policy.startswith("default-src 'none'; style-src 'sha256-")
    assert "unsafe" not in policy
    style = page.one("style").parts[0]
    assert isinstance(style, str)
    assert base64.b64encode(hashlib.sha256(style.encode()).digest()).decode() in policy
    for one in page.walk():
        assert one.tag not in ("script", "link", "img", "iframe", "object", "form")
        assert not {name for name in one.attributes if name.startswith("on") or name in ("src", "style")}
    assert not re.search(r"@import|url\(", STYLE)


def test_every_link_within_the_page_leads_somewhere(page: Element) -> None:
    ids = [one.attributes["id"] for one in page.walk() if "id" in one.attributes]
    assert len(ids) == len(set(ids))
    inner = [one.attributes["href"][1:] for one in page.all("a") if one.attributes["href"].startswith("#")]
    assert len(inner) > 15
    assert set(inner) <= set(ids)
    named = [one.attributes["aria-labelledby"] for one in page.walk() if "aria-labelledby" in one.attributes]
    assert set(named) <= set(ids)


def test_headings_go_down_one_level_at_a_time(page: Element) -> None:
    levels = [int(one.tag[1]) for one in page.walk() if re.fullmatch("h[1-6]", one.tag)]
    assert levels.count(1) == 1
    assert all(lower <= upper + 1 for upper, lower in pairwise(levels))


def test_every_chart_is_told_in_words_and_stands_beside_a_table(page: Element) -> None:
    charts = [one for one in page.all("div") if "chart" in one.classes]
    assert (
        len(charts) == 2 * 7
    )  # platforms, themes, survey, two levels' institutions, months, coverage; wide and narrow
    for chart in charts:
        assert chart.attributes["role"] == "img"
        assert re.search(r"\d", chart.attributes["aria-label"])
        assert chart.all("svg")[0].attributes["aria-hidden"] == "true"
    for section in page.all("section"):
        if section.all("div", class_="chart"):
            assert section.all("table") or section.all("article")


def test_tables_say_what_each_cell_belongs_to(page: Element) -> None:
    heads = page.all("th")
    assert len(heads) > 50
    assert all("scope" in head.attributes for head in heads)


def test_tables_that_stack_on_a_narrow_screen_stay_tables_to_a_screen_reader(page: Element) -> None:
    roles = {"thead": ["rowgroup"], "tbody": ["rowgroup"], "tr": ["row"], "td": ["cell"]}
    roles["th"] = ["columnheader", "rowheader"]
    stacking = page.all("table", class_="stacking")
    assert len(stacking) > 3
    for table in stacking:
        assert table.attributes["role"] == "table"
        for one in table.walk():
            assert one.tag not in roles or one.attributes.get("role") in roles[one.tag]


def test_charts_use_no_colour_but_those_of_the_page(html: str) -> None:
    used = {
        name
        for svg in re.findall(r"<svg.*?</svg>", html, re.S)
        for name in re.findall(r"var\(--([\w-]+)\)", svg)
    }
    assert {"t-labour_market", "t-atmosphere", "ink", "a-refused", "a-complete"} <= used
    assert used <= set(_colours("light"))
    assert not re.findall(r'(?:fill|stroke)="#', html)


def test_institutions_keep_places_of_their_own() -> None:
    assert anchor("ROC Dommeldal") == "i-roc-dommeldal"
    names = ["École", "Ecole", "ecole!", "مدرسة", "学校", "ROC A & B", "ROC A B"]
    assert len({anchor(name) for name in names}) == len(names)
    assert all(re.fullmatch(r"i-[a-z0-9-]*", anchor(name)) for name in names)


@pytest.mark.parametrize(
    ("url", "linked"),
    [
        ("https://a.example/p/1", True),
        ("http://a.example", True),
        ("javascript:alert(1)", False),
        ("javascript://a.example/%0aalert(1)", False),
        ("ftp://a.example", False),
        ("data:text/html,x", False),
        ("//a.example", False),
        ("https://[broken", False),
        (None, False),
    ],
)
def test_only_web_addresses_become_links(url: str | None, linked: bool) -> None:
    assert (link(url) is not None) == linked


def test_both_languages_have_the_same_words_with_the_same_blanks() -> None:
    dutch, english = (_blanks(read_words(code)) for code in CODES)
    assert dutch.keys() == english.keys()
    assert {key for key in dutch if dutch[key] != english[key]} == set()


@pytest.mark.parametrize("code", CODES)
def test_every_language_has_a_word_for_all_that_is_known(code: str) -> None:
    words = read_words(code)
    assert (
        set(OUTCOMES) | {"never_visited"}
        == set(words["outcomes"])
        == set(words["outcome_meanings"])
        == set(ACCESS)
    )
    assert set(ACCESS.values()) == set(words["access"])
    assert set(PLATFORMS) < set(words["platforms"])
    assert {route.name for ladder in LADDERS.values() for route in ladder} <= set(words["routes"])
    assert set(PRECISIONS) == set(words["precision"])
    assert set(THEMES) == set(words["themes"]) == set(words["definitions"])
    assert len(words["numbers"]["months"]) == len(words["numbers"]["short_months"]) == 12


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_stands_out_from_its_ground(scheme: str) -> None:
    colours = _colours(scheme)
    for ground in ("paper", "card", "wash"):
        for ink in ("ink", "muted", "link", "focus"):
            assert _contrast(colours[ink], colours[ground]) >= 4.5, (ink, ground)
    for access in set(ACCESS.values()):
        assert _contrast(colours[f"on-{access}"], colours[f"a-{access}"]) >= 4.5, access
    for theme in THEMES:
        assert _contrast(colours[f"t-{theme}"], colours["paper"]) >= 3, theme


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("eyes", ["usual", "protan", "deutan", "tritan"])
def test_themes_can_be_told_apart_whatever_the_eyes(scheme: str, eyes: str) -> None:
    colours = _colours(scheme)
    seen = [_oklab(np.clip(EYES[eyes] @ _linear(colours[f"t-{theme}"]), 0, 1)) for theme in THEMES]
    nearest = min(np.linalg.norm(a - b) for place, a in enumerate(seen) for b in seen[:place])
    assert nearest >= 0.08


@pytest.mark.browser
@pytest.mark.skipif(find_chromium() is None, reason="no Chromium on this machine: the report is not opened")
@pytest.mark.parametrize("width", [360, 390, 1200])
def test_it_opens_offline_without_a_complaint_and_fits(report: Report, width: int) -> None:
    said: list[str] = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=["--no-sandbox"])
        context = browser.new_context(viewport={"width": width, "height": 900}, offline=True)
        opened = context.new_page()
        opened.on("console", lambda message: said.append(message.text))
        opened.on("request", lambda request: said.append(request.url))
        opened.goto(report.path.as_uri())
        beside = opened.evaluate(BESIDE)
        shown = opened.evaluate("document.documentElement.scrollWidth")
        charts = opened.evaluate(
            "[...document.querySelectorAll('.chart')].filter(c => c.offsetHeight > 20).length"
        )
        colour = opened.evaluate("getComputedStyle(document.querySelector('.answer strong')).color")
        browser.close()
    assert said == [report.path.as_uri()]
    assert (shown, beside) == (width, [])
    assert charts == 7
    assert colour == "rgb(179, 54, 11)"


EYES: dict[str, NDArray[np.float64]] = {  # Machado, Oliveira and Fernandes 2009, severity 1
    "usual": np.eye(3),
    "protan": np.array(
        [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]]
    ),
    "deutan": np.array(
        [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]]
    ),
    "tritan": np.array(
        [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]]
    ),
}


def _blanks(words: dict[str, dict[str, object]]) -> dict[str, set[str | None]]:
    """Return the blanks to fill in of every text by its place."""
    texts = {f"{section}.{name}": value for section, named in words.items() for name, value in named.items()}
    return {
        key: {part[1] for part in Formatter().parse(str(value)) if part[1]} for key, value in texts.items()
    }


def _colours(scheme: str) -> dict[str, str]:
    """Return the style's colours by name, as the page has them in a light or dark scheme."""
    light, dark = re.findall(r":root \{(.*?)\}", STYLE, re.S)[:2]
    found = dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", light))
    return found | dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", dark)) if scheme == "dark" else found


def _linear(colour: str) -> NDArray[np.float64]:
    signs = np.array([int(colour[place : place + 2], 16) for place in (1, 3, 5)]) / 255
    return np.where(signs <= 0.04045, signs / 12.92, ((signs + 0.055) / 1.055) ** 2.4)


def _contrast(first: str, second: str) -> float:
    """Return the contrast ratio of two colours by WCAG 2."""
    weights = np.array([0.2126, 0.7152, 0.0722])
    dark, light = sorted(float(_linear(colour) @ weights) for colour in (first, second))
    return (light + 0.05) / (dark + 0.05)


def _oklab(linear: NDArray[np.float64]) -> NDArray[np.float64]:
    cones = np.array(
        [
            [0.4122214708, 0.5363325363, 0.0514459929],
            [0.2119034982, 0.6806995451, 0.1073969566],
            [0.0883024619, 0.2817188376, 0.6299787005],
        ]
    )
    axes = np.array(
        [
            [0.2104542553, 0.793617785, -0.0040720468],
            [1.9779984951, -2.428592205, 0.4505937099],
            [0.0259040371, 0.7827717662, -0.808675766],
        ]
    )
    return axes @ np.cbrt(cones @ linear)
