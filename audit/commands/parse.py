"""`uitzicht parse`: what responses on disk say, by the same parsers as a crawl."""

from __future__ import annotations

import errno
import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import click

from audit.exits import Exit
from crawler.archive import read_archive
from crawler.errors import CrawlerError, ParseError, UnknownFormat
from crawler.feed import as_record
from crawler.imports import exports, zeeschuimer
from crawler.imports.source import LeftOut
from crawler.items import PLATFORMS, Account, Capture, Page, Platform, capture_id
from crawler.parsers.formats import FORMATS, Body, detect
from crawler.parsers.formats import parse as parse_capture
from crawler.refusals import guess_platform

ROUTE = "file"
EXAMPLES = """\b
Examples:
  uitzicht parse feed.xml
  uitzicht parse --platform linkedin --captured-at 2026-05-21 page.html
  uitzicht parse zeeschuimer-export.ndjson archive/*.warc.gz > posts.jsonl
  uitzicht parse "Table data.csv" Content.csv
  curl -s "$URL" | uitzicht parse --platform youtube -

\b
Exit status: 0 all was read, 1 nothing was, 3 a part was, 4 the platform had refused.
"""


@dataclass(slots=True)
class Tally:
    """How many captures were read without fault, read in part, refused and not read, and the posts found."""

    whole: int = 0
    partly: int = 0
    refused: int = 0
    failed: int = 0
    posts: int = 0

    def add(self, other: Tally) -> None:
        """Add another tally to this one."""
        for name in self.__slots__:
            setattr(self, name, getattr(self, name) + getattr(other, name))

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

    A FILE is a response as the platform sent it (JSON, HTML or XML), an archive of ours (WARC), an export that
    `uitzicht import` knows (NDJSON, CSV, XLS, XLSX), or "-" for standard input. Accounts, errors and refusals are
    told on standard error.
    """
    if format_name and format_name not in FORMATS:
        raise click.UsageError(f"--format is {format_name!r}; expected one of {', '.join(FORMATS)}")
    if format_name and platform and not format_name.startswith(f"{platform}."):
        raise click.UsageError(f"--format is {format_name!r}, which is none of {platform}'s")
    at = _read_moment(captured_at) if captured_at else None
    total = Tally()
    for name in files:
        total.add(_parse_file(name, platform, format_name or "", at))
    sys.stdout.flush()
    return total.exit_code


def _read_moment(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise click.UsageError(f"--captured-at is {text!r}; expected such as 2026-05-21T10:00:00Z") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _parse_file(name: str, platform: Platform | None, format_name: str, at: datetime | None) -> Tally:
    tally = Tally()
    try:
        many = _find_captures(name)
        if many is None:
            _parse_capture(name, _read_capture(name, platform, format_name, at), platform is None, tally)
            return tally
        for found in many:
            _parse_found(name, found, tally)
        captures = tally.whole + tally.partly + tally.refused + tally.failed
        click.echo(f"{name}: {_number(tally.posts, 'post')} in {_number(captures, 'capture')}.", err=True)
    except (CrawlerError, OSError) as error:
        if isinstance(error, OSError) and error.errno in {errno.EPIPE, errno.ENOSPC}:
            raise  # of what we write, not of what we read
        _tell_failure(name, error, tally)
    return tally


def _find_captures(name: str) -> Iterator[Capture | ParseError] | None:
    path = Path(name)
    if name == "-" or not path.is_file():
        return None
    if path.name.endswith((".warc", ".warc.gz")):
        return iter(read_archive(path))
    source = zeeschuimer.find_source(path) or exports.find_source(path)
    return (found for found in source.read("") if not isinstance(found, LeftOut)) if source else None


def _parse_found(name: str, found: Capture | ParseError, tally: Tally) -> None:
    try:
        if isinstance(found, ParseError):
            raise found
        _tell(f"{name}, {found.url}", parse_capture(found), tally)
    except ParseError as error:  # the other captures go on
        _tell_failure(name, error, tally)


def _parse_capture(name: str, capture: Capture, guess: bool, tally: Tally) -> None:
    page = parse_capture(_guess_platform(capture) if guess and not capture.format else capture)
    _tell(name, page, tally)
    if page.refusal is None:
        click.echo(f"{name}: {_summary(page)}", err=True)


def _read_capture(name: str, platform: Platform | None, format_name: str, at: datetime | None) -> Capture:
    if name == "-":
        body, seen_at = sys.stdin.buffer.read(), datetime.now(UTC)
    else:
        body, seen_at = Path(name).read_bytes(), datetime.fromtimestamp(Path(name).stat().st_mtime, UTC)
    moment = at or seen_at
    url = "standard input" if name == "-" else name
    named = next((known for known in PLATFORMS if format_name.startswith(f"{known}.")), PLATFORMS[0])
    return Capture(
        capture_id=capture_id(url, moment, body),
        platform=platform or named,
        route=ROUTE,
        url=url,
        captured_at=moment,
        body=body,
        format=format_name,
    )


def _guess_platform(capture: Capture) -> Capture:
    body = Body(capture)
    found = detect(body)
    platform = found.platform if found else guess_platform(capture)
    if platform is not None:
        return replace(capture, platform=platform)
    if body.looks_like_json:
        body.json  # noqa: B018 - broken JSON is told as that
    known = ", ".join(FORMATS)
    raise UnknownFormat(
        capture.url, f"is of no known format; expected one of {known}; or name its --platform"
    )


def _tell(name: str, page: Page, tally: Tally) -> None:
    for post in page.posts:
        sys.stdout.buffer.write(as_record(post))
    tally.posts += len(page.posts)
    for error in page.errors:
        click.echo(f"{name}: {_sentence(error)}", err=True)
    if page.refusal is not None:
        tally.refused += 1
        click.echo(f"{name}: the platform refused ({page.refusal.outcome}): {page.refusal.sign}.", err=True)
    else:
        tally.partly += bool(page.errors)
        tally.whole += not page.errors


def _tell_failure(name: str, error: Exception, tally: Tally) -> None:
    tally.failed += 1
    text = _sentence(error)
    click.echo(text if text.startswith(name) else f"{name}: {text}", err=True)


def _summary(page: Page) -> str:
    account = f" of {_describe(page.account)}" if page.account else ""
    lost = f", {len(page.errors)} could not be read" if page.errors else ""
    more = ", and a next page" if page.cursor else ""
    return f"{page.format}, {_number(len(page.posts), 'post')}{account}{lost}{more}."


def _describe(account: Account) -> str:
    named = f"{account.account} ({account.name})" if account.name else account.account
    facts = [(account.posts_count, "post"), (account.followers_count, "follower")]
    told = [_number(count, noun) for count, noun in facts if count is not None]
    return f"{named}, which has {' and '.join(told)}" if told else named


def _number(count: int, noun: str) -> str:
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def _sentence(error: Exception) -> str:
    text = str(error.strerror) if isinstance(error, OSError) else str(error)
    return text if text.endswith(".") else f"{text}."
