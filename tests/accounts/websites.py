"""Twelve fictional institutions' websites, each of another making, with the accounts that are truly theirs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from crawler.discover.asking import Trouble
from crawler.registry import Institution
from tests.accounts.mocknet import MockNet, Reply, moved, page

Account = tuple[str, str]


@dataclass(frozen=True, kw_only=True)
class Website:
    """A website: what it answers, whose it is, which accounts it should yield, and what else should be told."""

    making: str
    institution: Institution
    pages: dict[str, dict[str, Reply]] = field(default_factory=dict)
    names: dict[str, list[list[str]]] = field(default_factory=dict)
    accounts: frozenset[Account] = frozenset()
    trouble: Trouble | None = None
    refused: int = 0


def whole_net(net: MockNet) -> MockNet:
    """Give the net the names that the websites' stubbed resolver answers in a way of its own."""
    for website in WEBSITES:
        net.names.update(website.names)
    return net


def _school(name: str, level: str, place: str, host: str) -> Institution:
    return Institution(institution=name, level=level, place=place, website=f"http://{host}/", type="roc")


def _html(body: str, head: str = "") -> Reply:
    return page(
        f"<!doctype html><html lang=nl><head><title>Welkom</title>{head}</head><body>{body}</body></html>"
    )


_TEXT = "<p>Kies een opleiding die bij je past. Op onze locaties leer je een vak in de praktijk.</p>" * 3
_MENU = "<nav><a href='/opleidingen'>Opleidingen</a> <a href='/contact'>Contact</a></nav>"


def _footer_icons() -> Website:
    host = "www.rocwaterkant.example"
    footer = """<footer class="site-footer"><ul>
      <li><a href="https://www.instagram.com/rocwaterkant/?hl=nl" aria-label="Instagram"><svg></svg></a></li>
      <li><a href="//www.tiktok.com/@ROCWaterkant?lang=nl" aria-label="TikTok"><i class="icon"></i></a></li>
      <li><a href="https://youtube.com/@rocwaterkant/featured"><img src=y.svg alt="YouTube"></a></li>
      <li><a href="https://nl.linkedin.com/school/roc-waterkant/"><span class="sr">LinkedIn</span></a></li>
      <li><a href="https://www.facebook.com/rocwaterkant">f</a></li></ul></footer>"""
    shares = """<div class="share"><a href="https://www.linkedin.com/shareArticle?mini=true&url=http://x">Deel</a>
      <a href="https://www.facebook.com/sharer/sharer.php?u=https://instagram.com/iemand">Deel</a>
      <a href="https://twitter.com/intent/tweet?url=https://www.tiktok.com/@iemand">Deel</a></div>"""
    head = "<meta name='twitter:site' content='@anderbedrijf'>"
    return Website(
        making="footer icons, share buttons",
        institution=_school("ROC Waterkant", "mbo", "Sneek", host),
        pages={host: {"/": _html(_MENU + _TEXT + shares + footer, head)}},
        accounts=frozenset(
            {
                ("instagram", "rocwaterkant"),
                ("tiktok", "rocwaterkant"),
                ("youtube", "@rocwaterkant"),
                ("linkedin", "roc-waterkant"),
            }
        ),
    )


def _linked_data() -> Website:
    host = "www.duinrand.example"
    graph = """{"@context":"https://schema.org","@graph":[{"@type":"WebSite","url":"http://www.duinrand.example/"},
      {"@type":["CollegeOrUniversity"],"name":"Hogeschool Duinrand","url":"http://www.duinrand.example/",
       "sameAs":["https://www.instagram.com/hsduinrand/","https:\\/\\/www.youtube.com\\/channel\\/UCduinrand12345678901234",
                 "https://www.linkedin.com/company/hogeschool-duinrand/","https://www.wikidata.org/wiki/Q1"],
       "alumni":{"@type":"Person","name":"Bekende Alumnus","sameAs":"https://www.tiktok.com/@bekendealumnus"},
       "sponsor":{"@type":"Organization","name":"Bank","sameAs":["https://www.linkedin.com/company/debank"]}}]}"""
    head = f"<script type='application/ld+json'>{graph}</script><script type='application/ld+json'>{{kapot</script>"
    return Website(
        making="JSON-LD only",
        institution=_school("Hogeschool Duinrand", "hbo", "Zandvoort", host),
        pages={host: {"/": _html(_MENU + _TEXT, head)}},
        accounts=frozenset(
            {
                ("instagram", "hsduinrand"),
                ("youtube", "UCduinrand12345678901234"),
                ("linkedin", "hogeschool-duinrand"),
            }
        ),
    )


def _redirects() -> Website:
    old, host = "hetanker.example", "www.hetanker.example"
    footer = """<footer><a href="/go/instagram">Instagram</a> <a href="/go/tiktok">TikTok</a>
      <a href="/go/linkedin">LinkedIn</a> <a href="/go/youtube">YouTube</a></footer>"""
    return Website(
        making="redirects",
        institution=_school("Vakschool Het Anker", "mbo", "Den Helder", old),
        pages={
            old: {"/": moved("http://www.hetanker.example/", 301)},
            host: {
                "/": page("<html><head><meta http-equiv='refresh' content='0; url=/nl/'></head></html>"),
                "/nl/": _html(_TEXT + footer),
                "/go/instagram": moved("https://www.instagram.com/vakschoolhetanker"),
                "/go/tiktok": moved("/go/tiktok2", 301),
                "/go/tiktok2": moved("http://hetanker.example/tiktok3", 307),
                "/go/linkedin": moved("/go/linkedin"),
                "/go/youtube": moved("https://youtu.be/abcdefghijk"),
            },
        }
        | {
            old: {
                "/": moved("http://www.hetanker.example/", 301),
                "/tiktok3": moved("https://www.tiktok.com/@hetanker"),
            }
        },
        accounts=frozenset({("instagram", "vakschoolhetanker"), ("tiktok", "hetanker")}),
    )


def _shorteners() -> Website:
    host = "www.klaverveld.example"
    body = """<div class="social-media"><a href="https://bit.ly/klaver-ig">Volg ons</a>
      <a href="https://tinyurl.com/klaver-li"><img alt="LinkedIn"></a>
      <a href="http://is.gd/rond">TikTok</a> <a href="https://lnkd.in/abc">LinkedIn</a>
      <a href="https://www.google.com/url?q=https%3A%2F%2Fwww.youtube.com%2F%40aocklaverveld&sa=D">YouTube</a>
      <a href="https://linktr.ee/klaverveld">Alle links</a></div>"""
    return Website(
        making="link shorteners",
        institution=_school("AOC Klaverveld", "mbo", "Barneveld", host),
        pages={
            host: {
                "/": _html(
                    _MENU
                    + _TEXT
                    + body.replace("https://bit", "http://bit").replace("https://tiny", "http://tiny")
                )
            },
            "bit.ly": {"/klaver-ig": moved("https://www.instagram.com/aocklaverveld?utm_source=bitly", 301)},
            "tinyurl.com": {"/klaver-li": moved("http://rb.gy/li", 301)},
            "rb.gy": {"/li": moved("https://www.linkedin.com/company/aoc-klaverveld", 308)},
            "is.gd": {"/rond": moved("/rond2"), "/rond2": moved("/rond")},
        },
        accounts=frozenset(
            {("instagram", "aocklaverveld"), ("linkedin", "aoc-klaverveld"), ("youtube", "@aocklaverveld")}
        ),
    )


def _cookie_wall() -> Website:
    host = "www.zuidkaap.example"
    wall = """<main><h1>Cookies</h1><p>Wij gebruiken cookies. Kies of u ze wilt accepteren voordat u verder gaat.</p>
      <form><button>Alles accepteren</button></form><a href="/cookie-uitleg">Meer over cookies</a></main>"""
    return Website(
        making="a cookie wall",
        institution=_school("MBO Zuidkaap", "mbo", "Middelburg", host),
        pages={host: {"/": moved("/cookiewall?naar=/"), "/cookiewall?naar=/": _html(wall)}},
        trouble="cookie_wall",
    )


def _dead() -> Website:
    return Website(
        making="a dead site",
        institution=_school("Hogeschool Oudemaas", "hbo", "Spijkenisse", "www.oudemaas.example"),
        trouble="dead",
    )


def _others() -> Website:
    host = "www.delinie.example"
    news = """<section class="nieuws"><article><h2>Student wint prijs</h2>
      <p>Bekijk het bij <a href="https://www.instagram.com/omroepgelre/">Omroep Gelre</a>
      en bij <a href="https://www.linkedin.com/in/jan-de-winnaar">Jan</a>.</p>
      <blockquote class="instagram-media" data-instgrm-permalink="https://www.instagram.com/p/Cabc/"></blockquote>
      <blockquote class="tiktok-embed" cite="https://www.tiktok.com/@beroemdheid/video/7300000000000000000"></blockquote>
      <iframe src="https://www.youtube.com/embed/abcdefghijk"></iframe></article></section>"""
    partners = """<section class="onze-partners"><a href="https://www.linkedin.com/company/bouwbedrijf-janssen">Janssen</a>
      <a href="https://www.youtube.com/@gemeentearnhem">Gemeente</a></section>"""
    footer = """<footer><a href="https://instagram.com/mediacollegedelinie">Instagram</a>
      <a href="https://www.linkedin.com/company/mediacollege-de-linie">LinkedIn</a>
      <a href="https://www.tiktok.com/@mcdl.official">TikTok</a>
      <a href="https://www.linkedin.com/company/scholengroep-gelre">Onderdeel van Scholengroep Gelre</a>
      <p>Website door <a href="https://www.linkedin.com/company/bureau-pixel">Bureau Pixel</a></p></footer>"""
    return Website(
        making="other people's accounts",
        institution=_school("Mediacollege De Linie", "mbo", "Arnhem", host),
        pages={host: {"/": _html(_MENU + _TEXT + news + partners + footer)}},
        accounts=frozenset(
            {
                ("instagram", "mediacollegedelinie"),
                ("linkedin", "mediacollege-de-linie"),
                ("tiktok", "mcdl.official"),
            }
        ),
    )


# Where the website's own links lead to: each must be refused, and nothing of it dialled.
INWARD = (
    "http://127.0.0.1/admin",
    "http://2130706433/",
    "http://0177.0.0.1/",
    "http://0x7f.1/",
    "http://[::1]/",
    "http://[::ffff:10.0.0.1]/",
    "http://[64:ff9b::a9fe:a9fe]/",
    "http://10.0.0.5/",
    "http://172.16.3.4/",
    "http://192.168.1.1/",
    "http://100.64.0.1/",
    "http://169.254.169.254/latest/meta-data/",
    "http://[fe80::1]/",
    "http://[fd00::1]/",
    "http://0.0.0.0/",
    "http://localhost/",
    "http://router/",
    "http://naar-binnen.example/",
    "http://www.zwarteweide.example:22/",
    "file:///etc/passwd",
    "gopher://10.0.0.1/",
)


def _inward() -> Website:
    host = "www.zwarteweide.example"
    links = "".join(f"<a href='/go/linkedin/{number}'>x</a>" for number in range(len(INWARD)))
    pages = {f"/go/linkedin/{number}": moved(to) for number, to in enumerate(INWARD)}
    footer = f"<footer><a href='https://www.instagram.com/zwarteweide'>Instagram</a>{links}</footer>"
    return Website(
        making="redirects to loopback, private, link-local",
        institution=_school("ROC Zwarte Weide", "mbo", "Almelo", host),
        pages={host: {"/": _html(_TEXT + footer), **pages}},
        names={"naar-binnen.example": [["20.0.0.99", "192.168.0.10"]]},
        accounts=frozenset({("instagram", "zwarteweide")}),
        refused=len(INWARD),
    )


def _private_name() -> Website:
    host = "www.binnenhaven.example"
    return Website(
        making="its name is at a private address",
        institution=_school("Hogeschool Binnenhaven", "hbo", "Delfzijl", host),
        pages={host: {"/": _html("<footer><a href='https://www.instagram.com/binnenhaven'>i</a></footer>")}},
        names={host: [["10.1.2.3"]]},
        trouble="refused_address",
    )


def _rebinding() -> Website:
    host = "www.wisselstroom.example"
    return Website(
        making="its name moves to loopback (rebinding)",
        institution=_school("Techniekcollege Wisselstroom", "mbo", "Hengelo", host),
        pages={host: {"/": _html("<footer><a href='https://www.instagram.com/wisselstroom'>i</a></footer>")}},
        names={host: [["20.0.0.98"], ["127.0.0.1"]]},
        trouble="refused_address",
    )


def _robots() -> Website:
    host = "www.stiltecollege.example"
    rules = Reply(body=b"User-agent: Uitzicht\nDisallow: /\n\nUser-agent: *\nAllow: /\n", type="text/plain")
    home = _html("<footer><a href='https://www.instagram.com/stiltecollege'>i</a></footer>")
    return Website(
        making="robots.txt says no",
        institution=_school("Stilte College", "mbo", "Urk", host),
        pages={host: {"/robots.txt": rules, "/": home}},
        trouble="robots",
    )


def _many_voices() -> Website:
    host = "www.heuvelrug.example"
    home = """<header><a href="https://www.instagram.com/hsheuvelrug" rel="noopener me">Instagram</a></header>
      <script>window.__DATA__ = {"tiktok":"https:\\/\\/www.tiktok.com\\/@hogeschoolheuvelrug"}</script>"""
    contact = """<p>Volg ook <a href="https://www.instagram.com/heuvelrug.verpleegkunde">Verpleegkunde</a> en
      <a href="https://www.tiktok.com/@heuvelrugstudenten">onze studenten</a>, of kijk op
      <a href="https://www.youtube.com/user/HogeschoolHeuvelrug">YouTube</a>.</p>"""
    return Website(
        making="header, script, contact page, programmes",
        institution=_school("Hogeschool Heuvelrug", "hbo", "Zeist", host),
        pages={host: {"/": _html(_MENU + _TEXT + home), "/contact": _html(_MENU + contact)}},
        accounts=frozenset(
            {
                ("instagram", "hsheuvelrug"),
                ("instagram", "heuvelrug.verpleegkunde"),
                ("tiktok", "hogeschoolheuvelrug"),
                ("tiktok", "heuvelrugstudenten"),
                ("youtube", "@HogeschoolHeuvelrug"),
            }
        ),
    )


def _all() -> Iterator[Website]:
    yield _footer_icons()
    yield _linked_data()
    yield _redirects()
    yield _shorteners()
    yield _cookie_wall()
    yield _dead()
    yield _others()
    yield _inward()
    yield _private_name()
    yield _rebinding()
    yield _robots()
    yield _many_voices()


WEBSITES = tuple(_all())
PAGES = {host: replies for website in WEBSITES for host, replies in website.pages.items()}
