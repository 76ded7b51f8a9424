"""Posts of the demo's kind in any number: its own posts over and over, or no two texts the same."""

from __future__ import annotations

import json
import random
import re
from collections.abc import Iterator
from pathlib import Path

from classify.language import detect
from classify.unit import Unit

DEMO = Path(__file__).parent.parent / "examples" / "demo" / "content"
_SENTENCE = re.compile(r"(?<=[.!?\n])\s+")
_DIGIT = re.compile(r"[0-9]")


def demo_posts() -> list[dict[str, str]]:
    """Return the posts of the demo's twelve institutions."""
    return [
        json.loads(line)
        for path in sorted(DEMO.glob("*.jsonl"))
        for line in path.read_text().splitlines()
        if line
    ]


def repeat_units(count: int) -> Iterator[Unit]:
    """Yield the demo's posts over and over under new ids, as a warehouse hands them to the coder: language known."""
    posts = demo_posts()
    languages = [detect(f"{post['title']} {post['text']} {post['transcript']}") for post in posts]
    for number in range(count):
        post = posts[number % len(posts)]
        yield Unit(
            id=str(number),
            platform=post["platform"],
            title=post["title"],
            text=post["text"],
            alt_text=post["alt_text"],
            transcript=post["transcript"],
            language=languages[number % len(posts)],
            media_type=post["media"],
        )


def make_units(count: int, seed: int = 1) -> Iterator[Unit]:
    """Yield units no two of which have the same text: sentences of two posts mixed, figures changed."""
    posts = demo_posts()
    chance = random.Random(seed)  # noqa: S311
    for number in range(count):
        post, other = posts[number % len(posts)], posts[chance.randrange(len(posts))]
        yield Unit(
            id=str(number),
            platform=post["platform"],
            title=_vary(post["title"], chance),
            text=_mix(post["text"], other["text"], chance),
            alt_text=post["alt_text"],
            transcript=_vary(post["transcript"], chance),
            language=chance.choice(("nl", "nl", "nl", "en", "und")),
            media_type=post["media"],
        )


def _mix(text: str, other: str, chance: random.Random) -> str:
    sentences = _SENTENCE.split(text)
    foreign = _SENTENCE.split(other)
    sentences[chance.randrange(len(sentences))] = foreign[chance.randrange(len(foreign))]
    return _vary(" ".join(sentences), chance)


def _vary(text: str, chance: random.Random) -> str:
    return _DIGIT.sub(lambda _: str(chance.randrange(10)), text)
