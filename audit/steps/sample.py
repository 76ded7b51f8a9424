"""Hand coding: a sample is drawn, its sheets are written and read back, disagreements are settled."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from pathlib import Path

import duckdb
import pandas as pd

from audit.sheets.answer import Answer, Filled
from audit.sheets.label_studio import read_tasks, read_tasks_about, write_tasks
from audit.sheets.reading import read_about, read_workbook
from audit.sheets.sampled import (
    SampleOf,
    find_agreed,
    find_disputed,
    find_settled_by_hand,
    settlement_row,
    sheet_cells,
)
from audit.sheets.workbook import Sheet, SheetRow, write_workbook
from audit.steps.code import study_codebook
from audit.study import Study
from classify.codebook import Codebook
from classify.errors import SampleError
from classify.sample import draw_sample
from warehouse.coding import load_codings
from warehouse.db import open_known
from warehouse.publish import publish
from warehouse.sampling import (
    SETTLED,
    find_population,
    find_sample_codings,
    find_sampled_units,
    find_samples,
    load_agreed,
    load_sample,
)

RULES = "rules"
_CODER = re.compile(r"[\w.-]{1,40}")


def draw(
    study: Study, *, size: int, seed: int, coders: Sequence[str], shared: int | None = None, name: str = ""
) -> SampleOf:
    """Draw a sample and keep it; drawing one that is kept already, in the same way, changes nothing."""
    name = name or f"sample-{seed}"
    _check_coders(coders)
    with open_known(study.working_warehouse) as con:
        samples = find_samples(con)
        if name not in samples["sample"].tolist():
            all_coded = size if shared is None else shared
            _draw(con, size=size, seed=seed, coders=coders, shared=all_coded, name=name)
            samples = find_samples(con)
        kept = samples[samples["sample"] == name].iloc[0]
        if (kept["seed"], kept["n_posts"], list(kept["coders"])) != (seed, size, sorted(coders)):
            raise SampleError(
                f"{name} was drawn with seed {kept['seed']}, size {kept['n_posts']} and coders "
                f"{','.join(kept['coders'])}; expected the same, or another --name"
            )
        sample = read_sample(con, name)
    publish(study.working_warehouse, study.warehouse)
    return sample


def _check_coders(coders: Sequence[str]) -> None:
    for coder in coders:
        if not _CODER.fullmatch(coder) or coder in (RULES, SETTLED) or coders.count(coder) > 1:
            raise SampleError(f"coder is {coder!r}; expected names of letters, digits, . - _, each once")


def _draw(
    con: duckdb.DuckDBPyConnection, *, size: int, seed: int, coders: Sequence[str], shared: int, name: str
) -> None:
    posts = find_population(con)
    if len(posts) < size:
        raise SampleError(
            f"size is {size}; expected at most {len(posts)}, the posts that are coded (uitzicht code)"
        )
    drawn = draw_sample(posts["stratum"].tolist(), size, seed=seed)
    frame = posts.iloc[[one.place for one in drawn]].assign(
        population=[one.population for one in drawn],
        drawn=[one.drawn for one in drawn],
        place=range(1, size + 1),
    )
    frame["coders"] = pd.Series(
        [_coders_of(place, coders, shared) for place in range(size)], index=frame.index
    )
    load_sample(con, frame, sample=name, seed=seed)


def _coders_of(number: int, coders: Sequence[str], shared: int) -> list[str]:
    """Return who codes the unit at a place of the random order: all of them, or one in turn after the shared ones."""
    return list(coders) if number < shared else [coders[number % len(coders)]]


def read_sample(con: duckdb.DuckDBPyConnection, name: str = "") -> SampleOf:
    """Return a sample of the study, the latest unless one is named."""
    samples = find_samples(con)
    known = samples["sample"].tolist()
    if not known:
        raise SampleError("no sample has been drawn yet; expected uitzicht sample draw first")
    if name and name not in known:
        raise SampleError(f"there is no sample {name!r}; expected one of {', '.join(known)}")
    kept = samples[samples["sample"] == (name or known[0])].iloc[0]
    return SampleOf(
        name=kept["sample"],
        codebook_version=kept["codebook_version"],
        coders=tuple(kept["coders"]),
        units=find_sampled_units(con, kept["sample"]),
        codings=find_sample_codings(con, kept["sample"]),
    )


def open_sample(study: Study, name: str = "") -> SampleOf:
    """Return a sample from the study's own warehouse."""
    with open_known(study.working_warehouse) as con:
        return read_sample(con, name)


def write_sheets(study: Study, sample: SampleOf, paths: dict[str, Path], *, shape: str) -> list[Path]:
    """Write each coder's sheet, or tasks for Label Studio; return the files."""
    written: list[Path] = []
    for coder, path in paths.items():
        rows = tuple(SheetRow(cells=sheet_cells(unit)) for unit in sample.assigned(coder).to_dict("records"))
        written += _write(
            study, Sheet(sample=sample.name, coder=coder, language=_language(study), rows=rows), path, shape
        )
    return written


def _write(study: Study, sheet: Sheet, path: Path, shape: str) -> list[Path]:
    path.parent.mkdir(parents=True, exist_ok=True)
    if shape == "label-studio":
        return list(write_tasks(sheet, study_codebook(study), path))
    return [write_workbook(sheet, study_codebook(study), path)]


def _language(study: Study) -> str:
    return study.report.language


def read_files(study: Study, sample: SampleOf, files: Iterable[Path]) -> list[Filled]:
    """Return what the files say; none of it is kept yet."""
    codebook = study_codebook(study)
    return [_read_file(path, sample, codebook) for path in files]


def _read_file(path: Path, sample: SampleOf, codebook: Codebook) -> Filled:
    is_tasks = path.suffix.casefold() == ".json"
    about = read_tasks_about(path) if is_tasks else read_about(path)
    coder = about["coder"]
    if about["sample"] != sample.name:
        raise SampleError(f"{path} is of sample {about['sample']!r}; expected {sample.name!r}, or --name")
    if coder not in (*sample.coders, SETTLED):
        raise SampleError(f"{path} is of coder {coder!r}; expected one of {', '.join(sample.coders)}")
    units = find_disputed(sample) if coder == SETTLED else sample.assigned(coder)["unit"].tolist()
    return read_tasks(path, codebook, units) if is_tasks else read_workbook(path, codebook, units)


def keep(study: Study, sample: SampleOf, filled: Iterable[Filled]) -> SampleOf:
    """Load what coders answered, settle what they agree on, and publish."""
    with open_known(study.working_warehouse) as con:
        for one in filled:
            if one.answers:
                load_codings(con, _frame(sample, one.answers, coder=one.coder))
        sample = read_sample(con, sample.name)
        by_hand = find_settled_by_hand(sample)
        agreed = {unit: answer for unit, answer in find_agreed(sample).items() if unit not in by_hand}
        load_agreed(
            con, sample.name, _frame(sample, agreed, coder=SETTLED, evidence='[{"settled": "agreed"}]')
        )
        sample = read_sample(con, sample.name)
    publish(study.working_warehouse, study.warehouse)
    return sample


def write_settlement(study: Study, sample: SampleOf, path: Path, *, shape: str) -> int:
    """Write a sheet of the units that are still to be settled; return how many there are."""
    settled = sample.answers(SETTLED)
    disputed = [unit for unit in find_disputed(sample) if unit not in settled]
    given = {coder: sample.answers(coder) for coder in sample.coders}
    units = sample.units[sample.units["unit"].isin(disputed)].to_dict("records")
    rows = tuple(
        settlement_row(unit, {coder: given[coder][unit["unit"]] for coder in unit["coders"]})
        for unit in units
    )
    if rows:
        _write(
            study, Sheet(sample=sample.name, coder=SETTLED, language=_language(study), rows=rows), path, shape
        )
    return len(rows)


def _frame(
    sample: SampleOf, answers: dict[str, Answer], *, coder: str, evidence: str | None = None
) -> pd.DataFrame:
    keys = {row.unit: (row.post_key, row.version) for row in sample.units.itertuples()}
    rows = [
        (*keys[unit], dimension, code, is_primary, None, (evidence if is_primary else None) or said)
        for unit, answer in answers.items()
        for dimension, code, is_primary, said in answer.rows()
    ]
    columns = ["post_key", "version", "dimension", "code", "is_primary", "score", "evidence"]
    return pd.DataFrame(rows, columns=columns).assign(coder=coder, codebook_version=sample.codebook_version)
