"""Error objects that platforms send in place of data, read into refusals.

A shape that we do not know is no refusal: it is then the parser's business.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from crawler.items import OutcomeKind, Platform, Refusal
from crawler.refusals.signs import (
    GOOGLE_REASONS,
    GRAPH_CODES,
    GRAPH_NO_USER,
    INSTAGRAM_MESSAGES,
    LINKEDIN_CODES,
    STATUSES,
    TIKTOK_CODES,
    TIKTOK_ERRORS,
    TIKTOK_PHRASES,
    YOUTUBE_PHRASES,
)


def read_error(platform: Platform, decoded: dict[str, Any]) -> Refusal | None:
    """Return the refusal that a decoded JSON answer is, None where it is none."""
    return _READERS[platform](decoded)


def outcome_of_status(status: int) -> OutcomeKind:
    """Return what a status from 300 upwards amounts to where nothing else tells."""
    return STATUSES.get(status, "partial" if status >= 500 else "blocked")


def read_tiktok_code(code: int) -> Refusal | None:
    """Return the refusal that TikTok's statusCode stands for; 0 is none."""
    if code == 0:
        return None
    outcome, words = TIKTOK_CODES.get(code, ("blocked", "unknown code"))
    return Refusal(outcome=outcome, sign=f"statusCode {code}: {words}")


def _read_youtube(decoded: dict[str, Any]) -> Refusal | None:
    error = decoded.get("error")
    if isinstance(error, dict) and ("errors" in error or "status" in error):
        return _read_google_error(error)
    for alert in _dicts(decoded.get("alerts")):
        renderer = alert.get("alertRenderer")
        if isinstance(renderer, dict) and renderer.get("type") == "ERROR":
            return _read_youtube_phrase("alert", _plain(renderer.get("text")))
    player = decoded.get("playerResponse")
    return _read_playability(player if isinstance(player, dict) else decoded)


def _read_playability(player: dict[str, Any]) -> Refusal | None:
    playability = player.get("playabilityStatus")
    if not isinstance(playability, dict) or "microformat" in player:
        return None
    status = _words(playability.get("status"))
    if status not in {"LOGIN_REQUIRED", "ERROR", "UNPLAYABLE"}:
        return None
    messages = playability.get("messages")
    said = [playability.get("reason"), *(messages if isinstance(messages, list) else ())]
    return _read_youtube_phrase(f"video {status}", " ".join(_words(part) for part in said))


def _read_youtube_phrase(where: str, phrase: str) -> Refusal:
    plain = phrase.replace("\u2019", "'").lower()
    outcome = _outcome_of(plain, YOUTUBE_PHRASES)
    return Refusal(outcome=outcome, sign=f"{where}: {phrase.strip()}")


def _read_google_error(error: dict[str, Any]) -> Refusal:
    parts = (*_dicts(error.get("errors")), *_dicts(error.get("details")))
    reasons = [_words(part["reason"]) for part in parts if "reason" in part]
    known = [GOOGLE_REASONS[reason] for reason in reasons if reason in GOOGLE_REASONS]
    outcome = known[0] if known else _outcome_of_status(error.get("code"))
    reason = reasons[0] if reasons else _words(error.get("status"))
    return Refusal(outcome=outcome, sign=_describe(error.get("code"), reason, error.get("message")))


def _read_instagram(decoded: dict[str, Any]) -> Refusal | None:
    error = decoded.get("error")
    if isinstance(error, dict) and "type" in error:
        return _read_graph_error(error)
    if decoded.get("status") == "fail" or decoded.get("require_login"):
        return _read_instagram_message(decoded)
    data = decoded.get("data")
    if isinstance(data, dict) and "user" in data and data["user"] is None:
        return Refusal(outcome="blocked", sign="no profile in the answer: removed, age-gated or walled")
    if "errors" in decoded and not data:
        said = "; ".join(_words(part.get("message")) for part in _dicts(decoded["errors"]))
        return Refusal(outcome="blocked", sign=f"GraphQL error: {said}")
    return None


def _read_instagram_message(decoded: dict[str, Any]) -> Refusal:
    said = [_words(decoded.get(name)) for name in ("message", "error_type")]
    message = " ".join(part for part in said if part) or "status fail"
    login = " (require_login)" if decoded.get("require_login") else ""
    return Refusal(outcome=_outcome_of(message.lower(), INSTAGRAM_MESSAGES), sign=message + login)


def _read_graph_error(error: dict[str, Any]) -> Refusal:
    code, message = error.get("code"), _words(error.get("message"))
    found = GRAPH_CODES.get(code) if isinstance(code, int) else None
    if found is None and GRAPH_NO_USER.search(message):
        found = GRAPH_CODES[110]
    outcome, reason = found or ("blocked", "")
    return Refusal(outcome=outcome, sign=_describe(code, reason, message))


def _read_tiktok(decoded: dict[str, Any]) -> Refusal | None:
    error = decoded.get("error")
    code = error.get("code") if isinstance(error, dict) else None
    if isinstance(error, dict) and isinstance(code, str) and code != "ok":
        message = _words(error.get("message"))
        outcome = _outcome_of(message.lower(), TIKTOK_PHRASES, TIKTOK_ERRORS.get(code, "blocked"))
        return Refusal(outcome=outcome, sign=_describe(code, "", message))
    if decoded.get("type") == "verify":
        return Refusal(outcome="challenged", sign=f"captcha ({_words(decoded.get('subtype'))})")
    for name in ("statusCode", "status_code"):
        number = decoded.get(name)
        if isinstance(number, int):
            return read_tiktok_code(number)
    return None


def _read_linkedin(decoded: dict[str, Any]) -> Refusal | None:
    status = decoded.get("status")
    if not isinstance(status, int) or status < 400:
        return None
    code = _words(decoded.get("code"))
    outcome = LINKEDIN_CODES.get(code) or _outcome_of_status(status)
    return Refusal(outcome=outcome, sign=_describe(status, code, decoded.get("message")))


_READERS: dict[Platform, Callable[[dict[str, Any]], Refusal | None]] = {
    "instagram": _read_instagram,
    "tiktok": _read_tiktok,
    "youtube": _read_youtube,
    "linkedin": _read_linkedin,
}


def _outcome_of(
    text: str, phrases: tuple[tuple[str, OutcomeKind], ...], otherwise: OutcomeKind = "blocked"
) -> OutcomeKind:
    return next((outcome for phrase, outcome in phrases if phrase in text), otherwise)


def _outcome_of_status(status: object) -> OutcomeKind:
    return outcome_of_status(status) if isinstance(status, int) else "blocked"


def _describe(code: object, reason: str, message: object) -> str:
    head = f"API error {_words(code)} {reason}".strip()
    return f"{head}: {_words(message)}"


def _words(value: object) -> str:
    return str(value) if isinstance(value, (str, int)) else ""


def _dicts(value: object) -> Iterator[dict[str, Any]]:
    return (part for part in value if isinstance(part, dict)) if isinstance(value, list) else iter(())


def _plain(text: object) -> str:
    if not isinstance(text, dict):
        return ""
    runs = "".join(_words(run.get("text")) for run in _dicts(text.get("runs")))
    return _words(text.get("simpleText")) or runs
