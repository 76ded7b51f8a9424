"""Posts of the warehouse coded by the study's codebook; what is coded already with this codebook is left alone."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from audit.study import Study
from classify.codebook import Codebook
from classify.codebook_file import default_codebook, read_codebook
from classify.coder import Coder
from classify.unit import Unit
from warehouse.coding import load_codings, units_to_code
from warehouse.db import open_warehouse
from warehouse.publish import publish

CODER = "rules"
FACTS = ("platform", "language", "institution", "level", "run_by", "scope")
TEXTS = ("title", "text", "alt_text", "transcript", *FACTS)
LISTS = ("hashtags", "mentions", "coauthors")


@dataclass(frozen=True, slots=True, kw_only=True)
class Coded:
    """How many posts were coded, and with which codebook."""

    posts: int
    codebook_version: str


def study_codebook(study: Study) -> Codebook:
    """Return the codebook of a study: the file that it names, else the default one."""
    file = study.codebook.file
    return read_codebook(study.folder / file) if file else default_codebook()


def code(study: Study, *, on_posts: Callable[[int], None] = lambda count: None) -> Coded:
    """Code every post that this codebook has not coded yet, and publish. Coding twice changes nothing."""
    coder = Coder(study_codebook(study))
    version = coder.codebook.version
    done = 0
    with open_warehouse(study.working_warehouse) as con:
        for units in units_to_code(con, CODER, version):
            load_codings(con, code_frame(coder, units))
            done += len(units)
            on_posts(len(units))
    publish(study.working_warehouse, study.warehouse)
    return Coded(posts=done, codebook_version=version)


def code_frame(coder: Coder, units: pd.DataFrame) -> pd.DataFrame:
    """Return the codings of a frame of units, one row per unit, dimension and code."""
    keys = list(zip(units["post_key"], units["version"], strict=True))
    rows = [
        (*keys[number], row.dimension, row.code, row.is_primary, row.score, row.evidence)
        for number, coding in enumerate(coder.code(_units(units)))
        for row in coding.rows()
    ]
    columns = ["post_key", "version", "dimension", "code", "is_primary", "score", "evidence"]
    return pd.DataFrame(rows, columns=columns).assign(coder=CODER, codebook_version=coder.codebook.version)


def _units(frame: pd.DataFrame) -> Iterator[Unit]:
    columns = {name: frame[name].tolist() for name in (*TEXTS, *LISTS)}
    for number, post_id in enumerate(frame["post_id"]):
        values: dict[str, Any] = {name: _text(columns[name][number]) for name in TEXTS}
        values |= {name: _texts(columns[name][number]) for name in LISTS}
        yield Unit(id=post_id, **values)


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _texts(value: object) -> tuple[str, ...]:
    return tuple(value) if isinstance(value, (list, tuple, np.ndarray)) else ()
