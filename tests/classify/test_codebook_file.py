"""Codebooks from YAML: every fault is a sentence with file, line, value and expectation."""

import time

import pytest

from classify.codebook import Wording
from classify.codebook_file import default_codebook, parse_codebook, read_codebook
from classify.coder import Coder
from classify.errors import CodebookError
from classify.unit import Unit

BOOK = """
words:
  negation: geen
  event: {nl: open~dag, en: open~day}
dimensions:
  theme:
    order: [open_day, mood]
    otherwise: other
    codes:
      open_day:
        definition: An open day.
        rules:
          - {rule: event, any: "{event}", weight: 2, negation: 2}
      mood:
        definition: A mood.
        rules:
          - {rule: fun, any: feest, weight: 3}
          - {rule: beside, given: theme.open_day, weight: -2}
      other: {definition: Nothing.}
"""


def code(book: str, text: str, language: str = "nl", **facts: str) -> tuple[str, ...]:
    return Coder(parse_codebook(book)).code_unit(Unit(id="1", text=text, language=language, **facts)).themes


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("weight: 2,", "weight: heavy,", "codebook.yaml:13: 'heavy'; expected a number from -100 to 100"),
        ("weight: 2,", "wait: 2,", "codebook.yaml:13: 'wait' is not known here; expected also, any"),
        ('"{event}"', '"{evnt}"', "codebook.yaml:13: rule event names 'evnt'; no such word list"),
        ("any: feest", "any: '/[a-/'", "codebook.yaml:17: RE2 refuses the pattern '[a-'"),
        ("any: feest", "any: '/(a+)+(?=b)/'", "RE2 refuses the pattern"),
        (
            "rule: fun",
            "rule: event",
            "codebook.yaml:17: rule event is given twice; the first is at codebook.yaml:13",
        ),
        ("rule: fun, any: feest", "rule: fun", "rule fun looks at nothing; expected any, post or given"),
        ("given: theme.open_day", "given: theme.opn_day", "asks for 'theme.opn_day'; expected a code or"),
        (
            "given: theme.open_day",
            "given: length.kort",
            "asks for 'length.kort'; expected length.none or length.short",
        ),
        (
            "given: theme.open_day",
            "not_given: has.video, given: style.small",
            "asks for 'has.video'; expected has.title",
        ),
        ("given: theme.open_day", "given: platform", "asks for 'platform'; expected a code or platform.…"),
        (
            "given: theme.open_day",
            "given: coauthored.yes",
            "asks for 'coauthored.yes'; expected a code or platform.…, media.…",
        ),
        (
            "given: theme.open_day",
            "given: theme.mood",
            "scores theme.mood by a code that is decided after it",
        ),
        (
            "order: [open_day, mood]",
            "order: [open_day, moods]",
            "codebook.yaml:7: theme names 'moods'; expected one",
        ),
        ("otherwise: other", "otherwise: rest", "theme names 'rest'; expected one of its codes"),
        ("weight: 3}", "weight: 3, field: body}", "field 'body'; expected some of title, text"),
        ("weight: 3}", "weight: 3, also: {theme.x: 1}}", "rule fun scores 'theme.x'; no such code"),
        ("negation: geen\n", "", "rule event has a negation; expected a word list named negation"),
        (
            "event: {nl: open~dag",
            "event: {xx: open~dag",
            "'xx' is not known here; expected any, de, en, fr, nl",
        ),
        (
            "nl: open~dag",
            "nl: '{event} dag'",
            "codebook.yaml:4: word lists name each other in a circle: event → event",
        ),
        ("definition: A mood.", "promising: {mbo: ja}", "codebook.yaml:15: 'ja'; expected true or false"),
        ("definition: A mood.", "definition: A mood.\n        definition: B", "'definition' is given twice"),
        ("any: feest", "any: &a feest", "has an anchor or alias"),
        ("      other:", "     other:", "is no YAML"),
        ("theme:\n", "Theme!:\n", "name 'Theme!'; expected small letters, digits and _"),
    ],
)
def test_faults_are_sentences(old, new, problem):
    assert old in BOOK
    with pytest.raises(CodebookError) as caught:
        Coder(parse_codebook(BOOK.replace(old, new)))
    assert problem in str(caught.value)


def test_files_that_are_none(tmp_path):
    missing, binary, empty = (tmp_path / name for name in ("missing.yaml", "binary.yaml", "empty.yaml"))
    binary.write_bytes(b"\xff\xfe\x00")
    empty.write_text("")
    for path, problem in ((missing, "cannot be read"), (binary, "is no UTF-8"), (empty, "is empty")):
        with pytest.raises(CodebookError, match=problem):
            read_codebook(path)


def test_word_lists_come_from_its_own_folder_only(tmp_path):
    book = tmp_path / "book.yaml"
    book.write_text("uses: [../secret.yaml]\ndimensions: {}\n")
    with pytest.raises(CodebookError, match=r"expected a \.yaml file in the codebook's own folder"):
        read_codebook(book)


def test_rules():
    assert code(BOOK, "Morgen open dag") == ("open_day",)
    assert code(BOOK, "Morgen geen open dag") == ("other",)
    assert code(BOOK, "Morgen feest") == ("mood",)
    assert code(BOOK, "Open dag en feest") == ("open_day",), "beside an open day a party weighs less"


def test_language_chooses_the_rules():
    assert code(BOOK, "open day", "en") == ("open_day",)
    assert code(BOOK, "open day", "nl") == ("other",)
    assert code(BOOK, "open day", "und") == ("open_day",)


@pytest.mark.parametrize(
    ("rule", "text", "facts", "fires"),
    [
        ("any: baan, near: werk", "een baan en werk", {}, True),
        ("any: baan, near: werk", "een baan. En werk", {}, False),
        ("any: baan, near: [werk, goed]", "goed werk, een baan", {}, True),
        ("any: baan, near: [werk, goed]", "werk, een baan", {}, False),
        ("any: baan, unless: kart", "een baan om te kart", {}, False),
        ("any: baan, unless: kart", "een baan. Om te kart", {}, True),
        ("any: baan, post: werk", "een baan. En werk", {}, True),
        ("any: baan, unless_post: kart", "een baan. Om te kart", {}, False),
        ("any: baan, times: 2", "baan na baan", {}, True),
        ("any: baan, times: 2", "een baan", {}, False),
        ("any: baan, field: title", "een baan", {}, False),
        ("any: baan, field: title", "", {"title": "een baan"}, True),
        ("any: baan, field: transcript", "", {"transcript": "een baan"}, True),
        ("any: baan, field: alt_text", "", {"alt_text": "een baan"}, True),
        ("any: baan, field: hashtags", "leuk #baan #werk", {}, True),
        ("any: baan, field: opening", "een baan. Ja", {}, True),
        ("any: baan, field: opening", "ja werk. Een baan", {}, False),
        ("any: baan, given: platform.tiktok", "een baan", {"platform": "tiktok"}, True),
        ("any: baan, given: platform.tiktok", "een baan", {"platform": "youtube"}, False),
        ("any: baan, not_given: platform.tiktok", "een baan", {"platform": "tiktok"}, False),
        ("given: run_by.students", "wat dan ook", {"run_by": "students"}, True),
        ("given: run_by.students", "wat dan ook", {"run_by": "institution"}, False),
        ("given: [level.mbo, scope.programme]", "x", {"level": "mbo", "scope": "programme"}, True),
        ("given: has.transcript", "x", {"transcript": "y"}, True),
        ("given: length.long", "woord " * 90, {}, True),
        ("any: baan, language: en", "een baan", {}, False),
    ],
)
def test_conditions(rule, text, facts, fires):
    book = f"""
words: {{other: [werk, ja]}}
dimensions:
  theme:
    codes:
      found:
        definition: x
        threshold: 1
        rules: [{{rule: one, {rule}, weight: 1}}, {{rule: two, any: "{{other}}", weight: 0.1}}]
"""
    assert (code(book, text, **facts) == ("found",)) is fires


def test_coauthors_are_a_fact():
    book = "dimensions: {theme: {codes: {found: {rules: [{rule: a, given: has.coauthors, weight: 2}]}}}}"
    coder = Coder(parse_codebook(book))
    assert coder.code_unit(Unit(id="1", text="x", coauthors=("a",), language="nl")).themes == ("found",)
    assert coder.code_unit(Unit(id="1", text="x", language="nl")).themes == ()


def test_a_study_changes_adds_and_switches_off(tmp_path):
    study = tmp_path / "ours.yaml"
    study.write_text(
        """
codebook: ours
extends: default
words:
  open_event: kijkje in de keuken
off: [taster]
dimensions:
  theme:
    codes:
      atmosphere:
        rules:
          - {rule: our_goat, any: geit truus, weight: 5}
""",
        encoding="utf-8",
    )
    ours, default = Coder(read_codebook(study)), Coder()
    assert ours.codebook.version != default.codebook.version
    unit = Unit(id="1", platform="website", text="Vrijdag: kijkje in de keuken. Tot dan!", language="nl")
    assert "open_day" in ours.code_unit(unit).themes
    assert "open_day" not in default.code_unit(unit).themes
    goat = Unit(id="2", platform="website", text="Geit Truus!", language="nl")
    assert ours.code_unit(goat).themes == ("atmosphere",)
    assert "taster" not in {rule.name for rule in ours.codebook.rules}
    assert "taster" in {rule.name for rule in default.codebook.rules}


def test_a_study_words_a_code_anew_and_translations_of_the_old_wording_go(tmp_path):
    study = tmp_path / "ours.yaml"
    study.write_text(
        """
extends: default
dimensions:
  theme:
    codes:
      open_day:
        name: {en: Visits}
        include: [a tour]
      programme:
        fr: {definition: Ce que les étudiants apprennent.}
""",
        encoding="utf-8",
    )
    ours = {code.code: code for code in read_codebook(study).codes}
    default = {code.code: code for code in default_codebook().codes}
    visits, programme = ours["theme.open_day"], ours["theme.programme"]
    assert visits.names == {"nl": "open dag", "en": "Visits"}
    assert visits.worded("nl") == visits.wording
    assert (visits.wording.include, visits.wording.exclude) == (
        ("a tour",),
        default["theme.open_day"].wording.exclude,
    )
    assert programme.worded("fr").definition == "Ce que les étudiants apprennent."
    assert programme.worded("nl") == default["theme.programme"].worded("nl") != programme.wording


def test_what_a_study_says_of_a_known_code_counts(tmp_path):
    study = tmp_path / "ours.yaml"
    study.write_text(
        """
extends: default
dimensions:
  theme:
    definition: What is it about?
    codes:
      labour_market: {name: {nl: Werk}, definition: Work., include: [pay], exclude: [school], threshold: 2, lead: 0}
      open_day: {rules: [{rule: ours, any: geit, weight: 1}]}
  sector:
    codes:
      health: {promising: {mbo: false}}
""",
        encoding="utf-8",
    )
    ours, default = (
        {code.code: code for code in codebook.codes}
        for codebook in (read_codebook(study), default_codebook())
    )
    work, before = ours["theme.labour_market"], default["theme.labour_market"]
    assert (work.threshold, work.lead) == (2.0, 0.0)
    assert (before.threshold, before.lead) not in {(2.0, 0.0)}, "else this test says nothing"
    assert work.worded("nl") == Wording(definition="Work.", include=("pay",), exclude=("school",))
    assert work.names == {**before.names, "nl": "Werk"}
    assert work.rules == before.rules
    assert ours["sector.health"].promising == {"mbo": False, "hbo": True}
    day, known = ours["theme.open_day"], default["theme.open_day"]
    assert (day.threshold, day.lead, day.wording) == (known.threshold, known.lead, known.wording)
    assert read_codebook(study).version != default_codebook().version
    assert read_codebook(study).dimension("theme").definition == "What is it about?"


@pytest.mark.parametrize(
    ("written", "promising"),
    [("true", True), ("True", True), ('"true"', True), ("yes", True), ("false", False), ("NO", False)],
)
def test_promising_is_read_however_yaml_writes_it(written, promising):
    book = BOOK.replace("definition: A mood.", f"promising: {{mbo: {written}}}")
    (mood,) = (one for one in parse_codebook(book).codes if one.name == "mood")
    assert mood.promising == {"mbo": promising}


def test_a_study_weighs_words_and_facts_of_the_tools_own_codes_anew(tmp_path):
    study = tmp_path / "ours.yaml"
    study.write_text(
        """
extends: default
dimensions:
  theme:
    weights:
      length.short: {programme: -0.5, labour_market: 0.1}
    single_words:
      labour_market:
        0: vacatures
        3: geit
"""
    )
    ours, default = read_codebook(study), default_codebook()
    assert [code.code for code in ours.codes] == [code.code for code in default.codes]
    (rule,) = (rule for rule in ours.rules if rule.name == "says_length_short_of_theme")
    assert (rule.code, rule.weight) == ("theme.programme", -0.5)
    assert rule.also == (("theme.labour_market", 0.1),)
    (known,) = (rule for rule in default.rules if rule.name == "says_length_short_of_theme")
    assert known.code != rule.code, "else this test says nothing"
    said, before = (
        {
            one.source: one.weight
            for code in book.codes
            for one in code.single_words
            if code.name == "labour_market"
        }
        for book in (ours, default)
    )
    assert before["vacatures"] > 0
    assert said == before | {"vacatures": 0, "geit": 3}
    assert {code.wording.definition for code in ours.codes} == {
        code.wording.definition for code in default.codes
    }


def test_a_study_names_the_codes_of_a_dimension_of_its_own(tmp_path):
    study = tmp_path / "ours.yaml"
    study.write_text("extends: default\ndimensions:\n  tone: {definition: How it sounds.}\n")
    with pytest.raises(CodebookError, match=r"ours\.yaml:3: codes is missing"):
        read_codebook(study)


def test_a_study_cannot_give_one_name_to_two_of_its_rules(tmp_path):
    study = tmp_path / "ours.yaml"
    study.write_text(
        """
extends: default
dimensions:
  theme:
    codes:
      open_day:
        rules:
          - {rule: ours, any: kijkje, weight: 1}
          - {rule: ours, any: rondleiding, weight: 1}
"""
    )
    with pytest.raises(
        CodebookError, match=r"ours\.yaml:9: rule ours is given twice; the first is at ours\.yaml:8"
    ):
        read_codebook(study)


def test_a_study_cannot_switch_off_what_is_not_there(tmp_path):
    study = tmp_path / "ours.yaml"
    study.write_text("extends: default\noff: [no_such_rule]\n")
    with pytest.raises(
        CodebookError, match=r"ours.yaml:2: off names 'no_such_rule'; expected the name of a rule"
    ):
        read_codebook(study)


def test_the_version_changes_with_the_content_only():
    base = parse_codebook(BOOK).version
    assert parse_codebook("# a remark\n" + BOOK).version == base
    for old, new in (
        ("weight: 3", "weight: 4"),
        ("feest", "fuif"),
        ("An open day.", "A day."),
        ("[open_day, mood]", "[mood, open_day]"),
    ):
        if old.startswith("["):
            changed = BOOK.replace(old, new).replace("given: theme.open_day", "given: platform.x")
            assert parse_codebook(changed).version != base
        else:
            assert parse_codebook(BOOK.replace(old, new)).version != base


def test_the_default_codebook_reads_quickly():
    start = time.process_time()
    Coder(default_codebook.__wrapped__())
    assert time.process_time() - start < 5
