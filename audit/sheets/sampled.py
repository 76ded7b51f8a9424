"""A sample as it is coded: who said what, what they agree on, and what is still to be settled."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

import pandas as pd

from audit.sheets.answer import DIMENSIONS, Answer
from audit.sheets.workbook import SheetRow
from classify.gold import Answers as Compared
from warehouse.sampling import SETTLED

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
READ = ("unit", "platform", "url", "title", "text", "alt_text", "transcript")
_VAGUE = {"year": "%Y", "month": "%Y-%m"}


@dataclass(frozen=True, slots=True, kw_only=True)
class SampleOf:
    """A sample: its name, the codebook it was drawn under, its units in order, and all answers about them."""

    name: str
    codebook_version: str
    coders: tuple[str, ...]
    units: pd.DataFrame
    codings: pd.DataFrame

    def assigned(self, coder: str) -> pd.DataFrame:
        """Return the units that a coder is to code."""
        return self.units[self.units["coders"].map(lambda coders: coder in coders)]

    def answers(self, coder: str) -> dict[str, Answer]:
        """Return what a coder said, by unit."""
        own = self.codings[self.codings["coder"] == coder]
        rows = own.merge(self.units[["post_key", "version", "unit"]], on=["post_key", "version"])
        return {str(unit): _answer(group) for unit, group in rows.groupby("unit")}

    def compared(self, first: str, second: str) -> tuple[list[Compared], list[Compared]]:
        """Return what two coders said of the units that both coded, in the same order, as agreement is measured."""
        one, other = self.answers(first), self.answers(second)
        both = sorted(one.keys() & other.keys())
        return [_compared(one[unit]) for unit in both], [_compared(other[unit]) for unit in both]


def _compared(answer: Answer) -> Compared:
    codes = {name: tuple(codes) for name, codes in answer.codes.items()}
    return Compared(codes=codes, primary=answer.primary)


def find_agreed(sample: SampleOf) -> dict[str, Answer]:
    """Return the answers that all who were to code a unit gave alike, none of them unsure."""
    given = {coder: sample.answers(coder) for coder in sample.coders}
    agreed = {}
    for unit, coders in zip(sample.units["unit"], sample.units["coders"], strict=True):
        answers = [given[coder].get(unit) for coder in coders]
        first = answers[0]
        if first and all(one and not one.unsure and one.decision == first.decision for one in answers):
            agreed[unit] = first
    return agreed


def find_disputed(sample: SampleOf) -> list[str]:
    """Return the units that all who were to code them coded, and not alike or not surely."""
    agreed = find_agreed(sample)
    given = {coder: sample.answers(coder) for coder in sample.coders}
    return [
        unit
        for unit, coders in zip(sample.units["unit"], sample.units["coders"], strict=True)
        if unit not in agreed and all(unit in given[coder] for coder in coders)
    ]


def find_settled_by_hand(sample: SampleOf) -> set[str]:
    """Return the units that a person settled, not agreement."""
    own = sample.codings[(sample.codings["coder"] == SETTLED) & sample.codings["is_primary"].astype(bool)]
    own = own[~own["evidence"].map(_is_agreement).astype(bool)]
    return set(sample.units.merge(own, on=["post_key", "version"])["unit"])


def _is_agreement(evidence: object) -> bool:
    notes = json.loads(evidence) if isinstance(evidence, str) else []
    return bool(notes) and notes[0].get("settled") == "agreed"


def settlement_row(unit: dict[Any, Any], answers: dict[str, Answer]) -> SheetRow:
    """Return a row in which what the coders share is filled in, and what they do not is marked."""
    said = list(answers.values())
    every = {(name, code) for one in said for name, codes in one.codes.items() for code in codes}
    disputed = {f"{name}.{code}" for name, code in every if not all(code in one.codes[name] for one in said)}
    if len({one.primary for one in said}) > 1:
        disputed.add("primary")
    lines = [f"{coder}: {_said(answer)}" for coder, answer in answers.items()]
    return SheetRow(
        cells=sheet_cells(unit) | {"answers": "\n".join(lines)}, agreed=said[0], disputed=frozenset(disputed)
    )


def _said(answer: Answer) -> str:
    codes = ", ".join(sorted(code for codes in answer.codes.values() for code in codes))
    notes = "; ".join(filter(None, ("?" if answer.unsure else "", answer.remark)))
    return f"{answer.primary.upper()}; {codes}" + (f" ({notes})" if notes else "")


def _answer(rows: pd.DataFrame) -> Answer:
    primary = rows[rows["is_primary"].astype(bool) & (rows["dimension"] == "theme")]
    notes = json.loads(
        str(primary["evidence"].iloc[0] or "null") if primary["evidence"].notna().any() else "null"
    )
    note = notes[0] if notes and isinstance(notes[0], dict) else {}
    codes = {name: frozenset(rows.loc[rows["dimension"] == name, "code"]) for name in DIMENSIONS}
    return Answer(
        codes=codes,
        primary=str(primary["code"].iloc[0]),
        unsure=bool(note.get("unsure")),
        remark=str(note.get("remark", "")),
    )


def sheet_cells(unit: dict[Any, Any]) -> dict[str, str]:
    """Return what stands in a sheet about a post; its day is that of the Netherlands."""
    moment = unit["posted_at"]
    shape = _VAGUE.get(unit["posted_precision"], "%Y-%m-%d")
    return {
        "place": str(unit["place"]),
        "posted_at": "" if pd.isna(moment) else moment.astimezone(AMSTERDAM).strftime(shape),
        **{key: unit[key] if isinstance(unit[key], str) else "" for key in READ},
    }
