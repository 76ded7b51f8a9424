"""Hashtags and mentions in a text, in any script."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

# \w knows no combining marks, so Hindi, Thai or pointed Hebrew tags would break off in the middle
_LATIN_HEBREW_ARABIC = "\u0300-\u036f\u0591-\u05bd\u064b-\u065f"
_INDIC_THAI_JOINERS = "\u0900-\u0903\u093a-\u094d\u0e31\u0e34-\u0e3a\u0e47-\u0e4e\u200c\u200d"
_TAG = rf"[#＃]+([\w{_LATIN_HEBREW_ARABIC}{_INDIC_THAI_JOINERS}]+)"
_HASHTAG = re.compile(_TAG)
_HASHTAGS = re.compile(rf"(?<![\w&/#＃])(?:{_TAG})+")  # one may follow on the other: "#mbo#hbo"
_MENTION = re.compile(r"(?<![\w@/.+-])[@＠](\w+(?:[.·-]+\w+)*)")


def find_hashtags(text: str | None) -> tuple[str, ...]:
    """Return the hashtags of a text: in lower case, without "#", each once, in the order of the text.

    >>> find_hashtags("Open dag! #MBO #mbo#techniek2026 #Ontdek_Jouw_Toekomst C# #1 &#39; ##सीखना")
    ('mbo', 'techniek2026', 'ontdek_jouw_toekomst', 'सीखना')
    """
    if not text or ("#" not in text and "＃" not in text):
        return ()
    runs = (run.group() for run in _HASHTAGS.finditer(text))
    return tidy(found for run in runs for found in _HASHTAG.findall(run) if not found.isdigit())


def find_mentions(text: str | None) -> tuple[str, ...]:
    """Return the handles in a text: in lower case, without "@", each once, in the order of the text.

    >>> find_mentions("Dank @ROC.Voorbeeld, @stage_maatje! Vragen: info@roc.example of (@roc.voorbeeld).")
    ('roc.voorbeeld', 'stage_maatje')
    """
    if not text or ("@" not in text and "＠" not in text):
        return ()
    return tidy(_MENTION.findall(text))


def tidy(names: Iterable[str]) -> tuple[str, ...]:
    """Return names in lower case and NFC, without what is not a name, each once, in their own order.

    >>> tidy(["Stage", "stage", "", "Cafe\u0301"])
    ('stage', 'café')
    """
    plain = (_tidy(name) for name in names)
    return tuple(dict.fromkeys(name for name in plain if name))


def _tidy(name: str) -> str:
    if name.isascii():
        return name.lower().strip("#@ ")
    small = unicodedata.normalize("NFC", name).lower()
    return small.strip("#@＃＠ ").replace("i\u0307", "i")  # what lower() makes of a Turkish İ
