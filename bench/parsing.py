"""How fast captures are parsed, as a ratio to what json.loads alone takes on the same bodies, in one run.

    python bench/parsing.py

For each JSON format, the capture with most posts among tests/captures is enlarged to a page of the size
that the platform sends, and parsed as a crawl hands it over, its format named. Both are timed in turn and the
best round of each counts. Exit code 1 where any format stays below the floor.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "parsers"))

from cases import find_cases, read_capture, read_format

from crawler.errors import ParseError
from crawler.items import Capture, Platform
from crawler.parsers.formats import parse

FLOOR = 0.3
ROUNDS = 120  # short ones, so that some are not disturbed
# posts on a page as asked for, and the bytes of one record in recorded answers: most of it is never read
PAGES = {
    "instagram.web_profile_info": (12, 5_500),
    "instagram.feed_user": (33, 22_000),
    "instagram.timeline": (12, 25_000),
    "instagram.business_discovery": (50, 1_000),
    "instagram.media": (25, 1_400),
    "instagram.item": (1, 20_000),
    "tiktok.item_list": (35, 8_000),
    "tiktok.item": (1, 8_000),
    "tiktok.research_videos": (100, 1_100),
    "linkedin.posts_api": (50, 2_000),
    "tiktok.display_videos": (20, 1_000),
    "tiktok.profile_page": (0, 4_000),
    "youtube.browse": (30, 11_000),
    "youtube.channels": (0, 2_100),
    "youtube.item": (1, 3_500),
    "youtube.player": (1, 4_200),
    "youtube.resolve_url": (0, 1_250),
    "youtube.playlist_items": (50, 2_300),
    "youtube.timedtext": (1, 40_000),
    "youtube.videos": (50, 3_300),
    "youtube.search": (50, 1_200),
}
_TEXT = "Benieuwd naar jouw toekomst? Onze docenten én praktijkbegeleiders vertellen je er meer over. 🎓\n\n"
_UNREAD = {
    "url": "https://cdn.example/v/t51.2885-15/image.jpg?stp=dst-jpg_e35&cat=101&oh=00_Af",
    "width": 640,
    "height": 800,
}


@dataclass(frozen=True, kw_only=True)
class Timing:
    """What one format took: seconds a page, for decoding alone and for the whole parse."""

    name: str
    size: int
    posts: int
    loads: float
    parse: float

    @property
    def ratio(self) -> float:
        """Return the speed of parsing where json.loads is 1."""
        return self.loads / self.parse


def find_pages() -> Iterator[tuple[str, Capture]]:
    """Yield for each JSON format the capture with most posts, enlarged to a page of the platform's size."""
    best: dict[str, tuple[int, int, Capture]] = {}
    for case in find_cases():
        capture, name = read_capture(case), read_format(case)
        if name and capture.body.lstrip()[:1] in (b"{", b"["):
            weight = (len(parse(capture).posts), len(capture.body))
            if weight > best.get(name, (-1, 0))[:2]:
                best[name] = (*weight, capture)
    for name, (posts, _, capture) in sorted(best.items()):
        wanted, size = PAGES.get(name, (posts, 0))
        yield name, replace(enlarge(capture, posts, wanted, size), format=name)  # as a crawl hands it over


def enlarge(capture: Capture, posts: int, wanted: int, size: int) -> Capture:
    """Return the capture with its records repeated to the posts wanted, and each filled up to its usual size."""
    whole = json.loads(capture.body)
    if "wireMagic" in whole:  # the words of one post, of which every one is read
        whole["events"] *= size // len(capture.body)
    elif wanted <= 1:
        _fill(whole, size)
    records = _find_records(capture, whole, posts) if wanted > posts > 0 else []
    kept = list(records)
    records[:] = [
        json.loads(json.dumps(kept[at % len(kept)])) for at in range(wanted * len(kept) // max(posts, 1))
    ]
    for record in records:
        _fill(record, size)
    return replace(capture, body=_write(whole, capture.platform))


def _write(whole: object, platform: Platform) -> bytes:
    """Return JSON as the platform writes it: Meta sends ASCII only and escapes slashes."""
    if platform == "instagram":
        return json.dumps(whole, separators=(",", ":")).replace("/", "\\/").encode()
    return json.dumps(whole, separators=(",", ":"), ensure_ascii=False).encode()


def _fill(record: dict[str, Any], size: int) -> None:
    missing = size - len(json.dumps(record))
    if isinstance(record.get("caption"), str):  # the Graph API sends nothing that was not asked for
        record["caption"] = _TEXT * (missing // len(json.dumps(_TEXT))) + record["caption"]
        return
    record["unread"] = {"candidates": [_UNREAD] * (missing // len(json.dumps(_UNREAD)))}


def _find_records(capture: Capture, whole: object, posts: int) -> list[Any]:
    """Return the list whose doubling doubles the posts."""
    for records in sorted(_find_lists(whole), key=lambda found: -len(json.dumps(found))):
        kept = list(records)
        records.extend(kept)
        doubled = _count_posts(capture, whole)
        records[:] = kept
        if doubled == 2 * posts:
            return records
    raise SystemExit(f"no list of records in {capture.url}")


def _find_lists(value: Any) -> Iterator[list[Any]]:
    if isinstance(value, list) and value and isinstance(value[0], dict):
        yield value
    for below in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from _find_lists(below)


def _count_posts(capture: Capture, whole: object) -> int:
    try:
        return len(parse(replace(capture, body=json.dumps(whole).encode())).posts)
    except ParseError:
        return -1


def measure(name: str, capture: Capture) -> Timing:
    """Return the best of several rounds, decoding and parsing in turn."""
    posts = len(parse(capture).posts)
    repeats = max(1, 20_000 // len(capture.body))
    rounds = [
        (_time(lambda: json.loads(capture.body), repeats), _time(lambda: parse(capture), repeats))
        for _ in range(ROUNDS)
    ]
    loads, whole = (min(column) for column in zip(*rounds, strict=True))
    return Timing(name=name, size=len(capture.body), posts=posts, loads=loads, parse=whole)


def _time(run: Callable[[], object], repeats: int) -> float:
    started = time.perf_counter()
    for _ in range(repeats):
        run()
    return (time.perf_counter() - started) / repeats


def main() -> int:
    """Print the table and return the exit code."""
    timings = [measure(name, capture) for name, capture in find_pages()]
    print(f"{'format':30} {'KB':>7} {'posts':>6} {'json.loads':>11} {'parse':>9} {'ratio':>6}")
    for found in timings:
        times = f"{found.loads * 1e6:8.1f} µs {found.parse * 1e6:6.1f} µs"
        print(f"{found.name:30} {found.size / 1e3:7.1f} {found.posts:6} {times} {found.ratio:6.2f}")
    slow = [found.name for found in timings if found.ratio < FLOOR]
    if slow:
        print(f"below the floor of {FLOOR}: {', '.join(slow)}")
    return 1 if slow else 0


if __name__ == "__main__":
    sys.exit(main())
