"""What single word lists say of the codes: read, added up, shown; and which code leads."""

import pytest

from classify.codebook_file import parse_codebook
from classify.coder import Coder
from classify.errors import CodebookError
from classify.explain import explain
from classify.unit import Unit

BOOK = """
codebook: small
words:
  party: feest*, taart
  work: baan, salaris
dimensions:
  theme:
    definition: What it is about.
    order: [labour_market, atmosphere]
    weights:
      party: {atmosphere: 1.5, labour_market: -0.5}
      work: {labour_market: 1.2}
      style.small: {atmosphere: 0.25}
    codes:
      labour_market: {definition: Work., threshold: 1, lead: LEAD, rules: [{rule: job, any: baan, weight: 0.1}]}
      atmosphere: {definition: Fun., threshold: 1, rules: [{rule: fun, any: feest, weight: 0.1}]}
"""


def small(lead="0"):
    return Coder(parse_codebook(BOOK.replace("LEAD", lead), "small.yaml"))


def code(coder, text):
    return coder.code_unit(Unit(id="1", text=text, language="nl"))


def test_a_list_adds_to_every_code_it_speaks_of():
    scores = code(small(), "Feest met taart").scores
    assert scores == {"theme.labour_market": -0.5, "theme.atmosphere": pytest.approx(1.6)}


def test_facts_have_weights_too():
    assert code(small(), "feest").scores["theme.atmosphere"] == pytest.approx(1.85)
    assert code(small(), "Feest").scores["theme.atmosphere"] == pytest.approx(1.6)


def test_lead_decides_between_codes_that_both_hold():
    text = "Een baan met salaris, en taart en feest toe"
    weights = BOOK.replace("labour_market: -0.5", "labour_market: -0.1")
    primary = {
        lead: code(Coder(parse_codebook(weights.replace("LEAD", lead), "b.yaml")), text).primary
        for lead in ("0", "2")
    }
    assert primary == {"0": "atmosphere", "2": "labour_market"}


def test_another_lead_is_another_version():
    assert small("0").codebook.version != small("2").codebook.version


def test_what_a_list_says_is_shown_for_each_code():
    findings = explain(small(), Unit(id="1", text="Wat een feest", language="nl")).findings
    said = {(one.code, one.weight, one.words) for one in findings if one.rule == "says_party_of_theme"}
    assert said == {("theme.atmosphere", 1.5, "feest"), ("theme.labour_market", -0.5, "feest")}


@pytest.mark.parametrize(
    ("weights", "error"),
    [
        ("party: {weather: 1}", "small.yaml:11: weights of 'party' are for 'weather'"),
        ("party: {}", "small.yaml:11: weights of 'party' are for nothing"),
        ("party: {atmosphere: 1000}", "expected a number from -100 to 100"),
        ("nobody: {atmosphere: 1}", "rule says_nobody_of_theme names 'nobody'; no such word list"),
        ("moon.full: {atmosphere: 1}", "asks for 'moon.full'"),
    ],
)
def test_what_is_wrong_with_weights(weights, error):
    text = BOOK.replace("LEAD", "0").replace("party: {atmosphere: 1.5, labour_market: -0.5}", weights)
    with pytest.raises(CodebookError) as raised:
        Coder(parse_codebook(text, "small.yaml"))
    assert error in str(raised.value)
