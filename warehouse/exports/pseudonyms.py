"""Names that stand in for accounts, posts and people: keyed hashes, which nobody makes without the study's key."""

from __future__ import annotations

import hashlib
import hmac

_BLOCK = 64


def pseudonym(key: bytes, kind: str, name: str) -> str:
    """Return the pseudonym of a name: its kind and 80 bits of its HMAC-SHA256.

    >>> pseudonym(b"secret", "account", "tiktok/school")
    'account-1bd032606fe7c67274c6'
    """
    said = hmac.new(key, f"{kind}\x1f{name}".encode(), hashlib.sha256).hexdigest()
    return f"{kind}-{said[:20]}"


def pads(key: bytes) -> dict[str, bytes]:
    """Return the key's two pads (RFC 2104), with which SQL makes the same pseudonyms."""
    block = (key if len(key) <= _BLOCK else hashlib.sha256(key).digest()).ljust(_BLOCK, b"\0")
    return {
        "inner_pad": bytes(byte ^ 0x36 for byte in block),
        "outer_pad": bytes(byte ^ 0x5C for byte in block),
    }
