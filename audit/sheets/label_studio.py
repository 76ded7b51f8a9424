"""Writes coding tasks for Label Studio with their labelling configuration, and reads its JSON export back."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any
from xml.sax.saxutils import quoteattr

from audit.sheets.answer import Answer, Filled, WrongCell, asked_dimensions, code_named, find_fault
from audit.sheets.layout import KNOWN, READ
from audit.sheets.words import WORDS, code_words
from audit.sheets.workbook import Sheet
from classify.codebook import Codebook, Dimension
from classify.errors import SampleError, shown

_ABOUT = ("sample", "coder", "codebook")


class _Misshapen(Exception):
    """Something is not what Label Studio writes in its place."""

    def __init__(self, place: str, value: object, expected: str) -> None:
        super().__init__(place)
        self.cell = WrongCell(place=place, value=str(value), expected=expected)


def write_tasks(sheet: Sheet, codebook: Codebook, path: Path) -> tuple[Path, Path]:
    """Write the tasks (JSON) and, beside them, the labelling configuration (XML); return both paths."""
    about = {"sample": sheet.sample, "coder": sheet.coder, "codebook": codebook.version}
    keys = (*READ, *KNOWN, *(("answers",) if any("answers" in row.cells for row in sheet.rows) else ()))
    tasks = [
        {"id": number, "data": {key: row.cells.get(key, "") for key in keys} | about}
        for number, row in enumerate(sheet.rows, 1)
    ]
    path.write_text(json.dumps(tasks, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    config = path.with_suffix(".xml")
    config.write_text(labelling_config(codebook, sheet.language), encoding="utf-8")
    return path, config


def labelling_config(codebook: Codebook, language: str) -> str:
    """Return the XML for Label Studio's labelling interface; a choice's alias is the code."""
    words = WORDS[language]
    texts = [
        f"  <Header value={quoteattr(words[key])}/>\n  <Text name={quoteattr(key)} value={quoteattr('$' + key)}/>"
        for key in ("title", "text", "alt_text", "transcript")
    ]
    asked = [_choices(dimension, language) for dimension in asked_dimensions(codebook)]
    asked.insert(1, _choices(codebook.dimension("theme"), language, name="primary"))
    unsure = f'    <Choice value={quoteattr(words["yes"])} alias="unsure"/>'
    asked.append(_choice_block("unsure", words["unsure"], "single", [unsure], required=False))
    asked.append('  <TextArea name="remark" toName="text" maxSubmissions="1" rows="2"/>')
    return "\n".join(
        ["<View>", f"  <Header value={quoteattr(words['how'])}/>", *texts, *asked, "</View>", ""]
    )


def _choices(dimension: Dimension, language: str, *, name: str = "") -> str:
    choices = [
        f"    <Choice value={quoteattr(code_words(code, language))} alias={quoteattr(code.name)}"
        f" hint={quoteattr(code.worded(language).definition)}/>"
        for code in dimension.codes
    ]
    title = WORDS[language][name or dimension.name]
    kind = "single" if name else "multiple"
    return _choice_block(name or dimension.name, title, kind, choices, required=bool(dimension.otherwise))


def _choice_block(name: str, title: str, kind: str, choices: list[str], *, required: bool) -> str:
    head = (
        f'  <Header value={quoteattr(title)}/>\n  <Choices name="{name}" toName="text" choice="{kind}" '
        f'showInLine="true" required="{str(required).lower()}">'
    )
    return "\n".join([head, *choices, "  </Choices>"])


def read_tasks_about(path: Path) -> dict[str, str]:
    """Return whose tasks they are: sample, coder, codebook."""
    tasks = _tasks(path)
    data = tasks[0].get("data") if tasks else None
    if not isinstance(data, dict) or not all(isinstance(data.get(key), str) for key in _ABOUT):
        raise SampleError(f"{path} does not say whose tasks they are; expected data.sample and data.coder")
    return {key: data[key] for key in _ABOUT}


def read_tasks(path: Path, codebook: Codebook, units: Collection[str]) -> Filled:
    """Return what a coder answered in Label Studio's JSON export; tasks without annotation are uncoded."""
    about = read_tasks_about(path)
    filled = Filled(file=path.name, sample=about["sample"], coder=about["coder"])
    seen: set[str] = set()
    for number, task in enumerate(_tasks(path), 1):
        place = f"{path.name}, task {task.get('id', number)}"
        data = task.get("data")
        unit = str(data.get("unit", "")) if isinstance(data, dict) else ""
        if unit not in units or unit in seen:
            expected = "a post that occurs once" if unit in seen else "a post of this sample, as written"
            filled.wrong.append(WrongCell(place=f"{place}, data.unit", value=unit, expected=expected))
            continue
        seen.add(unit)
        _read_task(filled, unit, task, place, codebook)
    filled.uncoded += len(set(units) - seen)
    return filled


def _read_task(filled: Filled, unit: str, task: Mapping[str, Any], place: str, codebook: Codebook) -> None:
    try:
        values = _read_values(task, place)
    except _Misshapen as error:
        filled.wrong.append(error.cell)
        return
    if values is None:
        filled.uncoded += 1
        return
    wrong_cells = _unreadable(values, place, codebook)
    if not wrong_cells:
        answer = _answer(values, codebook)
        fault = find_fault(answer, codebook)
        if fault is None:
            filled.answers[unit] = answer
            return
        control = fault.column.partition(".")[0]
        wrong_cells = [WrongCell(place=f"{place}, {control}", value=fault.value, expected=fault.expected)]
    filled.wrong += wrong_cells


def _read_values(task: Mapping[str, Any], place: str) -> dict[str, list[str]] | None:
    """Return what was chosen by control, None where nobody annotated the task."""
    place = f"{place}, annotations"
    given = [one for one in _objects(task.get("annotations"), place) if not one.get("was_cancelled")]
    if len(given) > 1:
        raise _Misshapen(place, len(given), "one annotation")
    if not given:
        return None
    results = _objects(given[0].get("result"), f"{place}.result")
    return {str(one.get("from_name")): _chosen(one, f"{place}.result") for one in results}


def _objects(value: object, place: str) -> list[dict[str, Any]]:
    if value is None:
        return []
    if not isinstance(value, list) or not all(isinstance(one, dict) for one in value):
        raise _Misshapen(place, value, "a list of objects, as Label Studio exports them")
    return value


def _chosen(result: Mapping[str, Any], place: str) -> list[str]:
    value = result.get("value") or {}
    if not isinstance(value, dict):
        raise _Misshapen(f"{place}.value", value, "an object with choices or text")
    chosen = value.get("choices") or value.get("text") or []
    chosen = [chosen] if isinstance(chosen, str) else chosen
    if not isinstance(chosen, list) or not all(isinstance(one, str) for one in chosen):
        raise _Misshapen(f"{place}.value", chosen, "the names of choices, or text")
    return chosen


def _unreadable(values: Mapping[str, list[str]], place: str, codebook: Codebook) -> list[WrongCell]:
    wrong = []
    for name, dimension in _controls(codebook).items():
        for value in values.get(name, []):
            if code_named(value, dimension.codes) is None:
                known = "one of " + ", ".join(code.name for code in dimension.codes)
                wrong.append(WrongCell(place=f"{place}, {name}", value=value, expected=known))
    return wrong


def _answer(values: Mapping[str, list[str]], codebook: Codebook) -> Answer:
    named = {
        name: [found.name for value in values.get(name, []) if (found := code_named(value, dimension.codes))]
        for name, dimension in _controls(codebook).items()
    }
    primary = named.pop("primary")
    return Answer(
        codes={name: frozenset(codes) for name, codes in named.items()},
        primary=primary[0] if primary else "",
        unsure=bool(values.get("unsure")),
        remark=" ".join(values.get("remark", [])),
    )


def _controls(codebook: Codebook) -> dict[str, Dimension]:
    """Return the dimension that each control of the labelling interface asks about."""
    controls = {dimension.name: dimension for dimension in asked_dimensions(codebook)}
    return controls | {"primary": codebook.dimension("theme")}


def _tasks(path: Path) -> list[dict[str, Any]]:
    try:
        tasks = json.loads(path.read_text(encoding="utf-8-sig"))
    except (OSError, ValueError) as error:
        raise SampleError(
            f"{path} cannot be read as JSON ({error}); expected an export of Label Studio"
        ) from error
    if not isinstance(tasks, list) or not all(isinstance(task, dict) for task in tasks):
        raise SampleError(f"{path} holds {shown(tasks)}; expected a list of tasks")
    return tasks
