"""Takes exports that hold what is forgotten out of a study, and names those elsewhere."""

from __future__ import annotations

import json
import shutil
from collections import Counter
from collections.abc import Callable, Iterator, Sequence, Set
from pathlib import Path

import duckdb
import openpyxl

from audit.export import ledger
from audit.forgetting.files import is_in_text, is_row_of
from audit.study import Study
from crawler.forget import Target
from warehouse.exports.pseudonyms import pseudonym
from warehouse.exports.safe_text import unescape
from warehouse.exports.writing import FORMAT, MANIFEST, WORKBOOK

IsHeld = Callable[[Path], bool]
_GOING = ".forgetting"
_TEXTS = (".md", ".cff", ".json")
_READERS = {"parquet": "read_parquet(?)", "csv": "read_csv(?, all_varchar = true)"}


def find_exports(study: Study) -> list[Path]:
    """Return the folders under a study that are exports, listed or not."""
    apart = {study.archive, study.feeds, study.state}
    found = [path for path in study.folder.rglob(MANIFEST) if not apart & set(path.parents)]
    return sorted(path.parent for path in found if _manifest(path.parent))


def forget_exports(study: Study, target: Target, *, apply: bool) -> tuple[Counter[str], list[str]]:
    """Remove the exports under a study that hold a target; return how many, and sentences on those and on others.

    An export goes whole: with rows less it would not be what its manifest says.
    """
    counts, notes = _forget(study, lambda folder: holds(study, folder, target), apply=apply)
    if apply:
        _forget_in_ledger(study, target)
    return counts, notes


def forget_exports_with(study: Study, capture_ids: Set[str]) -> tuple[Counter[str], list[str]]:
    """Remove the exports under a study with what one of these captures showed of an account; return as above."""

    def has_one(folder: Path) -> bool:
        return any(not capture_ids.isdisjoint(row) for row in _rows(folder, ("account_snapshots",)))

    return _forget(study, has_one, apply=True)


def _forget(study: Study, is_held: IsHeld, *, apply: bool) -> tuple[Counter[str], list[str]]:
    if apply:
        _finish(study)
    held = [folder for folder in find_exports(study) if is_held(folder)]
    notes = [_again(study, folder) for folder in held] + list(_elsewhere(study, is_held))
    if apply:
        for folder in held:
            _remove(folder)
    return Counter({"exports removed": len(held)}), notes


def holds(study: Study, folder: Path, target: Target) -> bool:
    """Tell whether an export holds a target, by its names and words or by its pseudonyms."""
    if _manifest(folder).get("is_pseudonymised"):
        pseudonyms = _pseudonyms(study, target)
        return any(not pseudonyms.isdisjoint(row) for row in _rows(folder, ("accounts", "posts")))
    texts = (path for path in folder.iterdir() if path.suffix in _TEXTS)
    if any(is_in_text(path.read_text("utf-8"), target) for path in texts):
        return True
    return any(is_row_of(row, target) for row in _rows(folder))


def _manifest(folder: Path) -> dict[str, object]:
    """Return what an export says of itself; nothing where a folder is none."""
    try:
        said = json.loads((folder / MANIFEST).read_bytes())
    except (OSError, ValueError):
        return {}
    is_ours = isinstance(said, dict) and str(said.get("format", "")).startswith(FORMAT.split("/")[0])
    return said if is_ours else {}


def _pseudonyms(study: Study, target: Target) -> set[str]:
    key = ledger.find_key(study)
    if key is None:
        return set()
    names = {pseudonym(key, "post", f"{target.platform}/{one}") for one in target.post_ids}
    if target.account:
        handle = target.account.lstrip("@").lower()
        names.add(pseudonym(key, "account", f"{target.platform}/{handle}"))
    return names


def _rows(folder: Path, tables: Sequence[str] = ()) -> Iterator[list[str]]:
    """Yield the cells of an export's rows as texts; the shapes say the same, so one of them is enough."""
    for shape, reader in _READERS.items():
        if (folder / shape).is_dir():
            paths = sorted((folder / shape).rglob(f"*.{shape}"))
            wanted = [path for path in paths if not tables or path.stem in tables]
            for path in wanted:
                yield from _rows_of_file(path, reader)
            return
    if (folder / WORKBOOK).exists():
        yield from _rows_of_workbook(folder / WORKBOOK, tables)


def _rows_of_file(path: Path, reader: str) -> Iterator[list[str]]:
    with duckdb.connect() as con:
        result = con.execute(f"from {reader}", [str(path)])
        while batch := result.fetchmany(1_000):
            yield from ([unescape(str(cell)) for cell in row if cell is not None] for row in batch)


def _rows_of_workbook(path: Path, tables: Sequence[str]) -> Iterator[list[str]]:
    book = openpyxl.load_workbook(path, read_only=True)
    try:
        for sheet in book.worksheets:
            if not tables or sheet.title.split(" (")[0] in tables:
                for row in sheet.iter_rows(values_only=True):
                    yield [str(cell) for cell in row if cell is not None]
    finally:
        book.close()


def _again(study: Study, folder: Path) -> str:
    place = folder.relative_to(study.folder)
    option = " --pseudonymised" if _manifest(folder).get("is_pseudonymised") else ""
    return (
        f"{place} is an export that holds it and is removed; make it again with: "
        f"uitzicht export {study.folder} --to {folder}{option}"
    )


def _elsewhere(study: Study, is_held: IsHeld) -> Iterator[str]:
    for entry in ledger.read(study):
        place = entry.place(study)
        if entry.is_inside(study):
            continue
        if not place.exists():
            yield f"{place} (export of {entry.made_at[:10]}) is no longer there; a copy is yours to look after"
        elif _manifest(place) and is_held(place):
            yield f"{place} (export of {entry.made_at[:10]}) holds it and is not under the study; it is yours to remove"


def _forget_in_ledger(study: Study, target: Target) -> None:
    """Drop exports that are gone, and places that name the target: whoever forgets has been told of them."""
    entries = ledger.read(study)
    kept = [
        entry
        for entry in entries
        if not target.names.search(entry.folder)
        and (entry.place(study).exists() or not entry.is_inside(study))
    ]
    if kept != entries:
        ledger.keep(study, kept)


def _remove(folder: Path) -> None:
    """Remove a folder; killed midway, what is left has another name and is removed by the next run."""
    going = folder.with_name(f".{folder.name}{_GOING}")
    folder.rename(going)
    shutil.rmtree(going)


def _finish(study: Study) -> None:
    for left in [path for path in study.folder.rglob(f".*{_GOING}") if path.is_dir()]:
        shutil.rmtree(left)
