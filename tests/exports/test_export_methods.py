"""The methods section of a study with a hand-coded sample: who agreed with whom, and what it corrects."""

from __future__ import annotations

import re
from pathlib import Path

import pandas as pd
import pytest
from click.testing import CliRunner
from openpyxl import load_workbook

from audit.cli import uitzicht
from audit.export.methods import methods, read_basis
from audit.sheets.sampled import SampleOf
from audit.steps.sample import draw, keep, read_files, write_sheets
from audit.study import Study
from tests.audit.studies import Seen, make_study, posts
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
    assert "alfa van 1,00 [1,00–1,00]" in dutch
    assert "by the jackknife" in english and "by the jackknife" not in methods(disputed, "en")
    assert "anna" not in english + dutch


def test_a_sample_that_is_coded_in_part_is_said_to_be(tmp_path: Path) -> None:
    study = make_study(tmp_path / "study", schools())
    sample = draw(study, size=SIZE, seed=1, coders=["anna"])
    path = study.folder / "anna.xlsx"
    write_sheets(study, sample, {"anna": path}, shape="xlsx")
    fill(path, themes_of(study).__getitem__)
    book = load_workbook(path)
    book.worksheets[0].delete_rows(3 + 20, SIZE)
    book.save(path)
    keep(study, sample, read_files(study, sample, [path]))
    english = methods(read_basis(study, "uitzicht test"), "en")
    assert "was drawn; 20 of them were coded by hand by one coder" in english


@pytest.mark.parametrize("days", [(), ("--since", "2026-10-01", "--until", "2026-11-10")])
def test_the_methods_of_an_export_tell_its_own_figures(
    study: Study, tmp_path: Path, days: tuple[str, ...]
) -> None:
    words = ("export", study.folder, "--to", tmp_path / "x", "--format", "csv", *days)
    done = CliRunner().invoke(uitzicht, [str(word) for word in words])
    assert done.exit_code == 0, done.output
    answer = pd.read_csv(tmp_path / "x" / "csv" / "answers" / "share_of_posts.csv").set_index("code")
    count, share = int(answer.loc["labour_market", "n_posts"]), answer.loc["labour_market", "share"]
    assert count == 240 if not days else 0 < count < 240
    english = (tmp_path / "x" / "methods.en.md").read_text("utf-8")
    assert f"{100 * share:.1f}% " in english
    assert f"; {count} posts, 8 institutions" in english
    told = re.search(
        r"Of (\d+) posts kept, (\d+) of .*: (\d+) of accounts left out, (\d+) outside the period, (\d+) .*, "
        r"and (\d+) without",
        english,
    )
    assert told
    kept, *parts = map(int, told.groups())
    assert sum(parts) == kept


def test_where_no_account_was_seen_completely_the_answers_count_all_as_the_methods_say(
    tmp_path: Path,
) -> None:
    schools = [
        Seen(institution=f"School {n}", account=f"school{n}", outcome="partial", posts=posts(4, 16))
        for n in range(6)
    ]
    study = make_study(tmp_path / "study", schools)
    words = ("export", str(study.folder), "--to", str(tmp_path / "x"), "--format", "csv")
    done = CliRunner().invoke(uitzicht, words)
    assert done.exit_code == 0, done.output
    answer = pd.read_csv(tmp_path / "x" / "csv" / "answers" / "share_of_posts.csv").set_index("code")
    assert answer.loc["labour_market", "n_posts"] == 120
    english = (tmp_path / "x" / "methods.en.md").read_text("utf-8")
    assert "the figures count every account" in english
    assert "(120 posts, 6 institutions; no interval; uncorrected)" in english


def test_a_pseudonymised_export_does_not_tell_the_legal_ground(study: Study, tmp_path: Path) -> None:
    ground = "research exception, test"
    for name, options in (("own", ()), ("shared", ("--pseudonymised",))):
        words = ("export", str(study.folder), "--to", str(tmp_path / name), "--format", "csv", *options)
        done = CliRunner().invoke(uitzicht, words)
        assert done.exit_code == 0, done.output
    assert ground in (tmp_path / "own" / "methods.nl.md").read_text("utf-8")
    shared = [path for path in (tmp_path / "shared").rglob("*") if path.is_file()]
    assert [path.name for path in shared if ground in path.read_text("utf-8")] == []
    assert "legal grounds of routes that need one" in (tmp_path / "shared" / "methods.en.md").read_text(
        "utf-8"
    )


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
