"""`uitzicht parse`: what responses on disk say, by the same parsers as a crawl."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import click

from audit.exits import Exit
from crawler.archive import read_archive
from crawler.errors import CrawlerError, ParseError
from crawler.imports import zeeschuimer
from crawler.items import PLATFORMS, Capture, Page, Platform, capture_id
from crawler.parsers.formats import FORMATS, Body, detect
from crawler.parsers.formats import parse as parse_capture
from crawler.refusals import find_refusal

EXAMPLES = """\b
Examples:
  uitzicht parse feed.xml
  uitzicht parse --platform linkedin --captured-at 2026-05-21 page.html
  uitzicht parse zeeschuimer-export.ndjson archive/*.warc.gz > posts.jsonl
  curl -s "$URL" | uitzicht parse --platform youtube -

Exit status: 0 all was read, 1 nothing was, 3 a part was, 4 the platform had refused.
"""


@dataclass(slots=True)
class Tally:
    """How many captures were read without fault, read in part, refused, and not read."""

    whole: int = 0
    partly: int = 0
    refused: int = 0
    failed: int = 0

    @property
    def exit_code(self) -> Exit:
        """The exit status that says it by meaning."""
        if self.partly or sum(count > 0 for count in (self.whole, self.refused, self.failed)) > 1:
            return Exit.PARTIAL
        if self.refused:
            return Exit.BLOCKED
        return Exit.FAILURE if self.failed else Exit.SUCCESS


@click.command(epilog=EXAMPLES)
@click.argument("files", nargs=-1, required=True, metavar="FILE...")
@click.option(
    "--platform", type=click.Choice(PLATFORMS), help="Where the responses came from; else detected."
)
@click.option("--format", "format_name", metavar="F", help="The format, such as youtube.rss; else detected.")
@click.option(
    "--captured-at",
    metavar="TIME",
    help='When a response was received (ISO 8601), for dates such as "3 days ago"; else the file\'s own time.',
)
def parse(
    files: tuple[str, ...], platform: Platform | None, format_name: str | None, captured_at: str | None
) -> int:
    """Read platforms' responses from FILEs and print their posts as JSON lines.

    A FILE is a response as the platform sent it (JSON, HTML or XML), an archive of ours (WARC), a Zeeschuimer
    export (NDJSON), or "-" for standard input. Accounts, errors and refusals are told on standard error.
    """
    if format_name and format_name not in FORMATS:
        raise click.UsageError(f"--format is {format_name!r}; expected one of {', '.join(FORMATS)}")
    at = _read_moment(captured_at) if captured_at else None
    tally = Tally()
    for name in files:
        _parse_file(name, platform, format_name or "", at, tally)
    return tally.exit_code


def _read_moment(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise click.UsageError(f"--captured-at is {text!r}; expected such as 2026-05-21T10:00:00Z") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _parse_file(
    name: str, platform: Platform | None, format_name: str, at: datetime | None, tally: Tally
) -> None:
    try:
        for found in _find_captures(name, platform, format_name, at):
            if isinstance(found, ParseError):
                raise found
            _tell(name, _parse_one(found, guess=platform is None), tally)
    except (CrawlerError, OSError) as error:
        tally.failed += 1
        click.echo(f"{name}: {_sentence(error)}", err=True)


def _find_captures(
    name: str, platform: Platform | None, format_name: str, at: datetime | None
) -> Iterator[Capture | ParseError]:
    path = Path(name)
    if name != "-" and path.name.endswith((".warc", ".warc.gz")):
        yield from read_archive(path)
    elif name != "-" and path.is_file() and zeeschuimer.recognises(path):
        yield from zeeschuimer.read_captures(path)
    else:
        yield _make_capture(name, platform, format_name, at)


def _make_capture(name: str, platform: Platform | None, format_name: str, at: datetime | None) -> Capture:
    if name == "-":
        body, seen_at = sys.stdin.buffer.read(), datetime.now(UTC)
    else:
        body, seen_at = Path(name).read_bytes(), datetime.fromtimestamp(Path(name).stat().st_mtime, UTC)
    moment = at or seen_at
    named = next((known for known in PLATFORMS if format_name.startswith(f"{known}.")), None)
    url = "standard input" if name == "-" else name
    return Capture(
        capture_id=capture_id(url, moment, body),
        platform=platform or named or PLATFORMS[0],
        route="file",
        url=url,
        captured_at=moment,
        body=body,
        format=format_name,
    )


def _parse_one(capture: Capture, guess: bool) -> Page:
    if capture.format or not guess or capture.route != "file":
        return parse_capture(capture)
    body = Body(capture)
    found = detect(body)
    if found is not None:
        return parse_capture(replace(capture, platform=found.platform))
    if body.looks_like_json:
        body.json  # noqa: B018 - broken JSON is told as that
    refusals = [find_refusal(replace(capture, platform=platform)) for platform in PLATFORMS]
