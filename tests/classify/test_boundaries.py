"""The codebook's boundaries, decided: each row of its table by at least two posts."""

from pathlib import Path

import pytest
import yaml

from classify.unit import Unit

ROWS = yaml.safe_load((Path(__file__).parent / "boundaries.yaml").read_text(encoding="utf-8"))
POSTS = [(row["case"], number, post) for row in ROWS for number, post in enumerate(row["posts"])]
EXPECTED = ("is", "not", "primary")


def test_every_row_has_two_posts():
    assert len(ROWS) > 50
    assert [row["case"] for row in ROWS if len(row["posts"]) < 2] == []


@pytest.mark.parametrize(
    ("case", "number", "post"), POSTS, ids=[f"{case} {number}" for case, number, _ in POSTS]
)
def test_boundary(coder, case, number, post):
    texts = {"platform": "instagram"} | {name: value for name, value in post.items() if name not in EXPECTED}
    coding = coder.code_unit(Unit(id=f"{case} {number}", **texts))
    assert set(post.get("is", ())) - set(coding.themes) == set(), coding.scores
    assert set(post.get("not", ())) & set(coding.themes) == set(), [
        part.as_record() for part in coding.evidence
    ]
    if "primary" in post:
        assert coding.primary == post["primary"], coding.scores
