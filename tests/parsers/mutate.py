"""Spoilt captures: the recorded ones with fields exchanged, lost, doubled and cut, as hypothesis draws them."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import orjson
from hypothesis import strategies as st

# what stands in the place of a value: each is JSON as text, some of it beyond what decoders like
ODD = (
    b"null", b"true", b"false", b"0", b"-1", b"1", b"8", b"1.5", b"1e400", b"-0.0", b"9007199254740993",
    b"18446744073709551615", b"123456789012345678901234567890", b"99999999999999", b"NaN", b'""', b'" "', b'"0"',
    b'"1.2K"', b'"-5"', b'"\\u0663\\u0664"', b'"\\ud83d"', b'"\\u0000"', b'"#\\u0130stanbul @a.b"', b'"{}"', b"[]",
    b"{}", b"[null]", b"[[]]", b"[{}]", b'{"":{}}', b'{"edges":[]}', b'{"edges":[{"node":{}}]}', b'{"count":"x"}',
    b'{"runs":[{}]}', b'"2026-11-22T01:02:03Z"', b'"0000-00-00"', b'"https://[::1"', b'"\xff"', b"[" * 40 + b"]" * 40,
)  # fmt: skip
_JSON_IN_HTML = re.compile(rb"<script[^>]*json[^>]*>(\{.+?\})</script>", re.DOTALL)
_TOKEN = re.compile(rb"<[^<>]*>|[^<>]+")

Path_ = tuple[Any, ...]


@dataclass(frozen=True)
class Recorded:
    """A body cut into what can be spoilt: the JSON in it with the path to each value, or its tags and texts."""

    before: bytes
    json: bytes
    after: bytes
    paths: tuple[Path_, ...]
    tokens: tuple[bytes, ...]


@cache
def read_recorded(body_file: Path) -> Recorded:
    body = body_file.read_bytes()
    if body.lstrip()[:1] in (b"{", b"["):
        return Recorded(b"", body, b"", tuple(_walk(_decode(body))), ())
    found = max(_JSON_IN_HTML.finditer(body), key=lambda match: len(match.group(1)), default=None)
    if found is not None:
        start, end = found.span(1)
        inner = body[start:end]
        return Recorded(body[:start], inner, body[end:], tuple(_walk(_decode(inner))), ())
    return Recorded(b"", b"", b"", (), tuple(_TOKEN.findall(body)))


def _decode(text: bytes) -> Any:
    return orjson.loads(re.sub(rb"\\ud[89ab]..(?!\\ud[c-f])", b"?", text))


def _walk(value: Any, path: Path_ = ()) -> list[Path_]:
    found = [path] if path else []
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for name, below in inner:
        found += _walk(below, (*path, name))
    return found


KINDS = ("odd", "odd", "odd", "lose", "swap", "double", "rename", "cut", "drop bytes", "add bytes")
Change = tuple[str, int, int]
# one number a change: hypothesis takes longer to draw than the parsers to parse
CHANGES = st.lists(st.integers(0, len(KINDS) * 2**40 - 1), min_size=1, max_size=4)


def read_change(number: int) -> Change:
    """Return the kind of change that a drawn number means, and the two places or values it is about."""
    rest, kind = divmod(number, len(KINDS))
    return KINDS[kind], rest % 2**20, rest >> 20


def spoil(recorded: Recorded, numbers: list[int]) -> bytes:
    """Return the body after changes to its values or tags, and after those to its bytes."""
    changes = [read_change(number) for number in numbers]
    inner = [change for change in changes if change[0] not in _OF_BYTES]
    if recorded.tokens:
        body = _spoil_tokens(list(recorded.tokens), inner)
    else:
        body = recorded.before + _spoil_json(recorded, inner) + recorded.after
    for kind, first, second in changes:
        if kind in _OF_BYTES:
            body = _OF_BYTES[kind](body, first % (len(body) + 1), second)
    return body


_OF_BYTES: dict[str, Callable[[bytes, int, int], bytes]] = {
    "cut": lambda body, at, _: body[:at],
    "drop bytes": lambda body, at, length: body[:at] + body[at + length % 64 :],
    "add bytes": lambda body, at, odd: body[:at] + ODD[odd % len(ODD)] + body[at:],
}


def _spoil_json(recorded: Recorded, changes: list[Change]) -> bytes:
    if not changes:
        return recorded.json
    whole = _decode(recorded.json)
    for kind, first, second in changes:
        if recorded.paths:
            _spoil_value(whole, kind, recorded.paths[first % len(recorded.paths)], recorded.paths, second)
    text = orjson.dumps(whole)
    for number, odd in enumerate(ODD):
        text = text.replace(b'"@odd %d@"' % number, odd)
    return text


def _spoil_value(whole: Any, kind: str, path: Path_, paths: tuple[Path_, ...], second: int) -> None:
    """Change one value in place; a path that an earlier change took away is left alone."""
    holder, name = _find(whole, path[:-1]), path[-1]
    if not _has(holder, name):
        return
    if kind == "odd":
        holder[name] = f"@odd {second % len(ODD)}@"
    elif kind == "lose":
        del holder[name]
    elif kind == "swap":
        other = paths[second % len(paths)]
        source = _find(whole, other[:-1])
        if _has(source, other[-1]) and path[: len(other)] != other:
            holder[name] = orjson.loads(orjson.dumps(source[other[-1]]))
    elif kind == "double" and isinstance(holder, list):
        holder.insert(name, orjson.loads(orjson.dumps(holder[name])))
    elif kind == "rename" and isinstance(holder, dict):
        holder[f"{second % 3}l{name}"] = holder.pop(name)


def _find(whole: Any, path: Path_) -> Any:
    for name in path:
        if not _has(whole, name):
            return None
        whole = whole[name]
    return whole


def _has(holder: Any, name: Any) -> bool:
    if isinstance(holder, dict):
        return name in holder
    return isinstance(holder, list) and isinstance(name, int) and name < len(holder)


def _spoil_tokens(tokens: list[bytes], changes: list[Change]) -> bytes:
    for kind, first, second in changes:
        at = first % len(tokens)
        if kind == "odd":
            tokens[at] = ODD[second % len(ODD)].strip(b'"')
        elif kind == "swap":
            tokens[at] = tokens[second % len(tokens)]
        elif kind == "double":
            tokens[at] *= 2
        elif kind == "rename":
            tokens[at] = tokens[at].replace(b'"', b"'" if second % 2 else b"", 1 + second % 3)
        else:
            tokens[at] = b""
    return b"".join(tokens)
