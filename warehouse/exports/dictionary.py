"""The data dictionary of an export: every table and column, with type, unit, keys and meaning."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable

from warehouse.exports.package import field_type
from warehouse.exports.relations import Column, Relation
from warehouse.exports.safe_text import escape

HEADER = ("table", "column", "type", "unit", "is_key", "refers_to", "meaning")


def dictionary_csv(relations: Iterable[Relation]) -> str:
    """Return the dictionary as CSV, one row per column."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(HEADER)
    for relation in relations:
        for column in relation.columns:
            writer.writerow([escape(cell) for cell in _cells(relation, column)])
    return out.getvalue()


def dictionary_markdown(relations: Iterable[Relation]) -> str:
    """Return the dictionary for reading, one section per table."""
    parts = [
        "# Data dictionary\n\n"
        "Moments are in UTC. What the platform did not show is empty, never 0. In CSV and XLSX a text that was never "
        "shown and one that is empty look the same; Parquet tells them apart. Texts that look like formulas have an "
        "apostrophe before them in CSV."
    ]
    parts += [_section(relation) for relation in relations]
    return "\n\n".join(parts) + "\n"


def _section(relation: Relation) -> str:
    rows = [_cells(relation, column) for column in relation.columns]
    lines = [f"## {relation.name}\n\n{relation.title}. Grain: {relation.grain}.\n"]
    lines += ["| column | type | unit | key | meaning |", "|---|---|---|---|---|"]
    lines += [
        "| "
        + " | ".join(cell.replace("|", "\\|") for cell in (f"`{name}`", kind, unit, _key(key, to), means))
        + " |"
        for _, name, kind, unit, key, to, means in rows
    ]
    return "\n".join(lines)


def _key(is_key: str, refers_to: str) -> str:
    return ", ".join(filter(None, ("key" if is_key else "", f"to {refers_to}" if refers_to else "")))


def _cells(relation: Relation, column: Column) -> tuple[str, ...]:
    return (
        relation.name,
        column.name,
        field_type(column),
        column.unit,
        "yes" if column.name in relation.key else "",
        relation.refers.get(column.name, ""),
        column.description,
    )
