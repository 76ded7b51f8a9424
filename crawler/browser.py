"""Chromium: where it is, how it is started, and how what a page received becomes captures."""

from __future__ import annotations

import argparse
import asyncio
import atexit
import logging
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import certifi

from crawler.items import Capture, Platform, capture_id

if TYPE_CHECKING:
    from playwright.async_api import Request, Response

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "msedge")
QUIET = (
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-quic",
    "--disable-sync",
    "--no-first-run",
)
_PEM = re.compile(rb"-----BEGIN CERTIFICATE-----.+?-----END CERTIFICATE-----", re.DOTALL)
_NOT_NEEDED = {"image", "media", "font"}
_KEPT = {"document", "xhr", "fetch"}

logger = logging.getLogger(__name__)


def find_chromium(environ: Mapping[str, str] = os.environ) -> str | None:
    """Return the Chromium to use: UITZICHT_CHROMIUM, Playwright's own, one on PATH, or None."""
    named = environ.get("UITZICHT_CHROMIUM")
    if named:
        return named if named.lower() != "none" and Path(named).exists() else None
    return _playwrights_own() or next(filter(None, map(shutil.which, NAMES)), None)


def launch_options(environ: Mapping[str, str] = os.environ) -> dict[str, Any]:
    """Return Playwright's launch options for this machine: executable, quiet flags, the proxy of the environment."""
    options: dict[str, Any] = {
        "headless": True,
        "args": list(QUIET),
        "executable_path": find_chromium(environ),
    }
    if hasattr(os, "geteuid") and os.geteuid() == 0:  # Chromium refuses its sandbox to root
        options["args"].append("--no-sandbox")
    if proxy := proxy_of(environ):
        options["proxy"] = proxy
    if home := _trusting_home(environ):
        options["env"] = {**environ, "HOME": str(home)}
    return options


def proxy_of(environ: Mapping[str, str]) -> dict[str, str] | None:
    """Return the proxy of the standard environment variables as Playwright takes it."""
    named = {name.lower(): value for name, value in environ.items() if value}
    server = named.get("https_proxy") or named.get("http_proxy") or named.get("all_proxy")
    if not server:
        return None
    parts = urlsplit(server if "://" in server else f"http://{server}")
    proxy = {"server": f"{parts.scheme}://{parts.hostname}:{parts.port or 80}"}
    if parts.username:
        proxy |= {"username": parts.username, "password": parts.password or ""}
    if bypass := named.get("no_proxy"):
        proxy["bypass"] = bypass
    return proxy


def is_not_needed(request: Request) -> bool:
    """Tell whether a page's request brings pictures, films or fonts, which nobody reads here."""
    return request.resource_type in _NOT_NEEDED


class Interception:
    """Collects what one page receives: its document and the answers to its own requests, in order of arrival."""

    def __init__(self, platform: Platform, route: str, account: str) -> None:
        self._platform = platform
        self._route = route
        self._account = account
        self._captures: asyncio.Queue[Capture] = asyncio.Queue()
        self.failures: list[str] = []

    async def note(self, response: Response) -> None:
        """Take a response in; its body is gone once the page moves on, so it is read here."""
        if response.request.resource_type not in _KEPT:
            return
        try:
            body = b"" if 300 <= response.status < 400 else await response.body()
        except Exception as error:  # the page was closed or went elsewhere meanwhile
            logger.warning("%s: the body of %s was gone: %s", self._account, response.url, error)
            return
        await self._captures.put(await self._capture(response, body))

    def note_failure(self, request: Request) -> None:
        """Take in a request of the page that got no whole answer."""
        if request.resource_type in _KEPT:
            self.failures.append(f"{urlsplit(request.url).path}: {request.failure}")

    async def next(self, timeout: float) -> Capture | None:
        """Return the next capture, None where none comes within `timeout` seconds."""
        try:
            return await asyncio.wait_for(self._captures.get(), timeout)
        except TimeoutError:
            return None

    async def _capture(self, response: Response, body: bytes) -> Capture:
        now = datetime.now(UTC)
        return Capture(
            capture_id=capture_id(response.url, now, body),
            platform=self._platform,
            route=self._route,
            account=self._account,
            url=response.url,
            captured_at=now,
            status=response.status,
            method=response.request.method,
            headers=tuple((await response.all_headers()).items()),
            request_body=response.request.post_data_buffer or b"",
            body=body,
        )


def _trusting_home(environ: Mapping[str, str]) -> Path | None:
    """Return a home folder in which Chromium trusts the environment's own CA certificates, None for none of them.

    Chromium on Linux reads them from a database of NSS; elsewhere it trusts what the system trusts.
    """
    bundle = environ.get("SSL_CERT_FILE") or environ.get("REQUESTS_CA_BUNDLE") or ""
    own = _own_certificates(Path(bundle)) if bundle and sys.platform == "linux" else []
    if not own:
        return None
    certutil = shutil.which("certutil")
    if certutil is None:
        logger.log(
            logging.WARNING if proxy_of(environ) else logging.INFO,
            "Chromium cannot be told of the CA in %s: install certutil (libnss3-tools)",
            bundle,
        )
        return None
    home = Path(tempfile.mkdtemp(prefix="uitzicht-home-"))
    atexit.register(shutil.rmtree, home, ignore_errors=True)
    database = home / ".pki" / "nssdb"
    database.mkdir(parents=True)
    where = ["-d", f"sql:{database}"]
    subprocess.run([certutil, *where, "-N", "--empty-password"], check=True, capture_output=True)  # noqa: S603
    for number, pem in enumerate(own):
        add = [certutil, *where, "-A", "-n", f"ca-{number}", "-t", "C,,"]
        subprocess.run(add, input=pem, check=True, capture_output=True)  # noqa: S603
    return home


def _own_certificates(bundle: Path) -> list[bytes]:
    """Return the certificates of a bundle that are not among the public ones."""
    public = {_der(pem) for pem in _PEM.findall(Path(certifi.where()).read_bytes())}
    try:
        return [pem for pem in _PEM.findall(bundle.read_bytes()) if _der(pem) not in public]
    except OSError:
        return []


def _der(pem: bytes) -> bytes:
    return b"".join(pem.split(b"\n")[1:-1])


@cache
def _playwrights_own() -> str | None:
    asked = "from playwright.sync_api import sync_playwright as s\nwith s() as p: print(p.chromium.executable_path)"
    try:
        told = subprocess.run(  # noqa: S603 - in a process of its own: the sync API refuses to run inside a loop
            [sys.executable, "-c", asked], capture_output=True, text=True, timeout=30, check=True
        )
    except (OSError, subprocess.SubprocessError) as error:  # no driver for this machine
        logger.debug("Playwright cannot say where its Chromium is: %s", error)
        return None
    path = told.stdout.strip()
    return path if path and Path(path).exists() else None


def main(arguments: list[str] | None = None) -> int:
    """Say which browser there is; with --install, try to have Playwright install one."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("--install", action="store_true")
    wants = parser.parse_args(arguments)
    if wants.install and find_chromium() is None:
        command = [sys.executable, "-m", "playwright", "install", "chromium"]
        try:
            subprocess.run(command, timeout=600, check=False, capture_output=True)  # noqa: S603
        except subprocess.TimeoutExpired:
            logger.warning("playwright install took longer than ten minutes and was stopped")
    found = find_chromium()
    if found is None:
        sys.stderr.write(
            "No Chromium: TikTok's public route and the browser tests are left out. Install Chromium (for example "
            "apt-get install chromium, or: python -m playwright install chromium) or name one in UITZICHT_CHROMIUM.\n"
        )
    else:
        sys.stdout.write(f"Browser: {found}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
