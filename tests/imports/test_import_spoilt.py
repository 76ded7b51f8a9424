"""Files as people spoil them: every importer tells what is wrong by one of its own errors, within a second.

UITZICHT_FUZZ=100000 says how many spoilt copies of each file are tried; the usual run tries a few hundred.
"""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from reading import FILES, read

from crawler.errors import CrawlerError
from crawler.items import MEDIA_TYPES, PRECISIONS, Post

EXAMPLES = int(os.environ.get("UITZICHT_FUZZ", "200"))
SLOWEST = 1.0  # seconds of this process' own time
OWN = ("studio", "linkedin-page", "fivetran")
PAGE = Path(__file__).parents[1] / "captures/linkedin/company_own_posts/body.html"
NO_POSTS = (
    "business-suite-facebook",
    "studio-geography",
    "studio-totals",
    "tiktok-overview",
    "ytdt-comments",
)
KINDS = [path for path in sorted(FILES.iterdir()) if not path.name.startswith(NO_POSTS)]
AT_ONCE = 20  # in one example of hypothesis
ODD = (
    b"", b'"', b'""', b"'", b",", b";", b"\t", b"\n", b"\r", b"\r\n", b"\0", b"\xff", b"\xfe\xff", b"\xef\xbb\xbf",
    b"\xe9", b"0", b"-1", b"1.5", b"1e400", b"1,234", b"9" * 30, b"Total", b"nan", b"null", b"{}", b"[]", b"#", b"=1+1",
    b"<br>",     b"February 30", b"29/02/2026", b"13/13/2026", b"0000-00-00",
    b"2026_99_99-99_99_99", b"https://x.example/",
    b"urn:li:activity:1", b"\xf0\x9f\x98\x80", b'","' * 40, b'"\n' * 40, "Ⅷ٣".encode(), b"A" * 5000, b"\xed\xa0\x80",
)  # fmt: skip
SPOILS = ("put", "put", "put", "cut", "lose", "double", "swap", "byte", "encode", "delimiter")


def spoil(body: bytes, numbers: list[int]) -> bytes:
    """Return a file after a few changes, each drawn as one number: hypothesis takes longer to draw than we to read."""
    for number in numbers:
        rest, kind = divmod(number, len(SPOILS))
        at, what = rest % (len(body) + 1), rest >> 20
        body = _change(body, SPOILS[kind], at, what)
    return body


def _change(body: bytes, kind: str, at: int, what: int) -> bytes:
    if kind == "encode":
        name = ("utf-16", "cp1252", "utf-16-be", "utf-8-sig")[what % 4]
        return body.decode("utf-8", "replace").encode(name, "replace")
    if kind == "delimiter":
        return body.replace(b",", (b";", b"\t", b"|")[what % 3])
    before, here, behind = body[:at], body[at : at + what % 60], body[at + what % 60 :]
    instead = {
        "put": ODD[what % len(ODD)] + here * (what % 3 > 0),
        "lose": b"",
        "double": here + here,
        "swap": here[::-1],
        "byte": bytes([what % 256]) + here[1:],
    }
    return before if kind == "cut" else before + instead[kind] + behind


def check(post: Post) -> None:
    assert post.post_id
    assert post.media_type in MEDIA_TYPES
    assert post.posted_precision in PRECISIONS
    assert (post.posted_at is None) == (post.posted_precision == "unknown")
    counts = (post.like_count, post.comment_count, post.share_count, post.view_count, post.save_count)
    assert all(count is None or 0 <= count < 10**20 for count in counts)


@pytest.mark.parametrize("path", [*KINDS, PAGE], ids=lambda path: path.name)
def test_spoilt_copies_give_posts_or_our_own_errors_in_time(path: Path, tmp_path: Path) -> None:
    whole, copy = path.read_bytes(), tmp_path / path.name
    slowest, ends = 0.0, {"read": 0, "refused": 0}

    @settings(
        max_examples=max(1, EXAMPLES // AT_ONCE),
        database=None,
        deadline=None,
        phases=(Phase.generate,),
        suppress_health_check=list(HealthCheck),
    )
    @given(st.lists(st.integers(0, 2**48), min_size=3 * AT_ONCE, max_size=3 * AT_ONCE))
    def some(numbers: list[int]) -> None:
        for at in range(AT_ONCE):
            one(numbers[3 * at : 3 * at + 1 + numbers[at] % 3])

    def one(numbers: list[int]) -> None:
        nonlocal slowest
        copy.write_bytes(spoil(whole, numbers))
        began = time.process_time()
        try:
            found = read(copy, "rocnoorderhaven" if path.name.startswith(OWN) else "")
        except CrawlerError as error:
            assert str(error).strip()
            ends["refused"] += 1
        else:
            for post in found.posts:
                check(post)
            ends["read"] += 1
        slowest = max(slowest, time.process_time() - began)

    some()
    told = f"{path.name}: {sum(ends.values())} spoilt copies, {ends}, slowest {slowest * 1000:.0f} ms"
    sys.stdout.write(f"\n{told}\n")
    assert slowest < SLOWEST
    assert ends["read"]
    assert ends["refused"]
