"""The normal form of text and the way back."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from classify.hashtag import HashtagSegmenter
from classify.place import Located
from classify.text import STOPS, fold, words_of

SEGMENT = HashtagSegmenter(["kom", "naar", "onze", "open", "dag", "leuk"])
ODD = "aZ9 .!?#\n'\"@-é€🎉👩🏽‍🍳ﬁ𝗢ᴀ️\u200b\u200f\ud83cßİŒ½ﷺ"
TEXTS = st.text(alphabet=ODD, max_size=60) | st.text(max_size=60)


@pytest.mark.parametrize(
    ("written", "normal"),
    [
        ("𝗢𝗣𝗘𝗡 𝗗𝗔𝗚", "open dag"),
        ("𝓞𝓹𝓮𝓷 ᴅᴀɢ", "open dag"),
        ("Café, één DIËTIST", "cafe, een dietist"),
        ("ＯＰＥＮ ｄａｇ", "open dag"),
        ("o\u200bp\u00ade\ufeffn dag", "open dag"),
        ("e\u0301e\u0301n", "een"),
        ("‘t is “leuk”", '\'t is "leuk"'),
        ("👩🏽‍🍳 kok", "👩🍳 kok"),
        ("İstanbul ﬁets ½", "istanbul fiets 1/2".replace("/", "⁄")),
        ("🅾🅿🅴🅽", "open"),
        ("a\u202eb\u202c", "ab"),
    ],
)
def test_fold(written, normal):
    assert fold(written) == normal


def test_hashtags_are_cut_into_words():
    running, tags = words_of("Zin in! #KomNaarOnzeOpenDag #leuk #xyzzy", SEGMENT)
    assert running == ["zin", "in", "!", "\n"]
    assert tags == ["kom", "naar", "onze", "open", "dag", "\n", "leuk", "\n", "xyzzy"]
    assert words_of("#komnaaronzeopendag", SEGMENT) == words_of("#KomNaarOnzeOpenDag", SEGMENT)
    assert words_of("Morgen #opendag in Zwolle", SEGMENT)[0] == ["morgen", "open", "dag", "in", "zwolle"]


def test_sentences_end_at_stops_lines_and_bullets_but_not_in_times():
    words, _ = words_of("Om 18.00 uur! Kom je ook? Ja.\nTot dan • neem mee | soep", SEGMENT)
    stops = [word for word in words if word[0] in STOPS]
    assert stops == ["!", "?", ".", "\n", "\n", "|"]
    assert "18.00" in words


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("zo'n foto's van 's avonds", ["zo'n", "foto's", "van", "'", "s", "avonds"]),
        ("10.00-15.30u 3-11 € 2.400", ["10.00-15.30u", "3-11", "€", "2.400"]),
        ("@roc.voorbeeld mbo4 bbl'ers", ["@roc.voorbeeld", "mbo4", "bbl'ers"]),
    ],
)
def test_words(text, words):
    assert words_of(text, SEGMENT) == (words, [])


@given(TEXTS)
@settings(max_examples=400, deadline=None)
def test_every_word_has_a_place(text):
    running, tags = words_of(text, SEGMENT)
    located = Located(text, SEGMENT)
    last = -1
    for number in range(len(running)):
        start, end = located.words(number, number)
        assert 0 <= start < end <= len(text)
        assert start >= last
        last = start
    for number in range(len(tags)):
        start, end = located.tag(number, number)
        assert text[start:end].startswith(("#", "＃", "﹟"))


def test_places_point_into_the_original():
    text = "Hé 🎉 kom naar de 𝗢𝗽𝗲𝗻 𝗗𝗮𝗴!! ﬁjn #KomNaarOnzeOpenDag"
    words, tags = words_of(text, SEGMENT)
    located = Located(text, SEGMENT)
    start, end = located.words(words.index("open"), words.index("dag"))
    assert text[start:end] == "𝗢𝗽𝗲𝗻 𝗗𝗮𝗴"
    start, end = located.words(words.index("fijn"), words.index("fijn"))
    assert text[start:end] == "ﬁjn"
    assert tags == ["kom", "naar", "onze", "open", "dag"]
    assert text[slice(*located.tag(3, 4))] == "#KomNaarOnzeOpenDag"


def test_a_sentence_of_only_a_hashtag_stays_one_word_long_enough():
    assert HashtagSegmenter(["open", "dag"])("opendag" * 20) == "opendag" * 20
