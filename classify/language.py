"""Which language a text is in: one of the codebook's, or "und" for short and mixed texts."""

from __future__ import annotations

import re
from functools import cache

from langdetect.detector_factory import PROFILES_DIRECTORY, DetectorFactory
from langdetect.lang_detect_exception import LangDetectException

from classify.codebook import LANGUAGES
from classify.common import common_words

SHORTEST = 20  # letters
LEAST_SURE = 0.90
MOST_READ = 2_000  # characters of a text that are looked at
_SEED = 20261122
_ADDRESS = re.compile(r"https?://\S+|www\.\S+|[@#]\w+|\S+@\S+")
_LETTER = re.compile(r"[^\W\d_]")
_WORD = re.compile(r"[a-z]+")


@cache
def _factory() -> DetectorFactory:
    DetectorFactory.seed = _SEED
    factory = DetectorFactory()
    profiles = [f"{PROFILES_DIRECTORY}/{language}" for language in LANGUAGES]
    factory.load_json_profile([_read(profile) for profile in profiles])
    return factory


def _read(profile: str) -> str:
    with open(profile, encoding="utf-8") as file:  # noqa: PTH123
        return file.read()


def detect(text: str) -> str:
    """Return nl, en, de or fr, or "und" where a text is too short, mixed or unclear to tell.

    >>> detect("Kom jij zaterdag ook naar onze open dag in Zwolle?")
    'nl'
    >>> detect("ok 🎉")
    'und'
    """
    plain = _ADDRESS.sub(" ", text[:MOST_READ])
    if len(_LETTER.findall(plain)) < SHORTEST:
        return "und"
    detector = _factory().create()
    detector.seed = _SEED
    detector.append(plain)
    try:
        found = detector.get_probabilities()
    except LangDetectException:
        return "und"
    if not found or found[0].prob < LEAST_SURE or is_mixed(plain, found[0].lang):
        return "und"
    return str(found[0].lang)


def is_mixed(text: str, language: str) -> bool:
    """Say whether another language's function words make up a fifth or more of those in a text."""
    words = _WORD.findall(text.lower())
    known = common_words(language)
    own = sum(word in known for word in words)
    for other in LANGUAGES:
        foreign = [word for word in words if word in common_words(other) and word not in known]
        if other != language and len(set(foreign)) > 2 and len(foreign) * 4 > own:
            return True
    return False
