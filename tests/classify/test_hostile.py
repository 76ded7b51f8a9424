"""Hostile codebooks and posts: a clear error or a linear run, in bounded time."""

import time
import tracemalloc

import pytest

from classify.codebook_file import parse_codebook, read_codebook
from classify.coder import Coder
from classify.errors import CodebookError
from classify.unit import Unit

BOOK = (
    "words: {{listed: {listed}}}\n"
    "dimensions: {{theme: {{codes: {{found: {{rules: [{{rule: a, any: '{{listed}}', weight: 2}}]}}}}}}}}\n"
)


def build(listed: str) -> Coder:
    return Coder(parse_codebook(BOOK.replace("{listed}'", "{{listed}}'").format(listed=listed)))


def seconds(coder: Coder, text: str) -> float:
    start = time.process_time()
    coding = coder.code_unit(Unit(id="1", text=text, language="nl"))
    coding.evidence  # noqa: B018
    return time.process_time() - start


def test_nested_quantifiers_run_in_linear_time():
    coder = build("['/(a*)*b/', '/(x+x+)+y/', '/(.*.*.*)*z/']")
    assert seconds(coder, "a" * 60 + " " + "x" * 60) < 1
    assert seconds(coder, ("a" * 60 + " ") * 5_000) < 5


def test_nested_gaps_run_in_linear_time():
    coder = build("['a [12] a [12] a [12] a [12] a [12] a [12] b']")
    assert seconds(coder, "a " * 2_000) < 8


@pytest.mark.parametrize(
    ("listed", "problem"),
    [
        ("['/" + "a?" * 500_000 + "/']", "expected at most 800"),
        ("['/(a{1000}){1000}/']", "RE2 refuses the pattern"),
        ("[" + ",".join(f"w{number}" for number in range(100_000)) + "]", "expected fewer"),
        ("[&x a, *x]", "anchor or alias"),
        ("[" * 40 + "]" * 40, "nested deeper"),
        ("['*']", "too open"),
    ],
    ids=["1 MB pattern", "counted repeats", "100,000 terms", "aliases", "deep nesting", "star"],
)
def test_refused_with_a_sentence(listed, problem):
    start = time.process_time()
    with pytest.raises(CodebookError) as caught:
        build(listed)
    assert problem in str(caught.value)
    assert len(str(caught.value)) < 600
    assert time.process_time() - start < 5


def test_aliases_that_multiply_are_refused(tmp_path):
    laughs = ["a: &a [x, x, x, x, x, x, x, x, x]"]
    laughs += [f"{chr(98 + n)}: &{chr(98 + n)} [{', '.join([f'*{chr(97 + n)}'] * 9)}]" for n in range(9)]
    path = tmp_path / "book.yaml"
    path.write_text("\n".join(laughs))
    with pytest.raises(CodebookError, match=r"book.yaml:1: has an anchor or alias"):
        read_codebook(path)


def test_too_large_a_file_is_not_read(tmp_path):
    path = tmp_path / "book.yaml"
    path.write_bytes(b"# " + b"x" * 5_000_000)
    with pytest.raises(CodebookError, match="expected at most 4000000"):
        read_codebook(path)


def test_thirty_thousand_terms_are_read_and_used():
    start = time.process_time()
    coder = build(
        "["
        + ",".join(f"woord{number}*" if number % 2 else f"woord{number}" for number in range(30_000))
        + "]"
    )
    assert coder.code_unit(Unit(id="1", text="het woord29999en", language="nl")).themes == ("found",)
    assert time.process_time() - start < 30


@pytest.mark.parametrize(
    "text",
    [
        "open dag " * 120_000,
        "x" * 1_000_000,
        "#tag" * 250_000,
        " ".join(f"#komnaaronzeopendag{number}" for number in range(10_000)),
        "#" * 1_000_000,
        "\ud83c" * 100_000,
        "\u202e\u202b\u200f" * 100_000 + "gad nepo",
        "👨‍👩‍👧‍👦" * 50_000,
        "a\n" * 400_000,
        "@a." * 300_000,
        "'" * 500_000,
        "." * 1_000_000,
        'ik zei "' * 100_000,
        " ".join(str(number) for number in range(150_000)),
        "ß" * 500_000 + "ﷺ" * 20_000,
        "1." * 400_000,
        "a'" * 400_000,
    ],
    ids=lambda text: ascii(text[:12]),
)
def test_hostile_posts_are_read_in_linear_time(coder, text):
    assert seconds(coder, text) < 20


def test_double_the_text_takes_about_double_the_time(coder):
    texts = ["Kom naar de open dag, wij zoeken een docent. #leuk " * size for size in (5_000, 10_000)]
    seconds(coder, texts[0])
    short, long = (min(seconds(coder, text) for _ in range(3)) for text in texts)
    assert long < 4 * short + 0.1


def test_memory_stays_flat(coder):
    def code(count: int, start: int) -> None:
        for number in range(start, start + count):
            coder.code_unit(
                Unit(id="1", text=f"zin{number} over werk{number} en #tag{number}", language="nl")
            )

    code(2_000, 0)
    tracemalloc.start()
    code(2_000, 10_000)
    first, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert first < 40_000_000


def test_what_is_remembered_is_bounded(coder, monkeypatch):
    monkeypatch.setattr("classify.passage.MOST_REMEMBERED", 100)
    monkeypatch.setattr("classify.reading.MOST_REMEMBERED", 100)
    monkeypatch.setattr("classify.vocabulary._MEMO_LIMIT", 500)
    for number in range(3_000):
        coding = coder.code_unit(Unit(id="1", text=f"zin {number} open dag woord{number}", language="nl"))
        assert "open_day" in coding.themes
    vocabulary = coder.vocabularies["nl"]
    assert len(vocabulary) < 1_000
    assert len(coder.reader._passages["nl"]._remembered) <= 101
    assert len(coder.reader._messages) <= 100


def test_long_messages_are_not_remembered(coder):
    coding = coder.code_unit(Unit(id="1", text="open dag " * 2_000, language="nl"))
    assert coding.reading.message.passages not in coder.reader._messages
    short = coder.code_unit(Unit(id="1", text="open dag " * 20, language="nl"))
    assert short.reading.message.passages in coder.reader._messages
