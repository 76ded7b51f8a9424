"""The normal form of text and the way back."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from classify.hashtag import HashtagSegmenter
from classify.place import Located
from classify.text import fold, sentences_of, words_of

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
    running, tags = sentences_of("Zin in! #KomNaarOnzeOpenDag #leuk #xyzzy", SEGMENT)
    assert running == ["zin in!"]
    assert tags == ["kom naar onze open dag", "leuk", "xyzzy"]
    assert sentences_of("#komnaaronzeopendag", SEGMENT) == sentences_of("#KomNaarOnzeOpenDag", SEGMENT)
    assert sentences_of("Morgen #opendag in Zwolle", SEGMENT)[0] == ["morgen  open dag  in zwolle"]


def test_sentences_end_at_stops_lines_and_bullets_but_not_in_times():
    running, _ = sentences_of("Om 18.00 uur! Kom je ook? Ja.\nTot dan • neem mee | soep", SEGMENT)
    assert running == ["om 18.00 uur!", "kom je ook?", "ja.", "tot dan", "neem mee", "soep"]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("zo'n foto's van 's avonds", ["zo'n", "foto's", "van", "'", "s", "avonds"]),
        ("10.00-15.30u 3-11 € 2.400", ["10.00-15.30u", "3-11", "€", "2.400"]),
        ("@roc.voorbeeld mbo4 bbl'ers", ["@roc.voorbeeld", "mbo4", "bbl'ers"]),
    ],
)
def test_words(text, words):
    assert words_of(text) == words


@given(TEXTS)
@settings(max_examples=400, deadline=None)
def test_every_word_has_a_place(text):
    running, tags = sentences_of(text, SEGMENT)
    located = Located(text, SEGMENT)
    for number, sentence in enumerate(running):
        last = -1
        for word in range(len(words_of(sentence))):
            start, end = located.words(number, word, word)
            assert 0 <= start < end <= len(text)
            assert start >= last or "#" in text
            last = start
    for number in range(len(tags)):
        start, end = located.tag(number)
        assert text[start:end].startswith(("#", "＃", "﹟"))


def test_places_point_into_the_original():
    text = "Hé 🎉 kom naar de 𝗢𝗽𝗲𝗻 𝗗𝗮𝗴!! ﬁjn #KomNaarOnzeOpenDag"
    running, tags = sentences_of(text, SEGMENT)
    located = Located(text, SEGMENT)
    words = words_of(running[0])
    start, end = located.words(0, words.index("open"), words.index("dag"))
    assert text[start:end] == "𝗢𝗽𝗲𝗻 𝗗𝗮𝗴"
    start, end = located.words(1, 0, 0)
    assert (words_of(running[1])[0], text[start:end]) == ("fijn", "ﬁjn")
    assert tags == ["kom naar onze open dag"]
    assert text[slice(*located.tag(0))] == "#KomNaarOnzeOpenDag"


def test_a_sentence_of_only_a_hashtag_stays_one_word_long_enough():
    assert HashtagSegmenter(["open", "dag"])("opendag" * 20) == "opendag" * 20
