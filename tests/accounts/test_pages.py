"""Where on a page an address stands, and what the page's data for machines says."""

from __future__ import annotations

import json
from typing import Any

import pytest

from crawler.discover.mention import Mention, Place
from crawler.discover.page import WebPage, read_page
from crawler.discover.visiting import find_leads
from crawler.discover.walls import is_cookie_wall, is_shell

URL = "https://www.school.example/"
LINK = "<a href='https://www.instagram.com/x'>x</a>"


def read(html: str) -> WebPage:
    return read_page(URL, html.encode(), "text/html", ("ROC School", "School"))


def only(html: str) -> Mention:
    (mention,) = read(html).mentions
    return mention


def data(thing: Any) -> Mention:
    return only(f"<script type='application/ld+json'>{json.dumps(thing)}</script>")


@pytest.mark.parametrize(
    ("html", "place"),
    [
        (f"<p>{LINK}</p>", "text"),
        (f"<body class='page-header news'><main class='footer'>{LINK}</main></body>", "text"),
        (f"<footer><nav>{LINK}</nav></footer>", "footer"),
        (f"<div id='site-footer'><div class='header'>{LINK}</div></div>", "footer"),
        (f"<div role='contentinfo'>{LINK}</div>", "footer"),
        (f"<nav>{LINK}</nav>", "header"),
        (f"<div class='top-menu'>{LINK}</div>", "header"),
        (f"<ul class='social-list'><li>{LINK}</li></ul>", "social"),
        (f"<article><footer>{LINK}</footer></article>", "article"),
        (f"<footer><div class='nieuws'>{LINK}</div></footer>", "article"),
        (f"<blockquote>{LINK}</blockquote>", "article"),
        (f"<footer><div class='partner-logos'>{LINK}</div></footer>", "partner"),
        ("<a rel='noopener me' href='https://www.instagram.com/x'>x</a>", "rel_me"),
        ("<head><link rel='me' href='https://www.instagram.com/x'></head>", "rel_me"),
        ("<head><meta property='og:see_also' content='https://www.instagram.com/x'></head>", "meta"),
        ("<a itemprop='sameAs' href='//www.instagram.com/x'></a>", "own_data"),
        ("<iframe src='//www.youtube.com/embed/abc'></iframe>", "embed"),
        ("<script>var a = 'https:\\/\\/www.instagram.com\\/x';</script>", "script"),
    ],
)
def test_the_place_of_an_address(html: str, place: Place) -> None:
    places = [mention.place for mention in read(html).mentions]
    assert place in places
    assert len(set(places) - {"text"}) == (place != "text")


@pytest.mark.parametrize(
    ("others", "place"),
    [
        (("https://www.facebook.com/x", "https://x.com/x"), "social"),
        (("https://www.tiktok.com/@x", "https://nl.linkedin.com/school/x"), "social"),
        (("https://www.facebook.com/x",), "text"),
        (("https://www.facebook.com/x", "https://www.facebook.com/y"), "text"),
        (
            (
                "https://www.facebook.com/sharer.php?u=https://x",
                "https://www.linkedin.com/shareArticle?url=y",
            ),
            "text",
        ),
    ],
)
def test_links_to_several_networks_side_by_side_are_social_media(
    others: tuple[str, ...], place: Place
) -> None:
    row = "".join(f"<span><a href='{url}'>.</a></span>" for url in others)
    found = next(
        one for one in read(f"<div>{row}<span>{LINK}</span></div>").mentions if "instagram" in one.url
    )
    assert found.place == place
    apart = f"<div><div><div><div><p>{row}</p></div></div></div></div><p>{LINK}</p>"
    assert next(one for one in read(apart).mentions if "instagram" in one.url).place == "text"
    told = f"<article><div>{row}<span>{LINK}</span></div></article>"
    assert next(one for one in read(told).mentions if "instagram" in one.url).place == "article"


@pytest.mark.parametrize(
    ("html", "label"),
    [
        ("<a href='https://tiktok.com/@x' aria-label='TikTok'><svg></svg></a>", "TikTok"),
        ("<a href='https://tiktok.com/@x'><svg aria-label='TikTok'></svg></a>", "TikTok"),
        ("<a href='https://tiktok.com/@x'><svg><title>TikTok</title></svg></a>", "TikTok"),
        ("<a href='https://tiktok.com/@x'><img alt='TikTok'></a>", "TikTok"),
        ("<a href='https://tiktok.com/@x' title='TikTok'><i></i></a>", "TikTok"),
        ("<a href='https://tiktok.com/@x'><span> Tik\n Tok </span></a>", "Tik Tok"),
        ("<a href='https://tiktok.com/@x'><i></i></a>", ""),
    ],
)
def test_a_link_is_called_what_a_screen_reader_says(html: str, label: str) -> None:
    assert only(html).label == label


def test_the_text_before_a_link_is_kept_and_only_that() -> None:
    html = "<footer>Volg ons <a href='/x'>x</a><p>Website <b>door</b> <span><a href='https://linkedin.com/company/b'>B</a>"
    assert only(html).near == "Website door"
    assert only("<p>Website door <a href='https://linkedin.com/company/b'>B</a>, 2026").near == "Website door"
    assert (
        only("<p>Website door <span><a href='https://linkedin.com/company/b'>B</a></span>").near
        == "Website door"
    )


@pytest.mark.parametrize(
    ("thing", "place"),
    [
        ({"@type": "School", "name": "ROC School"}, "own_data"),
        ({"@type": "School", "url": URL}, "own_data"),
        (
            {"@type": "School", "@id": "https://www.school.example/#organization", "name": "Anders"},
            "own_data",
        ),
        ({"@type": "Organization"}, "own_data"),
        ({"@type": "Organization", "name": "Anders"}, "other_data"),
        ({"@type": "Organization", "name": "ROC School", "url": "https://anders.example"}, "other_data"),
        ({"@type": "Person", "name": "Jan", "url": URL + "team/jan"}, "other_data"),
        ({"@type": ["Person", "Thing"]}, "other_data"),
    ],
)
def test_whose_data_it_is(thing: dict[str, Any], place: Place) -> None:
    found = data({**thing, "sameAs": "https://www.instagram.com/x"})
    assert (found.place, found.url) == (place, "https://www.instagram.com/x")


@pytest.mark.parametrize("role", ["sponsor", "member", "parentOrganization", "performer", "author"])
def test_what_stands_for_somebody_else_is_somebody_elses(role: str) -> None:
    inner = {"@type": "Organization", "sameAs": ["https://www.instagram.com/x"]}
    assert data({"@type": "School", "name": "ROC School", role: inner}).place == "other_data"
    assert data([{"@graph": [{"@type": "WebPage", "publisher": inner}]}]).place == "own_data"


@pytest.mark.parametrize(
    "text", ["{kapot", "", "null", "[1, 2]", '{"sameAs": 3}', '{"sameAs": [null, {}]}', "NaN"]
)
def test_broken_data_says_nothing(text: str) -> None:
    assert read(f"<script type='application/ld+json'>{text}</script>").mentions == ()


def test_data_that_almost_is_json_is_read() -> None:
    text = '\n{"@type":"School","name":"ROC\tSchool","sameAs":"https://www.instagram.com/x"};\n'
    assert only(f"<script type='application/ld+json'>{text}</script>").place == "own_data"


@pytest.mark.parametrize(
    "form", ["<!--\n{}\n-->", "//<![CDATA[\n{}\n//]]>", "/*<![CDATA[*/{}/*]]>*/", "<![CDATA[{}]]>"]
)
def test_data_wrapped_for_old_browsers_is_read(form: str) -> None:
    text = '{"@type":"School","name":"ROC School","sameAs":"https://www.instagram.com/x"}'
    assert only(f"<script type='application/ld+json'>{form.format(text)}</script>").place == "own_data"


def test_addresses_are_made_whole_by_the_base_and_bad_ones_are_left() -> None:
    html = "<base href='https://www.tiktok.com/'><a href='@x'>t</a><a href='http://[kapot'>k</a><a href='#'>h</a>"
    assert only(html).url == "https://www.tiktok.com/@x"


def test_leads_are_few_own_and_ordered() -> None:
    html = (
        "<a href='/over-ons'>Over ons</a><a href='/contact/route/lang'>Route</a><a href='/contact#x'>Contact</a>"
        "<a href='/opleidingen/social-work'>Social Work</a><a href='/volg'>Volg ons</a>"
        "<a href='/contact.pdf'>Contact</a>"
        "<a href='https://elders.example/contact'>Contact</a><a href='/contact#y'>Mail</a>"
    )
    assert find_leads(read(html)) == [
        URL + path for path in ("volg", "contact", "contact/route/lang", "over-ons")
    ]


@pytest.mark.parametrize(
    ("html", "wall"),
    [
        ("<h1>Cookies</h1><button>Accepteren</button>", True),
        ("<p>Wij vragen toestemming.</p><a href='/x'>Akkoord</a>", True),
        ("<p>Wij gebruiken cookies. Akkoord?</p>" + "<a href='/x'>x</a>" * 6, False),
        ("<p>Wij gebruiken cookies. Akkoord?</p>" + "<p>Opleidingen in de techniek.</p>" * 200, False),
        (f"<p>Wij gebruiken cookies. Akkoord? {LINK}</p>", False),
        ("<p>Welkom bij onze school.</p>", False),
        ("<p>Koekjes bakken, akkoord?</p>", False),
    ],
)
def test_a_cookie_wall_is_told_from_a_page_with_a_banner(html: str, wall: bool) -> None:
    assert is_cookie_wall(read(html)) is wall


@pytest.mark.parametrize(
    ("html", "shell"),
    [
        (
            "<div id=app></div><script src=a.js></script><noscript>Zet JavaScript aan, alstublieft.</noscript>",
            True,
        ),
        ("<div id=app></div>", False),
        ("<script></script><p>" + "Welkom bij onze school. " * 20, False),
        ("<script></script><a href='/x'>x</a>", False),
    ],
)
def test_a_page_without_anything_but_scripts_is_a_shell(html: str, shell: bool) -> None:
    assert is_shell(read(html)) is shell
