"""The gate: how the rules agree with people on the posts of fictional institutions. Floors only go up.

The posts of part `write` were read while rules were written; those of part `check` never were. The posts of
`dev_posts.jsonl` and `practice_posts.jsonl` are development material: they are kept complete, not reported on. Those of
`calibration_posts.jsonl` set thresholds and nothing else; those of `varied_posts.jsonl` set nothing, and show how the
rules do where posts are written otherwise.
"""

import json
from pathlib import Path

import pytest

from classify.gold import Answers, read_gold
from classify.reliability import compare

GOLD = Path(__file__).parent.parent / "gold"
THEMES = ("labour_market", "open_day", "student_made", "programme", "atmosphere")
FLOORS = {
    "write": {"macro": 0.91, "labour_market": 0.98, "open_day": 0.98, "primary": 0.88},
    "check": {"macro": 0.82, "labour_market": 0.87, "open_day": 0.82, "primary": 0.76},
    "calibration": {"macro": 0.78, "labour_market": 0.85, "open_day": 0.84, "primary": 0.71},
    "unread": {"macro": 0.79, "labour_market": 0.83, "open_day": 0.86, "primary": 0.73},
    "varied": {"macro": 0.74, "labour_market": 0.78, "open_day": 0.80, "primary": 0.66},
}


@pytest.fixture(scope="module")
def gold():
    return read_gold(GOLD / "posts.jsonl", GOLD / "coders.jsonl")


@pytest.fixture(scope="module")
def part_of():
    lines = (GOLD / "posts.jsonl").read_text(encoding="utf-8").splitlines()
    return {post["id"]: post["part"] for post in map(json.loads, lines)}


@pytest.mark.parametrize("part", FLOORS)
def test_floor(coder, gold, part_of, part):
    coded = gold if part in part_of.values() else read_gold(GOLD / f"{part}_posts.jsonl")
    units = [unit for unit in coded.units if part_of.get(unit.id, part) == part]
    answers = [Answers(codes=coding.codes, primary=coding.primary) for coding in coder.code(units)]
    settled = [coded.settled[unit.id] for unit in units]
    report = compare(settled, answers, dimension="theme", codes=THEMES, samples=20)
    reached = {one.code: one.f1.value for one in report.codes}
    reached |= {"macro": report.macro_f1.value, "primary": report.primary.value}
    assert {
        name: round(reached[name], 3) for name, floor in FLOORS[part].items() if reached[name] < floor
    } == {}


def test_the_set_is_what_it_says(gold, part_of):
    assert len(gold.units) == 304
    assert set(part_of.values()) == {"write", "check"}
    assert set(gold.coders) == {"A", "B"}


@pytest.mark.parametrize(
    ("name", "count"),
    [
        ("dev_posts.jsonl", 600),
        ("practice_posts.jsonl", 3_360),
        ("calibration_posts.jsonl", 1_080),
        ("unread_posts.jsonl", 1_080),
        ("varied_posts.jsonl", 6_157),
    ],
)
def test_development_posts_are_apart_from_the_gold_standard(gold, name, count):
    posts = read_gold(GOLD / name)
    assert len(posts.units) == count == len({unit.id for unit in posts.units})
    assert {unit.id for unit in posts.units}.isdisjoint(unit.id for unit in gold.units)
    assert {unit.text for unit in posts.units if len(unit.text) > 40}.isdisjoint(
        unit.text for unit in gold.units
    )


def test_people_agree_better_than_the_bar(gold):
    ids = [unit.id for unit in gold.units]
    first, second = ([gold.coders[name][unit] for unit in ids] for name in "AB")
    assert compare(first, second, dimension="theme", codes=THEMES, samples=20).macro_alpha.value > 0.80
