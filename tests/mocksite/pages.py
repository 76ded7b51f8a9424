"""The site's HTML pages, from the templates beside this module."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

_TEMPLATES = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


def page(template: str, **values: Any) -> str:
    """Return a page of HTML or XML; texts in it are escaped."""
    return _TEMPLATES.get_template(template).render(**values)


def script_json(content: Any) -> Markup:
    """Return JSON that may stand inside a script element."""
    text = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
    return Markup(text.replace("<", "\\u003C").replace("\u2028", "\\u2028"))  # noqa: S704  (escaped just here)


def plain_page(title: str, text: str) -> str:
    """Return a bare page that says one thing."""
    return page("plain.html", title=title, text=text)
