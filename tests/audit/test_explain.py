"""`uitzicht explain` for a post of a study."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from audit.commands.explain import command as explain
from audit.study import Study
from tests.audit.studies import Seen, Told, make_study
from warehouse.errors import QueryError

URL = "https://instagram.example/school/school-0"


@pytest.fixture
def study(tmp_path: Path) -> Study:
    """Return a study with a post that has several hashtags."""
    tags = {"hashtags": ["mbo", "techniek"], "mentions": ["alumni", "bedrijf"]}
    told = Told(text="Wat verdien je als monteur? Startsalaris 2.600 euro #mbo #techniek", facts=tags)
    return make_study(tmp_path, [Seen(institution="School", account="school", posts=(told,))])


@pytest.mark.parametrize("post", ["instagram/school-0", URL, f"{URL}/"])
def test_a_post_of_a_study_is_explained_by_its_id_or_its_address(study: Study, post: str) -> None:
    done = CliRunner().invoke(explain, [post, "--study", str(study.folder), "--json"], catch_exceptions=False)
    told = json.loads(done.stdout)
    assert told["id"] == "school-0"
    assert told["primary"] == "labour_market"


def test_a_post_that_a_study_does_not_hold_is_named_with_the_nearest(study: Study) -> None:
    done = CliRunner().invoke(explain, ["instagram/school-9", "--study", str(study.folder)])
    assert isinstance(done.exception, QueryError)
    assert "instagram/school-9 is no post" in str(done.exception)
    assert "instagram/school-0" in str(done.exception)
