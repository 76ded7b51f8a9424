"""Common little words per language: they tell languages apart, join hashtags, and anchor no phrase."""

from __future__ import annotations

from functools import cache
from pathlib import Path

_FOLDER = Path(__file__).parent / "codebooks"


@cache
def common_words(language: str) -> frozenset[str]:
    """Return the common little words of a language of the codebook."""
    return frozenset((_FOLDER / f"common-{language}.txt").read_text(encoding="utf-8").split())
