"""The words, numbers and dates of a report in one language, from one file per language."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from importlib.resources import files
from typing import Any, Literal

from markupsafe import Markup, escape

from crawler.study import HOME

Code = Literal["nl", "en"]
CODES: tuple[Code, ...] = ("nl", "en")

_TIMED = ("second", "minute", "hour")


class Language:
    """Says things in one language.

    Words come from languages/<code>.toml and may hold HTML; what fills them in is escaped. `names` are further names,
    of codes that the language's file does not know.
    """

    def __init__(self, code: Code, names: Mapping[str, str] | None = None) -> None:
        self.code = code
        self._words = read_words(code)
        self._numbers: dict[str, Any] = self._words["numbers"]
        self._names = dict(names or {})

    def say(self, key: str, **values: object) -> Markup:
        """Return the words at "section.key", filled in."""
        section, name = key.split(".")
        return Markup(self._words[section][name]).format(**values)  # noqa: S704 - our own words

    def lines(self, key: str) -> list[Markup]:
        """Return the list of words at "section.key"."""
        section, name = key.split(".")
        return [Markup(line) for line in self._words[section][name]]  # noqa: S704 - our own words

    def knows(self, section: str, name: str) -> bool:
        """Return whether a section of the language's file has this name."""
        return name in self._words[section]

    def name(self, section: str, name: str) -> str:
        """Return what something is called; where the language has no word for it, its own name made readable."""
        words = self._words[section]
        return str(words[name]) if name in words else self._names.get(name, name.replace("_", " "))

    def count(self, number: int, noun: str) -> str:
        """Return a number with its noun: "1 bericht", "1.431 berichten"."""
        return f"{self.number(number)} {self.noun(number, noun)}"

    def noun(self, number: int, noun: str) -> str:
        """Return a noun in the form that goes with a number."""
        singular, plural = self._words["nouns"][noun]
        return str(singular if number == 1 else plural)

    def number(self, number: float, digits: int = 0) -> str:
        """Return a number as this language writes it."""
        swap = {",": self._numbers["thousands"], ".": self._numbers["decimal"]}
        return "".join(swap.get(sign, sign) for sign in f"{number:,.{digits}f}")

    def percent(self, share: float, digits: int = 1) -> str:
        """Return a share as a percentage."""
        return f"{self.number(100 * share, digits)}%"

    def interval(self, low: float | None, high: float | None) -> str:
        """Return both bounds of a share as percentages, nothing where there are none."""
        if low is None or high is None:
            return ""
        return f"{self.range(100 * low, 100 * high)}%"

    def range(self, low: float, high: float, digits: int = 1) -> str:
        """Return two numbers as a range."""
        return str(self._numbers["range"]).format(
            low=self.number(low, digits), high=self.number(high, digits)
        )

    def day(self, day: date) -> str:
        """Return a date; of a moment, the day it is in the Netherlands."""
        return self._date("day", day.astimezone(HOME) if isinstance(day, datetime) else day)

    def short_day(self, day: date) -> str:
        """Return a date with its month in short; of a moment, the day it is in the Netherlands."""
        at = day.astimezone(HOME) if isinstance(day, datetime) else day
        return f"{at.day} {self._numbers['short_months'][at.month - 1]} {at.year}"

    def short_days(self, oldest: date, newest: date) -> str:
        """Return from which day to which, one day where they are the same."""
        first, last = self.short_day(oldest), self.short_day(newest)
        return first if first == last else str(self._numbers["days"]).format(oldest=first, newest=last)

    def month(self, month: str) -> str:
        """Return a month such as "2026-03" in full."""
        return self._date("month", date.fromisoformat(f"{month}-01"))

    def short_month(self, month: str) -> str:
        """Return a month such as "2026-03" as an axis shows it."""
        return f"{self._numbers['short_months'][int(month[5:]) - 1]} {month[2:4]}"

    def moment(self, moment: datetime | None, precision: str) -> str:
        """Return when a post was made, no more precisely than is known."""
        if moment is None or precision == "unknown":
            return str(self._numbers["undated"])
        at = moment.astimezone(HOME) if precision in _TIMED else moment
        if precision == "year":
            return str(at.year)
        return self._date("minute" if precision == "second" else precision, at)

    def join(self, parts: Sequence[object]) -> Markup:
        """Return parts as a list in a sentence: "a, b en c"."""
        shown = [escape(part) for part in parts]
        if len(shown) < 2:
            return Markup("").join(shown)
        return Markup("{} {} {}").format(Markup(", ").join(shown[:-1]), self.say("page.and"), shown[-1])

    @property
    def chart_locale(self) -> dict[str, Any]:
        """How charts write numbers, as d3 wants to be told."""
        signs = {name: self._numbers[name] for name in ("decimal", "thousands")}
        return signs | {"grouping": [3], "currency": ["", ""]}

    def _date(self, form: str, at: date) -> str:
        time = {"hour": f"{at.hour:02}", "minute": f"{at.minute:02}"} if isinstance(at, datetime) else {}
        month = self._numbers["months"][at.month - 1]
        return str(self._numbers[form]).format(day=at.day, month=month, year=at.year, **time)


def read_words(code: Code) -> dict[str, dict[str, Any]]:
    """Return all words of a language by section and name."""
    text = files("audit.report").joinpath("languages", f"{code}.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)
