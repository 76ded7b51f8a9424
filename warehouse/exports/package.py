"""Describes an export as a data package (datapackage.org), so that programs know its types, keys and hashes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from warehouse.exports.relations import Column, Relation

PROFILE = "https://datapackage.org/profiles/2.0/datapackage.json"
MEDIA_TYPES = {
    "csv": "text/csv",
    "parquet": "application/vnd.apache.parquet",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
LICENCES = {
    "CC0-1.0": ("CC0 1.0 Universal", "https://creativecommons.org/publicdomain/zero/1.0/"),
    "CC-BY-4.0": ("Creative Commons Attribution 4.0", "https://creativecommons.org/licenses/by/4.0/"),
    "CC-BY-NC-4.0": (
        "Creative Commons Attribution-NonCommercial 4.0",
        "https://creativecommons.org/licenses/by-nc/4.0/",
    ),
    "CC-BY-SA-4.0": (
        "Creative Commons Attribution-ShareAlike 4.0",
        "https://creativecommons.org/licenses/by-sa/4.0/",
    ),
    "ODbL-1.0": ("Open Database License 1.0", "https://opendatacommons.org/licenses/odbl/1-0/"),
}
_TYPES = {
    "VARCHAR": "string",
    "JSON": "string",
    "BIGINT": "integer",
    "INTEGER": "integer",
    "DOUBLE": "number",
    "BOOLEAN": "boolean",
    "DATE": "date",
}


@dataclass(frozen=True, kw_only=True)
class Written:
    """A file of an export: where, its size and SHA-256, and the table it holds (None where it is no single table)."""

    path: str
    bytes: int
    sha256: str
    relation: Relation | None = None

    @property
    def shape(self) -> str:
        """The end of its name."""
        return self.path.rpartition(".")[2]


def field_type(column: Column) -> str:
    """Return the type of a column in the words of Table Schema.

    >>> field_type(Column(name="hashtags", type="VARCHAR[]", unit="", description=""))
    'array'
    """
    if column.type.endswith("[]"):
        return "array"
    return "datetime" if column.type.startswith("TIMESTAMP") else _TYPES.get(column.type, "any")


def data_package(
    *,
    title: str,
    description: str,
    made_at: datetime,
    licence: str,
    authors: Sequence[str],
    files: Iterable[Written],
) -> dict[str, Any]:
    """Return the descriptor of an export."""
    package: dict[str, Any] = {
        "$schema": PROFILE,
        "name": re.sub(r"[^a-z0-9]+", "-", title.lower()).strip("-") or "export",
        "title": title,
        "description": description,
        "created": made_at.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "resources": [_resource(file) for file in files if file.shape in MEDIA_TYPES],
    }
    if licence:
        package["licenses"] = [_licence(licence)]
    if authors:
        package["contributors"] = [{"title": author, "roles": ["author"]} for author in authors]
    return package


def _licence(name: str) -> Mapping[str, str]:
    title, path = LICENCES.get(name, ("", ""))
    return {"name": name} | ({"title": title, "path": path} if path else {})


def _resource(file: Written) -> dict[str, Any]:
    relation = file.relation
    resource: dict[str, Any] = {
        "name": _resource_name(file),
        "path": file.path,
        "format": file.shape,
        "mediatype": MEDIA_TYPES[file.shape],
        "bytes": file.bytes,
        "hash": f"sha256:{file.sha256}",
    }
    if relation is None:
        return resource | {"type": "file", "title": "All tables as a workbook"}
    resource |= {"title": relation.title, "description": f"Grain: {relation.grain}."}
    if file.shape != "csv":
        return resource | {"type": "file"}
    return resource | {
        "type": "table",
        "profile": "tabular-data-resource",
        "encoding": "utf-8-sig",
        "dialect": {
            "csv": {"delimiter": ",", "lineTerminator": "\r\n", "quoteChar": '"', "doubleQuote": True}
        },
        "schema": _schema(relation),
    }


def _resource_name(file: Written) -> str:
    stem = file.path.rpartition("/")[2].rpartition(".")[0]
    return stem if file.shape == "csv" else f"{stem}-{file.shape}"


def _schema(relation: Relation) -> dict[str, Any]:
    schema: dict[str, Any] = {
        "fields": [_field(relation, column) for column in relation.columns],
        "missingValues": [""],
    }
    if relation.key:
        schema["primaryKey"] = list(relation.key)
    if relation.refers:
        schema["foreignKeys"] = [
            {"fields": [column], "reference": {"resource": table, "fields": [_key_of(column, table)]}}
            for column, table in relation.refers.items()
        ]
    return schema


def _key_of(column: str, table: str) -> str:
    """Return the name that a column has where it is the key: the same everywhere."""
    return {"institutions": "institution"}.get(table, column)


def _field(relation: Relation, column: Column) -> dict[str, Any]:
    known: dict[str, Any] = {
        "name": column.name,
        "type": field_type(column),
        "description": column.description + (f" Unit: {column.unit}." if column.unit else ""),
    }
    if column.name in relation.key:
        known["constraints"] = {"required": True}
    return known
