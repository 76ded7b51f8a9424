"""One normal form of text, cut into words and sentences, with a way back to the original."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable

WIDE = re.compile(r"[^\x00-\x7f]+")
WORD = re.compile(
    r"[a-z][a-z0-9]*(?:'[a-z]+)*|[0-9]+(?:[.,:/-][0-9]+)*[a-z]*|[.!?]+(?![a-z0-9])|[\n|]+"
    r"|[\"'%$:#]|@[a-z0-9_.]*[a-z0-9_]|[^\x00-\x7f]"
)
STOPS = "\n|.!?"  # a word that begins so ends a sentence
HASHTAG = re.compile(r"#([^\W_][\w]*)")
ROW = re.compile(r"(?:#\w+[\s,.|·]*){2,}|#\w+[\s.!]*$")

_PLAIN = {
    **dict.fromkeys("‘’‚‛′`´ʼʹ＇", "'"),
    **dict.fromkeys("“”„‟″«»‹›＂", '"'),
    **dict.fromkeys("‐‑‒–—―−", "-"),
    **dict.fromkeys("•·∙●▪◦‣", "\n"),
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
_KEEP_AS_IS = _PLAIN | _SMALL_CAPS | _SQUARED
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
    return (text if text.isascii() else WIDE.sub(_fold_run, text)).lower()


class _Evenness(dict[str, bool]):
    """Of runs of non-ASCII characters, whether each becomes exactly one; remembered up to a limit."""

    def __missing__(self, run: str) -> bool:
        if len(self) >= _MEMO_LIMIT:
            self.clear()
        even = all(len(fold_character(character)) == 1 for character in run)
        if len(run) < 20:
            self[run] = even
        return even


_EVENNESS = _Evenness()


def keeps_places(text: str) -> bool:
    """Say whether every character of a text becomes exactly one in the normal form.

    >>> keeps_places("Café"), keeps_places("ﬁets")
    (True, False)
    """
    return text.isascii() or all(map(_EVENNESS.__getitem__, WIDE.findall(text)))


Segmenter = Callable[[str], str]


def words_of(text: str, segment: Segmenter) -> tuple[list[str], list[str]]:
    """Return the words of a text in normal form, and apart from them those of its rows of hashtags.

    Hashtags are cut into words, in sentences and in rows alike. What ends a sentence is a word too; tags end like one.

    >>> words_of("Kom! #Leuk in #Zwolle nu. #OpenDag #mbo", lambda tag: tag.replace("opendag", "open dag"))
    (['kom', '!', 'leuk', 'in', 'zwolle', 'nu', '.', '\\n'], ['open', 'dag', '\\n', 'mbo'])
    """
    folded = fold(text)
    if "#" not in folded:
        return WORD.findall(folded), []
    running, tags = without_rows(folded)
    running = HASHTAG.sub(lambda match: f" {segment(match[1])} ", running)
    return WORD.findall(running), WORD.findall("\n".join([segment(tag) for tag in tags]))


def without_rows(folded: str) -> tuple[str, list[str]]:
    """Return a text without its rows of hashtags, and their tags."""
    rows = ROW.findall(folded)
    if not rows:
        return folded, []
    return ROW.sub("\n", folded), [tag for row in rows for tag in HASHTAG.findall(row)]
