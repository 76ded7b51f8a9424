"""One normal form of text, cut into words and sentences, with a way back to the original."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass

_WIDE = re.compile(r"[^\x00-\x7f]+")
_TOKEN = re.compile(
    r"[a-z][a-z0-9]*(?:'[a-z]+)*|[0-9]+(?:[.,:/-][0-9]+)*[a-z]*|\n+|[.!?]+(?![a-z0-9])"
    r"|[\"'%$:#]|@[a-z0-9_.]*[a-z0-9_]|[^\x00-\x7f]"
)
_HASHTAG = re.compile(r"#([^\W_][\w]*)")
_RUN = re.compile(r"(?:#\w+[\s,.|·]*){2,}|#\w+[\s.!]*$")

_PLAIN = {
    **dict.fromkeys("‘’‚‛′`´ʼʹ＇", "'"),
    **dict.fromkeys("“”„‟″«»‹›＂", '"'),
    **dict.fromkeys("‐‑‒–—―−", "-"),
    **dict.fromkeys("•·∙●▪◦‣|", "\n"),
    "…": "...",
    "ß": "ss",
    "æ": "ae",
    "Æ": "ae",
    "œ": "oe",
    "Œ": "oe",
    "ø": "o",
    "Ø": "o",
    "đ": "d",
    "ł": "l",
    "ı": "i",
    "€": "€",
    "\u2028": "\n",
    "\u2029": "\n",
    "\x85": "\n",
    "®": "",
    "©": "",
    "™": "",
}
_SMALL_CAPS = dict(zip("ᴀʙᴄᴅᴇꜰɢʜɪᴊᴋʟᴍɴᴏᴘꞯʀꜱᴛᴜᴠᴡʏᴢ", "abcdefghijklmnopqrstuvwyz", strict=True))
_SQUARED = {chr(0x1F130 + i): chr(97 + i) for i in range(26)} | {
    chr(0x1F170 + i): chr(97 + i) for i in range(26)
}
_NOT_SQUARED = {"🅿": "🅿"}
_KEEP_AS_IS = _PLAIN | _SMALL_CAPS | _SQUARED | _NOT_SQUARED
_INVISIBLE = {"Cf", "Mn", "Me", "Cs", "Cc", "Co"}
_MEMO_LIMIT = 50_000


def fold_character(character: str) -> str:
    """Return what a character becomes in the normal form: lower case, no accent; invisible ones become nothing."""
    if character < "\x80":
        return character.lower()
    if character in _KEEP_AS_IS:
        return _KEEP_AS_IS[character]
    if "\U0001f3fb" <= character <= "\U0001f3ff":  # skin tones
        return ""
    decomposed = unicodedata.normalize("NFKD", character).lower()
    return "".join(
        _PLAIN.get(part, part) for part in decomposed if unicodedata.category(part) not in _INVISIBLE
    )


class _Runs(dict[str, str]):
    """Folded runs of non-ASCII characters, remembered up to a limit."""

    def __missing__(self, run: str) -> str:
        if len(self) >= _MEMO_LIMIT:
            self.clear()
        folded = "".join(map(fold_character, run))
        if len(run) < 20:
            self[run] = folded
        return folded


_RUNS = _Runs()


def _fold_run(match: re.Match[str]) -> str:
    return _RUNS[match[0]]


def fold(text: str) -> str:
    """Return the normal form of a text.

    >>> fold("Café 𝗢𝗽𝗲𝗻 ᴅᴀɢ ﬁetsen")
    'cafe open dag fietsen'
    """
    return (text if text.isascii() else _WIDE.sub(_fold_run, text)).lower()


def fold_with_places(text: str) -> tuple[str, list[int]]:
    """Return the normal form and, for each of its characters, the place of its original."""
    folded: list[str] = []
    places: list[int] = []
    for place, character in enumerate(text):
        part = fold_character(character).lower()
        folded.append(part)
        places.extend([place] * len(part))
    return "".join(folded), places


@dataclass(frozen=True, slots=True)
class Token:
    """One word of the normal form and where it stands in the original."""

    word: str
    start: int
    end: int


Segmenter = Callable[[str], str]


def words_of(text: str, segment: Segmenter) -> tuple[list[str], list[str]]:
    """Return the words of a text and those of the row of hashtags in it, hashtags cut into words."""
    folded = fold(text)
    if "#" not in folded:
        return _TOKEN.findall(folded), []
    rows = _RUN.findall(folded)
    if rows:
        folded = _RUN.sub("\n", folded)
    running = _TOKEN.findall(_HASHTAG.sub(lambda match: f" {segment(match[1])} ", folded))
    tags = [segment(tag) for row in rows for tag in _HASHTAG.findall(row)]
    return running, _TOKEN.findall("\n".join(tags))


def tokens_of(text: str, segment: Segmenter) -> tuple[list[Token], list[Token]]:
    """Return what `words_of` returns, each word with its place in the original text."""
    folded, places = fold_with_places(text)
    places.append(len(text))
    running: list[Token] = []
    tags: list[Token] = []
    at = 0
    for row in _RUN.finditer(folded) if "#" in folded else ():
        _read_running(folded, at, row.start(), places, segment, running)
        running.append(Token("\n", places[row.start()], places[row.start()]))
        for tag in _HASHTAG.finditer(folded, row.start(), row.end()):
            if tags:
                tags.append(Token("\n", places[tag.start()], places[tag.start()]))
            tags.extend(_tag_tokens(tag, places, segment))
        at = row.end()
    _read_running(folded, at, len(folded), places, segment, running)
    return _merged(running), tags


def _read_running(
    folded: str, start: int, end: int, places: list[int], segment: Segmenter, found: list[Token]
) -> None:
    for tag in _HASHTAG.finditer(folded, start, end):
        _read_words(folded, start, tag.start(), places, found)
        found.extend(_tag_tokens(tag, places, segment))
        start = tag.end()
    _read_words(folded, start, end, places, found)


def _read_words(folded: str, start: int, end: int, places: list[int], found: list[Token]) -> None:
    for match in _TOKEN.finditer(folded, start, end):
        last = places[match.end() - 1]
        found.append(Token(match[0], places[match.start()], last + 1))


def _tag_tokens(tag: re.Match[str], places: list[int], segment: Segmenter) -> list[Token]:
    start, end = places[tag.start()], places[tag.end() - 1] + 1
    return [Token(word, start, end) for word in _TOKEN.findall(segment(tag[1]))]


def _merged(tokens: list[Token]) -> list[Token]:
    merged: list[Token] = []
    for token in tokens:
        if token.word.startswith("\n") and merged and merged[-1].word.startswith("\n"):
            merged[-1] = Token(merged[-1].word + token.word, merged[-1].start, token.end)
        else:
            merged.append(token)
    return merged
