"""Each way in which a website is not read is told as itself, and none of them hurts."""

from __future__ import annotations

import gzip
import socket
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from time import monotonic

import pytest

from crawler.discover.asking import Limits, Trouble
from crawler.discover.network import Network
from crawler.discover.visiting import SiteVisit, visit, visit_all
from crawler.discover.walking import Pace, Walker
from crawler.registry import Institution
from tests.accounts.guard import loopback_only  # noqa: F401
from tests.accounts.mocknet import HTML, Reply, moved, page, serving
from tests.crawler.proxy import Authority

HOST = "www.school.example"
LINK = "<footer><a href='https://www.instagram.com/school'>Instagram</a></footer>"
LIMITS = Limits(delay=0.0, seconds=5.0)


def see(
    pages: Mapping[str, Reply], website: str = f"http://{HOST}/", limits: Limits = LIMITS
) -> tuple[SiteVisit, list[str]]:
    with serving({HOST: pages}) as net:
        return visit(
            Institution(institution="School", website=website), Walker(net.network, limits)
        ), net.asked


@pytest.mark.parametrize(
    ("pages", "trouble", "told"),
    [
        ({"/": page("", status=503)}, "http_error", "school.example answers 503 for /"),
        ({"/": page("", status=403)}, "http_error", "answers 403"),
        ({}, "http_error", "answers 404"),
        (
            {"/": Reply(body=b"%PDF-1.7", type="application/pdf")},
            "not_html",
            "sends application/pdf; expected an HTML",
        ),
        ({"/robots.txt": page("", status=503)}, "robots", "robots.txt of www.school.example answers 503"),
        ({"/": moved("/")}, "redirects", "redirected more than 8 times"),
        (
            {"/": moved("https://www.instagram.com/school")},
            "platform",
            "leads to instagram, which only a crawl asks",
        ),
        ({"/": moved("http://10.0.0.1/")}, "refused_address", "10.0.0.1 is a private address"),
        (
            {"/robots.txt": moved("http://127.0.0.1/robots.txt"), "/": page(LINK)},
            "refused_address",
            "loopback",
        ),
        ({"/": moved("http://weg.example/")}, "dead", "weg.example is no name that exists"),
        ({"/": moved("https://www.school.example/")}, "dead", "www.school.example cannot be reached"),
        (
            {"/": page("<div id=app></div><script src=a.js></script>")},
            "script_only",
            "nothing without JavaScript",
        ),
        (
            {"/": page("<p>Deze site gebruikt cookies. <button>Akkoord</button>")},
            "cookie_wall",
            "cookie wall",
        ),
        (
            {"/": Reply(body=b"\x1f\x8b kapot", headers={"Content-Encoding": "gzip"})},
            "broken",
            "cannot be unpacked",
        ),
    ],
)
def test_a_trouble_is_told_as_itself(pages: Mapping[str, Reply], trouble: Trouble, told: str) -> None:
    done, _ = see(pages)
    assert done.trouble == trouble
    assert told in done.sentence
    assert done.found == ()


def test_a_name_server_that_does_not_answer_is_no_dead_name() -> None:
    def away(host: str) -> list[str]:
        raise socket.gaierror(socket.EAI_AGAIN, "Temporary failure in name resolution")

    done = visit(
        Institution(institution="School", website=f"http://{HOST}/"), Walker(Network(look_up=away), LIMITS)
    )
    assert done.sentence == f"{HOST} cannot be looked up now (Temporary failure in name resolution)"


def test_redirects_have_an_end() -> None:
    _, asked = see({"/": moved("/")})
    assert asked == [f"{HOST}/robots.txt"] + [f"{HOST}/"] * (LIMITS.hops + 1)


def test_a_page_without_accounts_is_read_and_has_none() -> None:
    done, _ = see({"/": page("<h1>School</h1><p>Wij gebruiken cookies.</p>" + "<a href='/a'>a</a>" * 9)})
    assert (done.trouble, done.found) == (None, ())


def test_a_platforms_own_address_is_no_website() -> None:
    for website in ("https://www.tiktok.com/@school", "www.linkedin.com/school/x"):
        done, asked = see({}, website)
        assert (done.trouble, asked) == ("platform", [])
    assert visit(Institution(institution="School"), None).trouble == "no_website"  # type: ignore[arg-type]


def test_a_site_that_drips_is_left_in_time() -> None:
    slow = {"/": Reply(body=b"<p>" * 1_000, drip=0.05)}  # 150 seconds
    began = monotonic()
    done, _ = see(slow, limits=replace(LIMITS, seconds=0.4))
    assert monotonic() - began < 30
    assert done.trouble == "slow"
    assert "within 0.4 seconds" in done.sentence


def test_a_page_that_breaks_off_is_read_and_told() -> None:
    short = {"/": Reply(body=LINK.encode(), headers={"Content-Length": "5000"})}
    done, _ = see(short)
    assert [one.account for one in done.found] == ["school"]
    assert "was not read to its end" in " ".join(done.notes)


def test_a_large_page_is_read_as_far_as_allowed() -> None:
    large = {"/": page(LINK + "<p>" + "x" * 300_000 + "<a href='https://www.tiktok.com/@school'>t</a>")}
    done, _ = see(large, limits=replace(LIMITS, page_bytes=100_000))
    assert [one.platform for one in done.found] == ["instagram"]
    assert "was not read to its end; the first 100,000 bytes were" in " ".join(done.notes)


def test_a_packed_bomb_is_unpacked_only_as_far_as_allowed() -> None:
    bomb = gzip.compress(LINK.encode() + b"\0" * 50_000_000)
    done, _ = see({"/": Reply(body=bomb, headers={"Content-Encoding": "gzip"})})
    assert [one.account for one in done.found] == ["school"]
    assert "the first 3,000,000 bytes were" in " ".join(done.notes)


@pytest.mark.parametrize(
    "body",
    [
        b"<div>" * 200_000 + LINK.encode(),
        b"<div>" * 300 + LINK.encode(),
        b"<a " + b"x=1 " * 200_000 + b">" + LINK.encode(),
        b"<script type='application/ld+json'>" + b"[" * 200_000 + b"</script>" + LINK.encode(),
        LINK.encode() * 2_000,
        "<p>naïef</p>".encode("latin-1") + LINK.encode() + b"\xff\xfe\x00\xed\xa0\x80",
        (LINK + "é").encode("utf-16"),
        b"\x00" * 1_000 + LINK.encode(),
    ],
    ids=[
        "very deep",
        "deep",
        "attributes",
        "deep JSON-LD",
        "many links",
        "broken encoding",
        "UTF-16",
        "zeros",
    ],
)
def test_a_hostile_page_does_no_harm(body: bytes) -> None:
    done, _ = see({"/": Reply(body=body)})
    assert done.trouble is None
    assert {one.account for one in done.found} <= {"school"}
    assert done.found or body.startswith(b"<div>" * 1_000)


@pytest.mark.parametrize("charset", ["klingon", "rot13", "idna", "punycode", "utf-7", "zlib", "", "utf-8; x"])
def test_a_wrong_charset_is_survived(charset: str) -> None:
    done, _ = see({"/": Reply(body=LINK.encode() + b"\xff", type=f"text/html; charset={charset}")})
    assert [one.account for one in done.found] == ["school"]


def test_a_site_says_how_slowly_it_wants_to_be_asked() -> None:
    waits: list[float] = []
    pages = {
        "/robots.txt": Reply(body=b"User-agent: *\nCrawl-delay: 7\n", type="text/plain"),
        "/": page(LINK + "<a href='/contact'>Contact</a>"),
        "/contact": page(""),
    }
    with serving({HOST: pages}) as net:
        walker = Walker(net.network, LIMITS, Pace(1.0, waits.append))
        done = visit(Institution(institution="School", website=f"http://{HOST}/"), walker)
    assert len(done.pages) == 2
    assert [round(wait) for wait in waits] == [1, 8]


def test_few_pages_are_read_the_most_telling_first() -> None:
    links = "".join(
        f"<a href='/{name}'>{name}</a>" for name in ("over-ons", "a.pdf", "contact", "sociale-media", "x")
    )
    links += "<a href='/social-media'>Volg ons</a><a href='/contact.pdf'>Contact</a><a href='https://x.example/contact'>"
    pages = {"/": page(links), "/social-media": page(""), "/contact": page(""), "/over-ons": page("")}
    _, asked = see(pages, limits=replace(LIMITS, pages=3))
    assert asked == [f"{HOST}/robots.txt", f"{HOST}/", f"{HOST}/social-media", f"{HOST}/contact"]


def test_links_that_lead_on_are_bounded() -> None:
    links = "".join(f"<a href='/instagram/{number}'>i</a>" for number in range(30))
    done, asked = see({"/": page(f"<footer>{links}</footer>")}, limits=replace(LIMITS, resolved=4))
    assert len(asked) == 2 + 4
    assert "more than 4 links lead on; the others were left alone" in done.notes


def test_the_best_placed_links_are_followed_first() -> None:
    news = "".join(f"<article><a href='http://bit.ly/{number}'>x</a></article>" for number in range(5))
    _, asked = see(
        {
            "/": page(f"{news}<footer><a href='/go/tiktok'>TikTok</a></footer>"),
            "/go/tiktok": moved("https://tiktok.com/@x"),
        },
        limits=replace(LIMITS, resolved=1),
    )
    assert asked[-1] == f"{HOST}/go/tiktok"


def test_a_website_has_its_time_and_no_more() -> None:
    pages = {"/": page(LINK + "<a href='/contact'>Contact</a><footer><a href='/go/tiktok'>t</a></footer>")}
    done, asked = see(pages, limits=replace(LIMITS, site_seconds=0.0))
    assert asked == [f"{HOST}/robots.txt", f"{HOST}/"]
    assert [one.account for one in done.found] == ["school"]
    assert "the rest was left alone after 0 seconds" in done.notes


def test_after_an_interruption_nobody_is_asked() -> None:
    hosts = [HOST, "second.example", "third.example"]  # the second may be under way when it is interrupted
    schools = [Institution(institution=host, website=f"http://{host}/") for host in hosts]
    with serving({host: {"/": page(LINK)} for host in hosts}) as net:
        walker = Walker(net.network, LIMITS)
        visits = visit_all(schools, walker, at_once=1)
        assert next(visits).found
        visits.close()
        done = visit(schools[0], walker)
    assert (done.trouble, done.sentence) == ("stopped", f"{HOST} was not asked: interrupted")
    assert [one for one in net.asked if one.startswith(HOST)] == [f"{HOST}/robots.txt", f"{HOST}/"]
    assert not any(one.startswith("third") for one in net.asked)


def test_a_website_that_moved_is_read_where_it_is_now() -> None:
    with serving(
        {"oud.example": {"/": moved("http://nieuw.example/")}, "nieuw.example": {"/": page(LINK)}}
    ) as net:
        done = visit(
            Institution(institution="School", website="http://oud.example/"), Walker(net.network, LIMITS)
        )
    assert [one.account for one in done.found] == ["school"]
    assert "http://oud.example/ leads to http://nieuw.example/" in done.notes


def test_https_is_asked_by_name_and_its_certificate_must_fit(tmp_path: Path) -> None:
    authority = Authority(tmp_path)
    contexts = {HOST: HOST, "default.example": "default.example", "vals.example": HOST}
    pages = {HOST: {"/": page(LINK)}, "vals.example": {"/": page(LINK)}}
    with serving(pages, lambda name: authority.context(contexts[name])) as net:
        net.tls.load_verify_locations(authority.bundle)
        walker = Walker(net.network, LIMITS)
        good = visit(Institution(institution="School", website=HOST), walker)
        bad = visit(Institution(institution="School", website="https://vals.example/"), walker)
    assert [one.account for one in good.found] == ["school"]
    assert good.pages == (f"https://{HOST}",)
    assert bad.trouble == "tls"
    assert "vals.example has no certificate that can be trusted" in bad.sentence


def test_we_say_who_we_are() -> None:
    agent = Limits(contact="mail@voorbeeld.nl\r\nX-Kwaad: 1").user_agent
    assert agent.startswith("Uitzicht/")
    assert agent.endswith("; mail@voorbeeld.nlX-Kwaad: 1)")
    assert Limits().user_agent in agent.replace("; mail@voorbeeld.nlX-Kwaad: 1", "")
    assert HTML
