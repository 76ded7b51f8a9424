"""Agreement: alpha, kappa, F1 against worked figures and the krippendorff package."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from classify.gold import Answers
from classify.reliability import cohen_kappa, compare, f1, krippendorff_alpha, precision, quick_alpha, recall

PAIRS = st.lists(st.tuples(st.booleans(), st.booleans()), min_size=2, max_size=60)


def flags(*values: int) -> np.ndarray:
    return np.array(values, dtype=bool)


def answers(*themes: str) -> list[Answers]:
    return [Answers(codes={"theme": tuple(one.split("+"))}, primary=one.split("+")[0]) for one in themes]


def test_worked_figures():
    reference, tested = flags(1, 1, 1, 0, 0, 0, 0, 0, 0, 0), flags(1, 1, 0, 1, 0, 0, 0, 0, 0, 0)
    assert precision(reference, tested) == pytest.approx(2 / 3)
    assert recall(reference, tested) == pytest.approx(2 / 3)
    assert f1(reference, tested) == pytest.approx(2 / 3)
    assert cohen_kappa(reference, tested) == pytest.approx((0.8 - 0.58) / 0.42)
    assert quick_alpha(reference, tested) == pytest.approx(1 - 0.2 / (2 * 6 * 14 / (20 * 19)))


@given(PAIRS)
def test_the_closed_form_is_krippendorffs_alpha(pairs):
    first, second = (np.array(side, dtype=bool) for side in zip(*pairs, strict=True))
    quick, slow = quick_alpha(first, second), krippendorff_alpha(first, second)
    assert (math.isnan(quick) and math.isnan(slow)) or quick == pytest.approx(slow)


def test_nothing_given_has_no_figure():
    none, some = flags(0, 0), flags(1, 0)
    assert all(
        math.isnan(measure(none, none)) for measure in (precision, recall, f1, cohen_kappa, quick_alpha)
    )
    assert recall(some, none) == 0
    assert f1(some, none) == 0


def test_a_report():
    reference = answers("a", "a+b", "b", "other", "a", "b", "a", "other")
    tested = answers("a", "a", "b", "other", "b", "b", "a", "a")
    report = compare(
        reference, tested, dimension="theme", codes=("a", "b", "other"), macro=("a", "b"), samples=500
    )
    by_code = {one.code: one for one in report.codes}
    assert by_code["a"].support == 4
    assert by_code["a"].f1.value == pytest.approx(6 / 8)
    assert by_code["b"].f1.value == pytest.approx(4 / 6)
    assert report.macro_f1.value == pytest.approx((6 / 8 + 4 / 6) / 2)
    assert report.primary.value == pytest.approx(6 / 8)
    assert report.exact.value == pytest.approx(5 / 8)
    for interval in (by_code["a"].f1, by_code["a"].alpha, report.macro_f1, report.primary):
        assert interval.low <= interval.value <= interval.high


def test_intervals_do_not_vary_and_narrow_with_more_posts():
    few, many = answers(*["a", "b"] * 10), answers(*["a", "b"] * 200)
    wrong = [answers("b")[0] if number % 5 == 0 else one for number, one in enumerate(many)]
    options = {"dimension": "theme", "codes": ("a", "b"), "samples": 300}
    narrow = compare(many, wrong, **options).macro_f1
    assert narrow == compare(many, wrong, **options).macro_f1
    wide = compare(few, wrong[:20], **options).macro_f1
    assert narrow.high - narrow.low < wide.high - wide.low
