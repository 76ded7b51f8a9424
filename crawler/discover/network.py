"""The way to a website: a name is looked up once, every address of it is checked, and that address is connected to."""

from __future__ import annotations

import os
import socket
import ssl
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

import certifi
from urllib3.connection import HTTPConnection, HTTPSConnection

from crawler.discover.address import RefusedAddress, check_address, read_host


def look_up(host: str) -> list[str]:
    """Return the addresses that a name has now. Raises OSError where it has none."""
    found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(one[4][0]) for one in found))


def dial(address: str, port: int, timeout: float) -> socket.socket:
    """Return a connection to an IP address; nothing is looked up."""
    return socket.create_connection((address, port), timeout)


def trust(environ: Mapping[str, str] = os.environ) -> ssl.SSLContext:
    """Return whose certificates are believed: SSL_CERT_FILE where it is set, else the public ones."""
    return ssl.create_default_context(cafile=environ.get("SSL_CERT_FILE") or certifi.where())


@dataclass(frozen=True, slots=True, kw_only=True)
class Network:
    """How names are looked up, addresses dialled and certificates believed."""

    look_up: Callable[[str], Sequence[str]] = look_up
    dial: Callable[[str, int, float], socket.socket] = dial
    tls: ssl.SSLContext = field(default_factory=trust)

    @contextmanager
    def connect(self, url: str, seconds: float) -> Iterator[HTTPConnection]:
        """Give a connection to a public website that ends after so many seconds, whatever the site does.

        Raises RefusedAddress where any address of the name is not public, OSError where there is no way to it.
        """
        scheme, host, port = read_host(url)
        sock = self._dial(self._addresses(host), port, seconds)
        guard = sock.dup()
        watch = threading.Timer(seconds, _hang_up, (guard,))
        watch.daemon = True
        watch.start()
        connection = self._over(sock, scheme, host, port, seconds)
        try:
            yield connection
        finally:
            watch.cancel()
            connection.close()
            for one in (sock, guard):
                one.close()

    def _addresses(self, host: str) -> list[str]:
        """Return all addresses of a host; one that is not public spoils the others, as rebinding mixes them."""
        try:
            check_address(host, host)
            return [host]
        except RefusedAddress:
            found = self.look_up(host)
        if not found:
            raise OSError(f"{host} has no address")
        return [check_address(one, host) for one in found]

    def _dial(self, addresses: Sequence[str], port: int, seconds: float) -> socket.socket:
        trouble: OSError = OSError("has no address")
        for address in addresses[:4]:
            try:
                return self.dial(address, port, min(seconds, 10.0))
            except OSError as error:
                trouble = error
        raise trouble

    def _over(self, sock: socket.socket, scheme: str, host: str, port: int, seconds: float) -> HTTPConnection:
        if scheme == "http":
            return _Plain(host, port, timeout=seconds, over=sock)
        return _Secure(host, port, timeout=seconds, ssl_context=self.tls, over=sock)


class _Pinned:
    """Takes the connection that was dialled, so that nothing is looked up a second time."""

    def __init__(self, *args: object, over: socket.socket, **options: object) -> None:
        super().__init__(*args, **options)
        self._over = over

    def _new_conn(self) -> socket.socket:
        return self._over


class _Plain(_Pinned, HTTPConnection):
    """A pinned connection without encryption."""


class _Secure(_Pinned, HTTPSConnection):
    """A pinned connection whose certificate must be the name's."""


def _hang_up(guard: socket.socket) -> None:
    with suppress(OSError):
        guard.shutdown(socket.SHUT_RDWR)
