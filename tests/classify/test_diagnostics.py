"""What is wrong with a codebook, and how its rules do."""

import pytest

from classify.codebook_file import default_codebook, parse_codebook
from classify.coder import Coder
from classify.diagnostics import find_problems, rule_stats
from classify.explain import explain
from classify.unit import Unit

SICK = """
words:
  empty: {nl: ""}
  lonely: woord
  fun: feest
dimensions:
  theme:
    otherwise: other
    codes:
      mood:
        threshold: 2
        rules:
          - {rule: fine, any: "{fun}", weight: 1}
          - {rule: nothing, any: "{empty}", weight: 1}
          - {rule: itself, any: "{fun}", unless: "{fun}", weight: 1}
          - {rule: weightless, any: "{fun}", weight: 0}
        examples: [Wat een feest]
        counterexamples: [Niets]
      far: {threshold: 9, rules: [{rule: small, any: klein, weight: 1}], counterexamples: [klein]}
      near: {threshold: 1, rules: [{rule: big, any: groot, weight: 1}], counterexamples: [Wat een groot feest]}
      other: {definition: x}
"""


def test_each_problem_is_found_and_placed():
    found = {(problem.kind, problem.place) for problem in find_problems(Coder(parse_codebook(SICK)))}
    assert found == {
        ("dead rule", "codebook.yaml:14"),
        ("dead rule", "codebook.yaml:15"),
        ("dead rule", "codebook.yaml:16"),
        ("failing example", "codebook.yaml:17"),
        ("unreachable code", "codebook.yaml:19"),
        ("failing counterexample", "codebook.yaml:20"),
        ("unused list", "codebook.yaml:4"),
    }


@pytest.mark.parametrize(
    ("words", "is_reached"),
    [
        ("9: winkel", True),
        ("5.6: winkel", False),
        ("3: 'winkel, kassa'", True),
        ("3: winkel", False),
        ("0.1: '*winkel'", True),
        ("-9: '*winkel'", False),
    ],
)
def test_a_code_that_single_words_reach_is_not_unreachable(words, is_reached):
    """One of eight distinct words counts for a little more than a third."""
    book = f"""
dimensions:
  theme:
    otherwise: other
    codes: {{shop: {{definition: x, threshold: 2}}, other: {{definition: y}}}}
    single_words: {{shop: {{{words}}}}}
"""
    coder = Coder(parse_codebook(book))
    kinds = [problem.kind for problem in find_problems(coder)]
    assert kinds == ([] if is_reached else ["unreachable code"])
    if "*" not in words:
        given = coder.code_unit(Unit(id="1", text="winkel kassa", language="nl")).themes
        assert (given == ("shop",)) is is_reached


def test_the_default_codebook_is_sound(coder):
    assert [str(problem) for problem in find_problems(coder)] == []


def test_every_code_says_what_it_means():
    codebook = default_codebook()
    assert [code.code for code in codebook.codes if not code.wording.definition] == []
    themes = [code for code in codebook.codes if code.code.startswith("theme.")]
    assert [
        code.code for code in themes if not (code.wording.include and code.examples and code.counterexamples)
    ] == []
    assert [code.code for code in codebook.codes if not code.examples] == []


def test_every_code_says_in_dutch_what_it_means():
    for code in default_codebook().codes:
        dutch, english = code.worded("nl"), code.wording
        assert dutch.definition != english.definition, code.code
        lines = (len(dutch.include), len(dutch.exclude))
        assert lines == (len(english.include), len(english.exclude)), code.code


def test_rule_stats():
    book = parse_codebook(
        """
dimensions:
  theme:
    otherwise: other
    codes:
      mood:
        threshold: 1
        rules:
          - {rule: party, any: feest, weight: 1}
          - {rule: cake, any: taart, weight: 1}
          - {rule: not_exam, any: examen, weight: -1}
          - {rule: never, any: nooit, weight: 1}
      other: {definition: x}
"""
    )
    texts = ["feest", "feest en taart", "feest en examen", "examen"]
    units = [Unit(id=str(number), text=text, language="nl") for number, text in enumerate(texts)]
    gold = {"0": {"theme": ("mood",)}, "1": {"theme": ("mood",)}, "2": {"theme": ("other",)}}
    stats = {one.rule: one for one in rule_stats(Coder(book), units, gold)}
    assert (stats["party"].fired, stats["party"].coverage, stats["party"].alone, stats["party"].conflict) == (
        3,
        0.75,
        2,
        1,
    )
    assert stats["party"].precision == pytest.approx(2 / 3)
    assert stats["not_exam"].precision == 0
    assert (stats["never"].fired, stats["never"].precision) == (0, None)


HARD = {
    "fired": ("Zaterdag is de open dag", "open_event", "fired", "", "open dag"),
    "denied": ("Deze keer geen open dag", "open_event", "cancelled", "a denial of open_event", "open dag"),
    "near": ("Het vak is mooi. Onze studenten niet", "programme_students", "missed", "no student", "vak"),
    "vacancy": (
        "Wij zoeken een docent, met baangarantie",
        "job_chance",
        "cancelled",
        "own_vacancy",
        "baangarantie",
    ),
}


@pytest.mark.parametrize(("text", "rule", "status", "reason", "words"), HARD.values(), ids=HARD)
def test_explains_what_became_of_a_rule(coder, text, rule, status, reason, words):  # noqa: PLR0917
    found = explain(coder, Unit(id="1", text=text, language="nl"))
    finding = next(one for one in found.findings if one.rule == rule)
    assert finding.status == status
    assert reason in finding.reason
    assert text[finding.start : finding.end] == finding.words
    assert words in finding.words


def test_explains_every_code(coder):
    found = explain(coder, Unit(id="1", text="Zaterdag is de open dag", language="nl"))
    assert [verdict.code for verdict in found.verdicts] == [code.code for code in coder.codebook.codes]
    open_day = next(verdict for verdict in found.verdicts if verdict.code == "theme.open_day")
    assert open_day.given
    assert open_day.is_primary
    assert open_day.score >= open_day.threshold
    assert found.as_record()["themes"] == ["open_day"]
