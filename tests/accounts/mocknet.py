"""An internet on this machine: names with public addresses of their own, and every connection ends at one server."""

from __future__ import annotations

import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from crawler.discover.network import Network

HTML = "text/html; charset=utf-8"


@dataclass(frozen=True, kw_only=True)
class Reply:
    """What a page answers; `drip` sends it byte by byte with so many seconds between."""

    body: bytes = b""
    status: int = 200
    type: str = HTML
    headers: Mapping[str, str] = field(default_factory=dict)
    drip: float = 0.0


def page(html: str, **other: object) -> Reply:
    return Reply(body=html.encode(), **other)  # type: ignore[arg-type]


def moved(to: str, status: int = 302) -> Reply:
    return Reply(status=status, headers={"Location": to})


@dataclass(kw_only=True)
class MockNet:
    """The addresses of all names, and a record of what was looked up and dialled."""

    pages: Mapping[str, Mapping[str, Reply]]
    port: int = 0
    tls_port: int = 0
    names: dict[str, Sequence[Sequence[str]]] = field(default_factory=dict)
    tls: ssl.SSLContext = field(default_factory=lambda: ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT))
    looked_up: list[str] = field(default_factory=list)
    dialled: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)

    def look_up(self, host: str) -> Sequence[str]:
        """Answer with the next of a name's answers, as a name server that changes its mind does."""
        before = self.looked_up.count(host)
        self.looked_up.append(host)
        if host in self.names:
            answers = self.names[host]
            return answers[min(before, len(answers) - 1)]
        if host in self.pages:
            return [f"20.0.0.{1 + list(self.pages).index(host)}"]
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    def dial(self, address: str, port: int, timeout: float) -> socket.socket:
        """Connect to the server on this machine in place of a public address, which is all that may come here."""
        self.dialled.append(address)
        if not address.startswith(("20.0.0.", "2a00:")):
            raise AssertionError(f"{address} was dialled")
        ours = self.tls_port if port == 443 else self.port
        if not ours:
            raise ConnectionRefusedError("Connection refused")
        return socket.create_connection(("127.0.0.1", ours), timeout)

    @property
    def network(self) -> Network:
        return Network(look_up=self.look_up, dial=self.dial, tls=self.tls)


@contextmanager
def serving(
    pages: Mapping[str, Mapping[str, Reply]], contexts: Callable[[str], ssl.SSLContext] | None = None
) -> Iterator[MockNet]:
    """Run the server; `contexts` gives the certificate that https shows for a name, None for no https at all."""
    net = MockNet(pages=pages)
    plain = _start(net, None)
    secure = _start(net, _by_name(contexts)) if contexts else None
    net.port, net.tls_port = plain.server_address[1], secure.server_address[1] if secure else 0
    try:
        yield net
    finally:
        for server in (plain, secure):
            if server:
                server.shutdown()
                server.server_close()


def _by_name(contexts: Callable[[str], ssl.SSLContext]) -> ssl.SSLContext:
    outer = contexts("default.example")

    def choose(sock: ssl.SSLObject, name: str | None, _: ssl.SSLContext) -> None:
        sock.context = contexts(name or "default.example")

    outer.sni_callback = choose  # type: ignore[assignment]
    return outer


def _start(net: MockNet, tls: ssl.SSLContext | None) -> ThreadingHTTPServer:
    class Handler(BaseHTTPRequestHandler):
        def setup(self) -> None:
            if tls:
                self.request = tls.wrap_socket(self.request, server_side=True)
            super().setup()

        def do_GET(self) -> None:
            host = (self.headers["Host"] or "").partition(":")[0]
            net.asked.append(f"{host}{self.path}")
            pages = net.pages.get(host, {})
            missing = Reply(status=404, body=b"" if self.path == "/robots.txt" else b"<h1>404</h1>")
            self._send(pages.get(self.path, missing))

        def _send(self, reply: Reply) -> None:
            self.send_response(reply.status)
            given = {"Content-Type": reply.type, "Content-Length": str(len(reply.body)), **reply.headers}
            for name, value in given.items():
                self.send_header(name, value)
            self.end_headers()
            step = 1 if reply.drip else 65_536
            for start in range(0, len(reply.body), step):
                self.wfile.write(reply.body[start : start + step])
                time.sleep(reply.drip)

        def log_message(self, *_: object) -> None:
            pass

    class Quiet(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, *_: object) -> None:
            """Say nothing of connections that the other side gave up."""

    server = Quiet(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, args=(0.005,), daemon=True).start()
    return server
