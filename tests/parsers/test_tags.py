"""Hashtags and mentions are found in any script, and nowhere else."""

from __future__ import annotations

import time

import pytest

from crawler.parsers.tags import find_hashtags, find_mentions


@pytest.mark.parametrize(
    ("text", "tags"),
    [
        (None, ()),
        ("", ()),
        ("geen enkele", ()),
        ("#MBO en #hbo", ("mbo", "hbo")),
        ("#mbo#hbo", ("mbo", "hbo")),
        ("##dubbel", ("dubbel",)),
        ("(#tussen haakjes), #komma.", ("tussen", "komma")),
        ("#werken_bij-ons", ("werken_bij",)),
        ("#carrière #café", ("carrière", "café")),
        ("#İstanbul", ("istanbul",)),
        ("#Größe #日本語 #العربية #सीखना #ภาษาไทย", ("größe", "日本語", "العربية", "सीखना", "ภาษาไทย")),
        ("＃全角", ("全角",)),
        ("#2026 #1 #4vwo", ("4vwo",)),
        ("C# a#b &#39; &#x27; https://x.example/#anker", ()),
        ("#stage🚢 #🚢", ("stage",)),
        ("#Zelfde #zelfde #ZELFDE", ("zelfde",)),
    ],
)
def test_hashtags(text: str | None, tags: tuple[str, ...]) -> None:
    assert find_hashtags(text) == tags


@pytest.mark.parametrize(
    ("text", "handles"),
    [
        (None, ()),
        ("dank @ROC.Noorderhaven!", ("roc.noorderhaven",)),
        ("@a, @b_c. @d.", ("a", "b_c", "d")),
        ("met @één-twee en @naam·met·punt", ("één-twee", "naam·met·punt")),
        ("mail info@roc.example of x.y@z.example", ()),
        ("https://tiktok.com/@rocnoorderhaven", ()),
        ("@ @. @@dubbel", ()),
        ("@wie @WIE", ("wie",)),
    ],
)
def test_mentions(text: str | None, handles: tuple[str, ...]) -> None:
    assert find_mentions(text) == handles


@pytest.mark.parametrize("hostile", ["#" * 200_000, "@a." * 80_000, "#a" * 100_000, "@" + "a-" * 100_000])
def test_long_texts_are_read_in_linear_time(hostile: str) -> None:
    started = time.perf_counter()
    find_hashtags(hostile)
    find_mentions(hostile)
    assert time.perf_counter() - started < 2
