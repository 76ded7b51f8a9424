"""Hashtags and mentions in a text, in any script."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

# \w knows no combining marks, so Hindi, Thai or pointed Hebrew tags would break off in the middle
_LATIN_HEBREW_ARABIC = "\u0300-\u036f\u0591-\u05bd\u064b-\u065f"
_INDIC_THAI_JOINERS = "\u0900-\u0903\u093a-\u094d\u0e31\u0e34-\u0e3a\u0e47-\u0e4e\u200c\u200d"
_NAME = rf"[\w{_LATIN_HEBREW_ARABIC}{_INDIC_THAI_JOINERS}]+"
# what may not stand before a sign is looked at after it: a pattern that begins with its sign is found faster
_HASHTAGS = re.compile(rf"#(?<![\w&/#]#)#*({_NAME}(?:#+{_NAME})*)")  # one may follow on the other: "#mbo#hbo"
_MENTION = re.compile(r"@(?<![\w@/.+-]@)(\w+(?:[.·-]+\w+)*)")
_WIDE = str.maketrans("＃＠", "#@")


def find_hashtags(text: str | None) -> tuple[str, ...]:
    """Return the hashtags of a text: in lower case, without "#", each once, in the order of the text.

    >>> find_hashtags("Open dag! #MBO #mbo#techniek2026 #Ontdek_Jouw_Toekomst C# #1 &#39; ##सीखना")
    ('mbo', 'techniek2026', 'ontdek_jouw_toekomst', 'सीखना')
    """
    if not text or ("#" not in text and "＃" not in text):
        return ()
    runs = _HASHTAGS.findall(_narrow(text))
    return tidy([name for run in runs for name in run.split("#") if not name.isdigit()])


def find_mentions(text: str | None) -> tuple[str, ...]:
    """Return the handles in a text: in lower case, without "@", each once, in the order of the text.

    >>> find_mentions("Dank @ROC.Voorbeeld, @stage_maatje! Vragen: info@roc.example of (@roc.voorbeeld).")
    ('roc.voorbeeld', 'stage_maatje')
    """
    if not text or ("@" not in text and "＠" not in text):
        return ()
    return tidy(_MENTION.findall(_narrow(text)))


def _narrow(text: str) -> str:
    return text.translate(_WIDE) if "＃" in text or "＠" in text else text


def tidy(names: Iterable[str]) -> tuple[str, ...]:
    """Return names in lower case and NFC, each once, in their own order, empty ones left out.

    >>> tidy(["Stage", "stage", "", "Cafe\u0301"])
    ('stage', 'café')
    """
    plain = [name.lower() if name.isascii() else _fold(name) for name in names]
    return tuple(dict.fromkeys(filter(None, plain)))


def _fold(name: str) -> str:
    return unicodedata.normalize("NFC", name).lower().replace("i\u0307", "i")  # of a Turkish İ
