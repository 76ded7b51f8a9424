"""Strict reading of YAML: every value knows its file and line, aliases are refused, sizes are bounded."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

import yaml

from classify.errors import CodebookError, shown

LARGEST_FILE = 4_000_000
DEEPEST = 12
MOST_NODES = 200_000
_TRUTHS = {"true": True, "yes": True, "on": True, "false": False, "no": False, "off": False}
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class Section:
    """A YAML value together with the place where it was found."""

    __slots__ = ("file", "node")

    def __init__(self, node: yaml.Node, file: str) -> None:
        self.node = node
        self.file = file

    @property
    def place(self) -> str:
        """File and line of this value."""
        return f"{self.file}:{self.line}"

    @property
    def line(self) -> int:
        """Line of this value, counted from 1."""
        return int(self.node.start_mark.line) + 1

    def pairs(self) -> dict[str, Section]:
        """Return the values of a mapping by name; a name given twice is an error."""
        if not isinstance(self.node, yaml.MappingNode):
            raise CodebookError(self.place, f"found {self._kind()}; expected a mapping")
        found: dict[str, Section] = {}
        for key, value in self.node.value:
            name = Section(key, self.file).text()
            if name in found:
                raise CodebookError(Section(key, self.file).place, f"{shown(name)} is given twice")
            found[name] = Section(value, self.file)
        return found

    def items(self) -> list[Section]:
        """Return the values of a list."""
        if not isinstance(self.node, yaml.SequenceNode):
            raise CodebookError(self.place, f"found {self._kind()}; expected a list")
        return [Section(item, self.file) for item in self.node.value]

    def text(self) -> str:
        """Return a plain value as written."""
        if not isinstance(self.node, yaml.ScalarNode):
            raise CodebookError(self.place, f"found {self._kind()}; expected a text")
        return str(self.node.value)

    def number(self, lowest: float, highest: float) -> float:
        """Return a number between two bounds."""
        written = self.text()
        try:
            value = float(written)
        except ValueError:
            value = float("nan")
        if lowest <= value <= highest:
            return value
        raise CodebookError(self.place, f"{shown(written)}; expected a number from {lowest:g} to {highest:g}")

    def truth(self) -> bool:
        """Return whether a value says true or false, in any of the ways in which YAML may write it."""
        written = self.text()
        try:
            return _TRUTHS[written.lower()]
        except KeyError:
            raise CodebookError(self.place, f"{shown(written)}; expected true or false") from None

    def is_text(self) -> bool:
        """Say whether this is a plain value."""
        return isinstance(self.node, yaml.ScalarNode)

    def is_list(self) -> bool:
        """Say whether this is a list."""
        return isinstance(self.node, yaml.SequenceNode)

    def lines(self) -> Iterator[tuple[str, str]]:
        """Yield each line of a block of text with its place; comments after # and empty lines are left out."""
        block = isinstance(self.node, yaml.ScalarNode) and self.node.style in ("|", ">")
        for number, line in enumerate(self.text().splitlines()):
            content = line.split(" #", 1)[0].strip() if not line.lstrip().startswith("#") else ""
            if content:
                yield content, f"{self.file}:{self.line + number + block}"

    def _kind(self) -> str:
        if isinstance(self.node, yaml.ScalarNode):
            return f"the text {shown(self.node.value)}"
        return "a list" if self.is_list() else "a mapping"


class Entries:
    """The named values of a mapping: needed, taken, and none that is not known."""

    def __init__(self, section: Section, known: Iterable[str]) -> None:
        self.section = section
        self.values = section.pairs()
        known = sorted(known)
        for name, value in self.values.items():
            if name not in known:
                raise CodebookError(
                    value.place, f"{shown(name)} is not known here; expected {', '.join(known)}"
                )

    def need(self, name: str) -> Section:
        """Return a value that must be there."""
        if name not in self.values:
            raise CodebookError(self.section.place, f"{name} is missing")
        return self.values[name]

    def take(self, name: str) -> Section | None:
        """Return a value, or None where there is none."""
        return self.values.get(name)

    def text(self, name: str, otherwise: str = "") -> str:
        """Return a text, or something else where there is none."""
        value = self.values.get(name)
        return otherwise if value is None else value.text().strip()

    def texts(self, name: str) -> tuple[str, ...]:
        """Return a list of texts, empty where there is none."""
        value = self.values.get(name)
        return () if value is None else tuple(item.text().strip() for item in value.items())


def read_yaml(path: Path) -> Section:
    """Return a YAML file's one document; CodebookError where it is too large, aliased or no YAML."""
    try:
        if path.stat().st_size > LARGEST_FILE:
            raise CodebookError(
                str(path), f"has {path.stat().st_size} bytes; expected at most {LARGEST_FILE}"
            )
        return parse_yaml(path.read_text(encoding="utf-8"), path.name)
    except OSError as error:
        raise CodebookError(str(path), f"cannot be read ({error.strerror})") from error
    except UnicodeDecodeError as error:
        raise CodebookError(str(path), f"is no UTF-8 text (byte {error.start})") from error


def parse_yaml(text: str, file: str) -> Section:
    """Return the one document of a YAML text."""
    try:
        _inspect(text, file)
        node = yaml.compose(text, Loader=_LOADER)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise CodebookError(f"{file}:{line}", f"is no YAML: {error.problem}") from error
    except yaml.YAMLError as error:
        raise CodebookError(file, f"is no YAML: {shown(str(error), 200)}") from error
    if node is None:
        raise CodebookError(file, "is empty; expected a codebook")
    return Section(node, file)


def _inspect(text: str, file: str) -> None:
    depth = nodes = 0
    for event in yaml.parse(text, Loader=_LOADER):
        place = f"{file}:{event.start_mark.line + 1 if event.start_mark else 1}"
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise CodebookError(
                place, "has an anchor or alias (& or *); write it out, or put * terms in quotes"
            )
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        nodes += isinstance(event, yaml.NodeEvent)
        if depth > DEEPEST:
            raise CodebookError(place, f"is nested deeper than {DEEPEST}")
        if nodes > MOST_NODES:
            raise CodebookError(place, f"has more than {MOST_NODES} values")
