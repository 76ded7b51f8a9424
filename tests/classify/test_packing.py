"""Scores of all codes in one integer are what a loop over the codes adds up, and reach their thresholds as it would."""

import random

import pytest

from classify.packing import WHOLE, Packing, pack

DRAW = random.Random(7)  # noqa: S311 (the same numbers every time, nothing secret)
CODES = 5


def drawn(most=100_000):
    return [DRAW.randint(-most, most) / 1_000 for _ in range(CODES)]


def total_of(packing, *weights, share=WHOLE):
    return packing.start + sum(share * pack(enumerate(one)) for one in weights)


def test_packed_weights_add_up_as_in_a_loop():
    for _ in range(200):
        packing, weights = Packing(drawn(), drawn()), [drawn() for _ in range(20)]
        total = total_of(packing, *weights)
        expected = [sum(one[code] for one in weights) for code in range(CODES)]
        assert packing.scores(total, range(CODES)) == pytest.approx(expected)
        assert packing.scores(total, [3, 1]) == pytest.approx([expected[3], expected[1]])


def test_a_code_is_reached_from_its_threshold_on():
    thresholds = [2.0, 2.001, 1.999, -5.0, 0.0]
    packing = Packing(thresholds, [0.0] * CODES)
    total = total_of(packing, [2.0, 2.0, 2.0, -5.001, 0.0])
    assert [bool(total & packing.reached([code])) for code in range(CODES)] == [
        True,
        False,
        True,
        False,
        True,
    ]


def test_a_third_of_three_thresholds_is_a_threshold():
    packing = Packing([1.5], [0.0])
    for parts in range(1, 50):
        total = packing.start + round(WHOLE / parts) * pack([(0, 1.5 * parts)])
        assert total & packing.reached([0]), parts
        assert not total - WHOLE * pack([(0, 0.001)]) & packing.reached([0]), parts


def test_the_strongest_is_the_first_of_those_with_the_highest_score_and_lead():
    for _ in range(200):
        leads, weights = drawn(2_000), [round(score) / 4 for score in drawn(8_000)]
        packing = Packing(drawn(), [round(lead) / 4 for lead in leads])
        led = [weight + round(lead) / 4 for weight, lead in zip(weights, leads, strict=True)]
        order = DRAW.sample(range(CODES), 3)
        expected = max(order, key=lambda code: led[code])
        assert packing.strongest(total_of(packing, weights), order) == expected
