"""Secrets are taken out at the door: nothing that grants access reaches archive, feed or log."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from urllib.parse import parse_qsl, quote, urlsplit, urlunsplit

from crawler.items import Capture

REDACTED = "REDACTED"
CREDENTIALS = (
    "UITZICHT_YOUTUBE_API_KEY",
    "UITZICHT_INSTAGRAM_TOKEN",
    "UITZICHT_INSTAGRAM_USER_ID",
    "UITZICHT_TIKTOK_CLIENT_KEY",
    "UITZICHT_TIKTOK_CLIENT_SECRET",
    "UITZICHT_TIKTOK_TOKEN",
    "UITZICHT_LINKEDIN_TOKEN",
)

# Names whose values grant access or single out a session, wherever they stand.
_ALWAYS = (
    "access_token|refresh_token|id_token|client_secret|client_key|api_key|apikey|password|mstoken|x-bogus|x-gnarly|"
    "verifyfp|s_v_web_id|device_id|odinid|csrf|csrftoken|csrf_token|fb_dtsg|lsd|sessionid|session_id|jsessionid|"
    "li_at|nonce|requestid|visitordata|po_token|organic_tracking_token|tracking_token|logging_info_token"
)
# In an address or a form these are secrets too; in a body they are cursors, texts about oneself and the like.
_IN_ADDRESS = f"{_ALWAYS}|key|token|sig|signature|_signature|wid|pot|cookie"

_SECRET_PARAMETER = re.compile(f"^(?:{_IN_ADDRESS})$", re.IGNORECASE)
_SECRET_HEADER = re.compile(
    "^(?:authorization|proxy-authorization|cookie|set-cookie|x-csrftoken|x-ig-www-claim|x-goog-api-key|"
    "x-goog-visitor-id|csrf-token|x-ms-token|x-mssdk-.*|tt-csrf-token|x-fb-lsd)$",
    re.IGNORECASE,
)
_SECRET_IN_JSON = re.compile(rb'("(?:' + _ALWAYS.encode() + rb')"\s*:\s*")((?:[^"\\]|\\.)*)"', re.IGNORECASE)
_SECRET_IN_FORM = re.compile(rb"(^|&)((?:" + _IN_ADDRESS.encode() + rb")=)[^&\s\"'<>]*", re.IGNORECASE)
_SECRET_IN_TEXT = re.compile(
    rb"AIza[\w-]{35}|\bya29\.[\w.-]{20,}|\bEAA[A-Za-z0-9]{40,}|\bclt\.[\w.!-]{20,}|\bBearer\s+[\w.~+/=-]{8,}"
)
_URL_IN_BODY = re.compile(rb'https?:(?://|\\/\\/)(?:[^\s"\'<>\\?]|\\/)+\?[^\s"\'<>]+')
_QUERY_SECRET = re.compile(
    rb"((?:[?&]|\\u0026|&amp;)(?:" + _IN_ADDRESS.encode() + rb")=)[^&\s\"'<>\\]+", re.IGNORECASE
)


def known_secrets(environ: Mapping[str, str] = os.environ) -> tuple[bytes, ...]:
    """Return the credentials that are in the environment, as they might stand in a text or an address."""
    values = (environ.get(name, "") for name in CREDENTIALS)
    found = {form.encode() for value in values if len(value) >= 6 for form in (value, quote(value, safe=""))}
    return tuple(sorted(found, key=len, reverse=True))


def redact(capture: Capture, secrets: Iterable[bytes] = ()) -> Capture:
    """Return the capture without keys, tokens and cookies in address, headers and bodies."""
    secrets = tuple(secrets)
    return replace(
        capture,
        url=redact_text(redact_url(capture.url), secrets),
        headers=tuple((name, _redact_header(name, value, secrets)) for name, value in capture.headers),
        body=redact_body(capture.body, secrets),
        request_body=redact_body(_SECRET_IN_FORM.sub(rb"\1\2REDACTED", capture.request_body), secrets),
    )


def redact_url(url: str) -> str:
    """Return the address with the values of secret parameters taken out.

    >>> redact_url("https://x.example/v3/videos?id=7&key=abc")
    'https://x.example/v3/videos?id=7&key=REDACTED'
    """
    if "?" not in url and "@" not in url:
        return url
    parts = urlsplit(url)
    query = "&".join(
        f"{quote(name)}={REDACTED if _SECRET_PARAMETER.match(name) else quote(value, safe='@:,(){}.')}"
        for name, value in parse_qsl(parts.query, keep_blank_values=True)
    )
    host = parts.netloc.rsplit("@", 1)[-1]
    return urlunsplit((parts.scheme, host, parts.path, query, ""))


def redact_text(text: str, secrets: Iterable[bytes]) -> str:
    """Return the text with known secrets taken out."""
    for secret in secrets:
        text = text.replace(secret.decode(), REDACTED)
    return text


def redact_body(body: bytes, secrets: Iterable[bytes] = ()) -> bytes:
    """Return a body without known secrets and the values of fields that hold them; JSON stays JSON."""
    for secret in secrets:
        body = body.replace(secret, REDACTED.encode())
    body = _SECRET_IN_JSON.sub(rb'\1REDACTED"', body)
    body = _SECRET_IN_TEXT.sub(REDACTED.encode(), body)
    return _URL_IN_BODY.sub(lambda found: _QUERY_SECRET.sub(rb"\1REDACTED", found.group()), body)


def _redact_header(name: str, value: str, secrets: Iterable[bytes]) -> str:
    if _SECRET_HEADER.match(name):
        return REDACTED
    return redact_text(redact_url(value) if name.lower() == "location" else value, secrets)


def credential(name: str) -> str:
    """Return a credential from the environment; where there is none, what stands for it in an archive."""
    return os.environ.get(name) or REDACTED
