"""Keeps texts from being taken for formulas by a spreadsheet, in a way that can be undone."""

from __future__ import annotations

import re

RISKY = "=+\\-@\t\r\n＝＋－＠"
_RISKY_START = re.compile(f"'*[{RISKY}]")
_ESCAPED = re.compile(f"'(?='*[{RISKY}])")


def is_risky(text: str) -> bool:
    """Tell whether a spreadsheet might take a text for a formula, or an escaped one for an unescaped one."""
    return _RISKY_START.match(text) is not None


def escape(text: str) -> str:
    """Return a text that a spreadsheet takes for a text: with an apostrophe before what looks like a formula.

    >>> escape("=1+1"), escape("'s avonds"), escape("'=1+1")
    ("'=1+1", "'s avonds", "''=1+1")
    """
    return "'" + text if is_risky(text) else text


def unescape(text: str) -> str:
    """Return the text that was escaped.

    >>> unescape("'=1+1"), unescape("'s avonds"), unescape("''=1+1")
    ('=1+1', "'s avonds", "'=1+1")
    """
    return _ESCAPED.sub("", text, count=1) if _ESCAPED.match(text) else text


def escaped_sql(expression: str) -> str:
    """Return SQL for the escaped text of a column."""
    pattern = f"^'*[{RISKY}]".replace("'", "''")
    return (
        f"case when regexp_matches({expression}, '{pattern}') then '''' || {expression} else {expression} end"
    )
