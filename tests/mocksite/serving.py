"""The site on this machine's loopback: one free port per platform host, all in one process and event loop."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import threading
import time
from collections.abc import Iterable, Iterator
from email.utils import format_datetime

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route as StarletteRoute
from starlette.types import ASGIApp, Receive, Scope, Send
from uvicorn.protocols.http import h11_impl

from tests.mocksite import instagram, linkedin, tiktok, youtube
from tests.mocksite.refusals import refuse
from tests.mocksite.site import Received, Site
from tests.mocksite.spoil import spoil
from tests.mocksite.visit import Answer, Route, Visit

HOSTS = {
    "www.instagram.com": "instagram",
    "graph.facebook.com": "instagram",
    "www.tiktok.com": "tiktok",
    "open.tiktokapis.com": "tiktok",
    "www.youtube.com": "youtube",
    "www.googleapis.com": "youtube",
    "consent.youtube.com": "youtube",
    "www.linkedin.com": "linkedin",
    "api.linkedin.com": "linkedin",
}
ROBOTS = {
    "www.linkedin.com": "User-agent: *\nDisallow: /\n",
    "www.instagram.com": "User-agent: *\nDisallow: /accounts/\nDisallow: /challenge/\n",
    "www.tiktok.com": "User-agent: *\nDisallow: /login\nDisallow: /inapp\n",
    "www.youtube.com": "User-agent: *\nDisallow: /comment\nDisallow: /get_video\nDisallow: /signin\n",
}
ROUTES = (*instagram.ROUTES, *tiktok.ROUTES, *youtube.ROUTES, *linkedin.ROUTES)
h11_impl.STATUS_PHRASES.setdefault(999, b"Request denied")  # LinkedIn's own, unknown to uvicorn
ALLOW_ALL = "User-agent: *\nDisallow:\n"


def environment(site: Site) -> dict[str, str]:
    """Return the variables with which a crawler finds the running site and may use its APIs."""
    hosts = " ".join(f"{host}={origin}" for host, origin in sorted(site.origins.items()))
    own = {"UITZICHT_TIKTOK_TOKEN": site.credentials.tiktok_user_token} if site.tiktok_owner else {}
    return {"UITZICHT_HOSTS": hosts, **site.credentials.environment(), **own}


@contextlib.contextmanager
def running(site: Site) -> Iterator[dict[str, str]]:
    """Serve the site on a thread of its own; give the origin of each platform host."""
    sockets = {host: _listen() for host in HOSTS}
    site.origins = {host: f"http://127.0.0.1:{sock.getsockname()[1]}" for host, sock in sockets.items()}
    server = uvicorn.Server(
        uvicorn.Config(
            _by_port(site, {sock.getsockname()[1]: host for host, sock in sockets.items()}),
            log_level="critical",
            access_log=False,
            lifespan="off",
            http="h11",
            date_header=False,
            server_header=False,
            timeout_graceful_shutdown=1,
        )
    )
    thread = threading.Thread(
        target=lambda: asyncio.run(server.serve(list(sockets.values()))), name="mocksite", daemon=True
    )
    thread.start()
    try:
        _wait_until_started(server, thread)
        yield dict(site.origins)
    finally:
        server.should_exit = True
        thread.join(timeout=10)
        for sock in sockets.values():
            sock.close()
        site.origins = {}


def _listen() -> socket.socket:
    sock = socket.socket()
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    sock.bind(("127.0.0.1", 0))
    sock.listen(128)
    return sock


def _wait_until_started(server: uvicorn.Server, thread: threading.Thread) -> None:
    deadline = time.monotonic() + 15
    while not server.started:
        if not thread.is_alive() or time.monotonic() > deadline:
            raise RuntimeError("the mock site did not start within 15 seconds")
        time.sleep(0.005)


def _by_port(site: Site, host_of: dict[int, str]) -> ASGIApp:
    apps = {host: application(site, host) for host in HOSTS}

    async def serve(scope: Scope, receive: Receive, send: Send) -> None:
        await apps[host_of[scope["server"][1]]](scope, receive, send)

    return serve


def application(site: Site, host: str) -> Starlette:
    """Return one platform host as an ASGI application."""
    robots = Route(name=f"{HOSTS[host]}.robots", host=host, path="/robots.txt", answers=_robots(site, host))
    mine = [route for route in ROUTES if route.host == host]
    return Starlette(routes=list(_mount(site, [robots, *mine])))


def _robots(site: Site, host: str) -> Answer:
    return lambda visit: PlainTextResponse(site.robots.get(host, ROBOTS.get(host, ALLOW_ALL)))


def _mount(site: Site, routes: Iterable[Route]) -> Iterator[StarletteRoute]:
    for route in routes:
        for path in {route.path, route.path.rstrip("/") or "/"}:
            yield StarletteRoute(path, _endpoint(site, route), methods=list(route.methods))


def _endpoint(site: Site, route: Route):  # type: ignore[no-untyped-def]
    async def endpoint(request: Request) -> Response:
        visit = await _read(site, route, request)
        asked = route.asks_for(visit)
        visit.account = site.account(route.platform, asked) if asked else None
        about = visit.account.handle if visit.account else asked
        visit.due = site.behaviours.due(route.platform, route.host, about, route.name)
        for one in visit.due:
            if one.kind == "slow":
                await asyncio.sleep(one.seconds)
        response = spoil(refuse(visit) or route.answers(visit), visit.due)
        response.headers["date"] = format_datetime(site.clock, usegmt=True)
        site.note(
            Received(
                host=route.host,
                platform=route.platform,
                account=about,
                route=route.name,
                method=request.method,
                target=visit.target,
                status=response.status_code,
                at=time.monotonic(),
            )
        )
        return response

    return endpoint


async def _read(site: Site, route: Route, request: Request) -> Visit:
    query = request.url.query
    return Visit(
        site=site,
        route=route,
        path={name: str(value) for name, value in request.path_params.items()},
        query=dict(request.query_params),
        raw_query=query,
        headers=request.headers,
        target=request.url.path + (f"?{query}" if query else ""),
        body=await request.body(),
    )
