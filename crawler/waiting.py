"""Until when a platform asked us to stay away from a route, remembered across crawls."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import orjson


class Waiting:
    """What a platform asked for, by route, kept in a small file of the study; whoever deletes the file asks again."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._until = _read(path)

    def until(self, route: str, now: datetime) -> datetime | None:
        """Return when a route may be asked again; None where it may be now."""
        until = self._until.get(route)
        return until if until is not None and until > now else None

    def note(self, route: str, now: datetime, seconds: float) -> None:
        """Remember that a platform asked us to wait, in seconds from now."""
        until = now + timedelta(seconds=seconds)
        self._until[route] = max(until, self._until.get(route, until))
        self.path.parent.mkdir(parents=True, exist_ok=True)
        temporary = self.path.with_suffix(".tmp")
        temporary.write_bytes(orjson.dumps({name: at.isoformat() for name, at in self._until.items()}))
        temporary.replace(self.path)


def _read(path: Path) -> dict[str, datetime]:
    try:
        note = orjson.loads(path.read_bytes())
        return {str(name): datetime.fromisoformat(at).astimezone(UTC) for name, at in note.items()}
    except (FileNotFoundError, orjson.JSONDecodeError, AttributeError, TypeError, ValueError):
        return {}
