"""What single words say of codes: read, added up, shown, overruled."""

import json
from math import sqrt

import pytest

from classify.codebook_file import parse_codebook, read_codebook
from classify.coder import Coder
from classify.errors import CodebookError
from classify.explain import explain
from classify.unit import Unit

BOOK = """
codebook: small
words: {never: nooitgezien}
dimensions:
  theme:
    definition: What it is about.
    otherwise: other
    single_words:
      work:
        8: vacature, *monteur
        2: |
          loon  # and what it buys
          baas
        -4: feest
      fun: {6: feest, 3: "taart*"}
    codes:
      work: {definition: Work., threshold: 1, rules: [{rule: job, any: "{never}", weight: 1}]}
      fun: {definition: Fun., threshold: 1}
      other: {definition: Else.}
"""


@pytest.fixture(scope="module")
def small():
    return Coder(parse_codebook(BOOK, "small.yaml"))


def scores(coder, text, **fields):
    return coder.code_unit(Unit(id="1", text=text, language="nl", **fields)).scores


def test_weights_are_shared_by_the_root_of_how_many_words_there_are(small):
    text = "een vacature met loon en baas in de krant van gisteren"
    assert scores(small, text) == {"theme.work": pytest.approx((8 + 2 + 2) / sqrt(11), abs=1e-3)}


def test_few_words_count_as_eight(small):
    assert scores(small, "vacature") == {"theme.work": pytest.approx(8 / sqrt(8), abs=1e-3)}


def test_a_word_speaks_once_however_often_and_wherever_it_stands(small):
    once = scores(small, "vacature loon", title="")
    again = scores(small, "vacature vacature loon", title="Vacature")
    assert again == once


def test_a_word_may_speak_for_one_code_and_against_another(small):
    assert scores(small, "feest") == {
        "theme.work": pytest.approx(-4 / sqrt(8), abs=1e-3),
        "theme.fun": pytest.approx(6 / sqrt(8), abs=1e-3),
    }


@pytest.mark.parametrize("word", ["monteur", "Servicemonteur", "#automonteur", "𝗺𝗼𝗻𝘁𝗲𝘂𝗿"])
def test_a_star_stands_for_any_letters(small, word):
    assert scores(small, word)["theme.work"] == pytest.approx(8 / sqrt(8), abs=1e-3)


def test_a_word_written_out_counts_for_itself_alone():
    book = BOOK.replace("2: |", "1: fietsmonteur\n        2: |")
    assert scores(Coder(parse_codebook(book)), "fietsmonteur")["theme.work"] == pytest.approx(
        1 / sqrt(8), abs=1e-3
    )


def test_the_loudest_words_are_evidence_where_they_stand(small):
    coding = small.code_unit(Unit(id="1", title="Nieuw", text="Een véél te leuke VACATURE voor de baas"))
    evidence = [part for part in coding.evidence if part.rule == "single_word"]
    assert [(part.code, part.words) for part in evidence] == [
        ("theme.work", "VACATURE"),
        ("theme.work", "baas"),
    ]
    assert [coding.unit.text[part.start : part.end] for part in evidence] == ["VACATURE", "baas"]
    rows = {row.code: json.loads(row.evidence) for row in coding.rows()}
    assert [part["words"] for part in rows["work"]] == ["VACATURE", "baas"]


def test_words_for_codes_that_were_not_given_are_no_evidence(small):
    coding = small.code_unit(Unit(id="1", text="taart"))
    assert coding.themes == ("fun",)
    assert {part.code for part in coding.evidence} == {"theme.fun"}


def test_explain_shows_what_speaks_against_too(small):
    findings = explain(small, Unit(id="1", text="Wat een feest")).findings
    said = {(one.code, one.weight, one.words) for one in findings if one.rule == "single_word"}
    assert said == {("theme.work", -1.41, "feest"), ("theme.fun", 2.12, "feest")}


def test_a_study_says_otherwise(tmp_path):
    own = tmp_path / "codebook.yaml"
    own.write_text(
        "extends: default\ndimensions:\n  theme:\n    single_words:\n      labour_market: {0: salaris}\n"
        "    codes: {labour_market: {}}\n",
        encoding="utf-8",
    )
    ours, theirs = Coder(), Coder(read_codebook(own))
    assert ours.single.weights("salaris") != theirs.single.weights("salaris")
    assert theirs.codebook.version != ours.codebook.version
    assert len(theirs.codebook.dimension("theme").codes) == len(ours.codebook.dimension("theme").codes)


def test_words_in_a_file_beside_the_codebook(tmp_path):
    start, end = BOOK.index("    single_words:\n"), BOOK.index("    codes:\n")
    (tmp_path / "book.yaml").write_text(
        BOOK[:start] + "    single_words: said.yaml\n" + BOOK[end:], encoding="utf-8"
    )
    (tmp_path / "said.yaml").write_text("work: {8: vacature}\n", encoding="utf-8")
    assert scores(Coder(read_codebook(tmp_path / "book.yaml")), "vacature")
    (tmp_path / "said.yaml").write_text("work: {8: een vacature}\n", encoding="utf-8")
    with pytest.raises(CodebookError, match=r"said\.yaml:1: 'een vacature' is not one word"):
        read_codebook(tmp_path / "book.yaml")


@pytest.mark.parametrize(
    ("written", "error"),
    [
        ("{work: {much: vacature}}", "weight 'much'; expected a number from -100 to 100"),
        ("{work: {1000: vacature}}", "weight '1000'; expected a number from -100 to 100"),
        ("{weather: {1: regen}}", "single words of 'weather'; expected codes of theme"),
        ('{work: {1: "{never}"}}', "is not one word"),
        ("{work: {1: /(/}}", "RE2 refuses the pattern"),
        ("../etc.yaml", "expected a .yaml file in the codebook's own folder"),
    ],
)
def test_what_is_wrong_with_single_words(written, error):
    start, end = BOOK.index("    single_words:\n"), BOOK.index("    codes:\n")
    with pytest.raises(CodebookError) as raised:
        parse_codebook(f"{BOOK[:start]}    single_words: {written}\n{BOOK[end:]}", "small.yaml")
    assert error in str(raised.value)
    assert str(raised.value).startswith("small.yaml:")


def test_a_text_of_a_hundred_thousand_words_is_added_up(small):
    text = " ".join(f"woord{number} feest{number}" for number in range(50_000)) + " vacature"
    assert scores(small, text)["theme.work"] == pytest.approx(8 / sqrt(100_001), rel=1e-3)
