"""A guard for tests of discovery: whatever leaves this machine, or asks a real name server, fails the test."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from typing import Any

import pytest

_connect, _lookup = socket.socket.connect, socket.getaddrinfo


@pytest.fixture(autouse=True)
def loopback_only(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Let no packet leave loopback."""

    def connect(self: socket.socket, address: Any) -> None:
        assert address[0] == "127.0.0.1", f"a connection to {address} was tried"
        _connect(self, address)

    def lookup(host: Any, *others: Any, **named: Any) -> Any:
        assert host in ("127.0.0.1", "", None), f"{host} was looked up"
        return _lookup(host, *others, **named)

    monkeypatch.setattr(socket.socket, "connect", connect)
    monkeypatch.setattr(socket, "getaddrinfo", lookup)
    yield
