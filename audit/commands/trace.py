"""`uitzicht trace`: from a post back to its codings, captures and visits."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

import click
from rich.console import Console
from rich.table import Table
from rich.text import Text

from audit.commands.options import study_argument
from audit.exits import Exit
from audit.study import Study
from crawler.locate import find_places
from warehouse.tracing import TEXTS, trace

COUNTS = ("like_count", "comment_count", "share_count", "view_count", "save_count")
AROUND = 60  # characters shown on either side of the words that decided


@click.command(name="trace")
@study_argument
@click.argument("post")
@click.option("--format", "shape", type=click.Choice(("text", "json")), default="text", show_default=True)
def command(study: Study, post: str, shape: str) -> Exit:
    """Lead from POST back to all it stands on: versions, counts, codes with their words, captures, visits.

    POST is platform/id as `uitzicht query example_posts` shows it, or the post's address.

    \b
    Examples:
      uitzicht trace mystudy youtube/dQw4w9WgXcQ
      uitzicht trace mystudy https://www.instagram.com/p/C0ffee12345/ --format json
    """
    found = trace(study.warehouse, post)
    found["captures"] = _captures(study, found)
    if shape == "json":
        click.echo(json.dumps(found, ensure_ascii=False, indent=1, default=_as_text))
    else:
        _show(found)
    return Exit.SUCCESS


def _captures(study: Study, found: dict[str, Any]) -> list[dict[str, Any]]:
    """Return where the captures that showed the post stand; those that are not in the archive say so."""
    ids = list(dict.fromkeys(row["capture_id"] for row in found["snapshots"] if row["capture_id"]))
    crawls = list(dict.fromkeys(row["crawl_id"] for row in found["snapshots"] if row["crawl_id"]))
    places = {place.capture_id: asdict(place) for place in find_places(study.archive, ids, crawls)}
    return [places.get(one, {"capture_id": one, "file": None}) for one in ids]


def _as_text(value: object) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)


def _show(found: dict[str, Any]) -> None:
    out = Console(file=sys.stdout, highlight=False, width=None if sys.stdout.isatty() else 120)
    _show_post(out, found["post"])
    for version in found["versions"]:
        _show_version(out, version)
    _show_codings(out, found["codings"])
    out.print(_snapshots(found["snapshots"]))
    _show_captures(out, found["captures"])
    _show_visits(out, found["visits"])


def _show_post(out: Console, post: dict[str, Any]) -> None:
    whose = " / ".join(str(post[name]) for name in ("account", "institution", "level") if post[name])
    out.print(Text(f"{post['platform']}/{post['post_id']}", style="bold"), Text(f"  {whose}"))
    out.print(Text(f"{post['url'] or 'no address is known'}"))
    out.print(
        Text(
            f"posted {_moment(post['posted_at'])} ({post['posted_precision']}, from {post['posted_source']});"
            f" {post['media_type']}"
        )
    )


def _show_version(out: Console, version: dict[str, Any]) -> None:
    until = f" until {_moment(version['valid_to'])}" if version["valid_to"] else ""
    head = f"Version {version['version']} ({version['change']}), from {_moment(version['valid_from'])}{until}"
    out.print(Text(f"\n{head}", style="bold"))
    for name in TEXTS:
        if version[name]:
            source = version["transcript_source"] if name == "transcript" else None
            out.print(Text(f"{name}{f' ({source})' if source else ''}: {version[name]}"))


def _show_codings(out: Console, codings: list[dict[str, Any]]) -> None:
    out.print(Text("\nCodings" if codings else "\nCodings: none", style="bold"))
    for coding in codings:
        primary = ", primary" if coding["is_primary"] else ""
        by = f"by {coding['coder']} with codebook {coding['codebook_version']}, version {coding['version']}"
        out.print(Text(f"{coding['dimension']}.{coding['code']}{primary}", style="green"), Text(by))
        for part in coding["evidence"]:
            out.print(Text("    "), _in_its_text(part, coding["texts"]), Text(f"   {part.get('rule', '')}"))


def _in_its_text(part: dict[str, Any], texts: dict[str, Any]) -> Text:
    """Return the words that decided, marked, with what stands around them."""
    words = str(part.get("words") or part.get("remark") or "")
    text = texts.get(part.get("field", "")) or ""
    start, end = part.get("start"), part.get("end")
    if not isinstance(start, int) or not isinstance(end, int) or not text[start:end]:
        return Text(f"{part.get('field', '')} {words}".strip())
    before, after = text[max(0, start - AROUND) : start], text[end : end + AROUND]
    shown = Text.assemble(before, (f"[{text[start:end]}]", "bold reverse"), after)
    shown.plain = shown.plain.replace("\n", " ")
    return shown


def _snapshots(rows: list[dict[str, Any]]) -> Table:
    table = Table(title="Counts as seen", title_justify="left", box=None)
    for name in ("captured", *(name.removesuffix("_count") for name in COUNTS), "route", "crawl"):
        table.add_column(name)
    for row in rows:
        counts = ["" if row[name] is None else f"{row[name]:,}" for name in COUNTS]
        table.add_row(_moment(row["captured_at"]), *counts, row["route"] or "", row["crawl_id"] or "")
    return table


def _show_captures(out: Console, captures: list[dict[str, Any]]) -> None:
    out.print(Text("\nCaptures in the archive", style="bold"))
    for one in captures:
        if one["file"] is None:
            out.print(Text(f"{one['capture_id']}  is not in the archive"))
            continue
        out.print(
            Text(f"archive/{one['file']} at byte {one['offset']:,}, record urn:uuid:{one['capture_id']}")
        )
        out.print(
            Text(
                f"    {one['asked']} -> {one['status']} at {_moment(one['captured_at'])},"
                f" {one['format'] or one['route']}"
            )
        )


def _show_visits(out: Console, visits: list[dict[str, Any]]) -> None:
    out.print(Text("\nVisits that showed it", style="bold"))
    for visit in visits:
        ground = visit["legal_ground"] or "none named"
        out.print(Text(f"{visit['crawl_id']}  {visit['account']}: {visit['outcome']} ({visit['sign']})"))
        reported = "unknown" if visit["posts_reported"] is None else visit["posts_reported"]
        out.print(
            Text(
                f"    {visit['posts_collected']} posts collected, {reported} reported; by {visit['route']};"
                f" legal ground: {ground}"
            )
        )


def _moment(value: datetime | None) -> str:
    return f"{value.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC" if value else "at an unknown date"
