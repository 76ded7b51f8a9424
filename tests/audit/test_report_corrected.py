"""A report of a study with hand-coded posts: the corrected share beside the rules' own, and where there is none."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from audit.report import Report, write_report
from audit.report.summary import summary
from audit.steps.sample import draw, keep, read_files, write_sheets
from audit.study import Study
from tests.audit.page import Element, read_page
from tests.audit.studies import make_study
from tests.audit.test_sample import SIZE, Truth, fill, schools, themes_of
from warehouse import run


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Study:
    """Return a study whose rules missed every second post about work, as both coders say."""
    study = make_study(tmp_path_factory.mktemp("corrected") / "study", schools())
    said = themes_of(study)
    code_by_hand(
        study,
        lambda unit: ("labour_market",) if said[unit] == ("open_day",) else said[unit],
        lambda unit: ("labour_market",) if said[unit] == ("open_day",) else said[unit],
    )
    return study


def code_by_hand(study: Study, anna: Truth, ben: Truth) -> None:
    sample = draw(study, size=SIZE, seed=1, coders=["anna", "ben"])
    paths = {coder: study.folder / f"{coder}.xlsx" for coder in ("anna", "ben")}
    write_sheets(study, sample, paths, shape="xlsx")
    fill(paths["anna"], anna)
    fill(paths["ben"], ben)
    keep(study, sample, read_files(study, sample, paths.values()))


@pytest.fixture(scope="module")
def report(study: Study, tmp_path_factory: pytest.TempPathFactory) -> Report:
    return write_report(study, output=tmp_path_factory.mktemp("report") / "en.html", language="en")


@pytest.fixture(scope="module")
def page(report: Report) -> Element:
    return read_page(report.path.read_text(encoding="utf-8"))


def asked(study: Study, report: Report, name: str, **more: Any) -> dict[str, Any]:
    figures = report.figures
    found = run(study.warehouse, name, since=figures.since, until=figures.until, code="labour_market", **more)
    return dict(found.iloc[0])


def percent(share: float) -> str:
    return f"{100 * share:.1f}"


def test_the_answer_is_the_corrected_share_with_the_rules_own_beside_it(study: Study, report: Report) -> None:
    row = asked(study, report, "share_of_posts")
    assert row["correction"] == "corrected"
    assert row["corrected"] > row["share"] + 0.1
    low, high = percent(row["corrected_low"]), percent(row["corrected_high"])
    assert f"appear in {percent(row['corrected'])}% of the 240 posts of 8 institutions" in report.answer
    assert report.answer.endswith(
        f"(95% interval {low} to {high}%; corrected by {row['n_coded']} posts coded by hand; uncorrected "
        f"{percent(row['share'])}%, {percent(row['low'])} to {percent(row['high'])}%)."
    )


def test_tables_say_both_and_texts_no_longer_say_uncorrected_of_all(report: Report, page: Element) -> None:
    corrected = report.figures.themes["labour_market"].corrected
    assert corrected is not None
    assert f"corrected {percent(corrected.share)}%" in page.one("section", id="themes").text
    assert "Corrected means" in page.one("section", id="answer").text
    assert "Uncorrected means" not in page.text
    assert "The shares are uncorrected" not in page.text
    assert "what the rules found, uncorrected" in page.one("section", id="themes").text


def test_groups_of_too_few_institutions_are_not_corrected(report: Report) -> None:
    groups = report.figures.by_level.values()
    assert groups
    assert all(one.too_few and one.corrected is None for one in groups)


def test_the_difference_with_the_survey_is_that_of_the_corrected_share(study: Study, report: Report) -> None:
    row = asked(study, report, "said_minus_done", by=["level"], where={})
    found = next(
        one for one in report.figures.comparisons if (one.item, one.code) == (row["item"], "labour_market")
    )
    assert row["said_minus_corrected_low"] != row["difference_low"]
    assert found.gap_low == row["said_minus_corrected_low"]


def test_the_summary_has_a_row_for_each_corrected_share(report: Report) -> None:
    console = Console(width=80)
    with console.capture() as capture:
        console.print(summary(report.figures, report.language))
    rows = [line.split() for line in capture.get().splitlines()]
    answer = report.figures.answer
    assert answer is not None and answer.corrected is not None
    assert ["corrected", f"{percent(answer.corrected.share)}%"] in [row[:2] for row in rows]


def test_what_is_not_settled_leaves_the_report_uncorrected_and_it_says_why(tmp_path: Path) -> None:
    study = make_study(tmp_path / "study", schools())
    said = themes_of(study)
    code_by_hand(study, said.__getitem__, lambda unit: ("student_made",))
    page = read_page(write_report(study, language="en").path.read_text(encoding="utf-8"))
    assert "uncorrected)" in page.one("p", class_="answer").text
    assert "has not been settled" in page.one("section", id="answer").text
