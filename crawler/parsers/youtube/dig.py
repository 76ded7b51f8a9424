"""Finding one's way in YouTube's deep page JSON, where what we look for may be absent at any level."""

from __future__ import annotations


def dig(value: object, *path: str | int) -> object:
    """Return what lies at a path of names and positions, None where the path breaks off.

    >>> dig({"tabs": [{"title": "Videos"}]}, "tabs", 0, "title"), dig({"tabs": None}, "tabs", 0)
    ('Videos', None)
    """
    for step in path:
        if isinstance(step, str):
            if not isinstance(value, dict):
                return None
            value = value.get(step)
        elif isinstance(value, list) and -len(value) <= step < len(value):
            value = value[step]
        else:
            return None
    return value


def dicts(value: object) -> list[dict[str, object]]:
    """Return the objects in a list, [] where there is no list."""
    return [part for part in value if isinstance(part, dict)] if isinstance(value, list) else []


def text_of(value: object) -> str | None:
    """Return a text, in whichever of its ways YouTube writes it; None where there is none.

    >>> text_of({"runs": [{"text": "Open "}, {"text": "dag"}]}), text_of({"simpleText": "7 views"})
    ('Open dag', '7 views')
    """
    if not isinstance(value, dict):
        return None
    for name in ("content", "simpleText"):
        if isinstance(value.get(name), str):
            return str(value[name])
    runs = [run["text"] for run in dicts(value.get("runs")) if isinstance(run.get("text"), str)]
    return "".join(map(str, runs)) if runs else None
