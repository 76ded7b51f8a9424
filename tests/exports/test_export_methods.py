"""The methods section of a study with a hand-coded sample: who agreed with whom, and what it corrects."""

from __future__ import annotations

import re
from pathlib import Path

import pandas as pd
import pytest

from audit.export.methods import methods, read_basis
from audit.sheets.sampled import SampleOf
from audit.steps.sample import draw, keep, read_files, write_sheets
from audit.study import Study
from tests.audit.studies import make_study
from tests.audit.test_sample import SIZE, Truth, fill, schools, themes_of
from tests.exports.conftest import KEY, about
from warehouse import run
from warehouse.exports import export


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Study:
    return make_study(tmp_path_factory.mktemp("sampled") / "study", schools())


def code_by_hand(study: Study, sample: SampleOf, truths: dict[str, Truth]) -> None:
    paths = {coder: study.folder / f"{coder}.xlsx" for coder in truths}
    write_sheets(study, sample, paths, shape="xlsx")
    for coder, truth in truths.items():
        fill(paths[coder], truth)
    keep(study, sample, read_files(study, sample, paths.values()))


def test_it_says_how_reliable_the_coding_is_and_whether_shares_are_corrected(study: Study) -> None:
    said = themes_of(study)
    sample = draw(study, size=SIZE, seed=1, coders=["anna", "ben"])
    odd = next(unit for unit in sample.units["unit"] if said[unit] == ("labour_market",))

    def other(unit: str) -> tuple[str, ...]:
        return ("atmosphere",) if unit == odd else said[unit]

    code_by_hand(study, sample, {"anna": said.__getitem__, "ben": other})
    disputed = read_basis(study, "uitzicht test")
    found = disputed.reliability
    assert found is not None
    assert (found.n_posts, found.n_coders, found.n_shared, found.n_settled) == (SIZE, 2, SIZE, SIZE - 1)
    assert found.between is not None
    assert 0.8 < found.between.alpha.value < 1
    english, dutch = methods(disputed, "en"), methods(disputed, "nl")
    assert f"A random sample of {SIZE} posts, stratified" in english
    assert f"coded by hand by 2 coders, blind to the rules' codes; {SIZE - 1} were settled" in english
    assert f"agreed on {SIZE} posts with Krippendorff's alpha {found.between.alpha}" in english
    assert "what coders disagree on is not all settled" in english
    assert "ongecorrigeerd" in dutch

    code_by_hand(study, sample, {"anna": said.__getitem__, "ben": said.__getitem__})
    settled = read_basis(study, "uitzicht test")
    english, dutch = methods(settled, "en"), methods(settled, "nl")
    assert "Krippendorff's alpha 1.00 [1.00–1.00]" in english
    assert "precision of 1.00 [1.00–1.00]" in english
    assert re.search(
        r"Corrected, labour-market prospects occur in \d+\.\d% of the posts \(95% interval \d", english
    )
    assert "Gecorrigeerd komt arbeidsmarktperspectief voor in" in dutch
    assert "anna" not in english + dutch


def test_who_coded_is_named_in_no_pseudonymised_table(study: Study, tmp_path: Path) -> None:
    if "anna" not in run(study.warehouse, "coders")["coder"].tolist():
        units = draw(study, size=SIZE, seed=1, coders=["anna", "ben"])
        code_by_hand(study, units, dict.fromkeys(("anna", "ben"), themes_of(study).__getitem__))
    export(study.warehouse, tmp_path / "x", about=about(study), shapes=["parquet"], questions=(), key=KEY)
    codings = pd.read_parquet(tmp_path / "x" / "parquet" / "codings.parquet")
    coders = set(codings["coder"])
    assert {"rules", "settled"} <= coders
    assert len(coders) == 4
    assert not coders & {"anna", "ben"}
    samples = pd.read_parquet(tmp_path / "x" / "parquet" / "samples.parquet")
    assert len(samples) == SIZE
    assert set(samples["post"]) <= set(codings["post"])
