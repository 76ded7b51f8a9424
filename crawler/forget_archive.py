"""Takes an account or a post out of one WARC file; what stays keeps its bytes."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from warcio.archiveiterator import ArchiveIterator
from warcio.warcwriter import WARCWriter

from crawler.archive import mend, read_archive, write_capture
from crawler.cutting import cut
from crawler.errors import ParseError
from crawler.items import Capture, Page
from crawler.parsers.formats import parse

if TYPE_CHECKING:
    from crawler.forget import Target


@dataclass(slots=True)
class _Verdicts:
    """What becomes of the captures of one file: gone, or cut; all others stay."""

    gone: set[str] = field(default_factory=set)
    cut: dict[str, Capture] = field(default_factory=dict)
    counts: Counter[str] = field(default_factory=Counter)


def forget_in_archive(path: Path, target: Target, *, apply: bool) -> Counter[str]:
    """Take a target out of a WARC file, which is replaced in one step; return how many captures went or were cut."""
    if apply:
        mend(path)
    verdicts = _Verdicts()
    for capture in read_archive(path):
        if capture.platform == target.platform:
            _judge(capture, target, verdicts)
    if apply and (verdicts.gone or verdicts.cut):
        _rewrite(path, verdicts)
    return verdicts.counts


def drop_captures(path: Path, is_gone: Callable[[Capture], bool], *, apply: bool) -> int:
    """Take captures out of a WARC file, which is replaced in one step; return how many there were."""
    gone = {capture.capture_id for capture in read_archive(path) if is_gone(capture)}
    if apply and gone:
        mend(path)
        _rewrite(path, _Verdicts(gone=gone))
    return len(gone)


def _judge(capture: Capture, target: Target, verdicts: _Verdicts) -> None:
    if target.owns(capture.platform, capture.account, None) or _is_asked_for(capture, target):
        verdicts.gone.add(capture.capture_id)
        verdicts.counts["captures removed"] += 1
        return
    if not target.names.search(capture.body.decode(errors="replace")):
        return
    less = capture if target.account else None
    if target.account:
        less = _less(capture, target)
    if less is None:
        verdicts.gone.add(capture.capture_id)
        verdicts.counts["captures removed"] += 1
        if target.account:
            verdicts.counts["of these, captures of other accounts that could not be cut"] += 1
    elif less is not capture:
        verdicts.cut[capture.capture_id] = less
        verdicts.counts["captures cut"] += 1
    else:
        verdicts.counts["captures that only mention it, kept"] += 1


def _is_asked_for(capture: Capture, target: Target) -> bool:
    asked = f"{capture.url} {capture.request_body.decode(errors='replace')}"
    return target.ids.search(asked) is not None


def _less(capture: Capture, target: Target) -> Capture | None:
    """Return another account's capture without the target: as it is where it only mentions it, None for no safe cut."""
    try:
        page = parse(capture)
    except ParseError:
        return None
    left = _left(page, target)
    if (left.account, left.posts) == (page.account, page.posts):
        return capture
    return cut(capture, page, left)


def _left(page: Page, target: Target) -> Page:
    shown = page.account
    if shown and target.owns(shown.platform, shown.account, shown.account_id):
        shown = None
    posts = tuple(
        post
        for post in page.posts
        if not target.owns(post.platform, post.account, post.account_id)
        and not target.has_post(post.platform, post.post_id, post.repost_of)
    )
    more = tuple(pair for pair in page.more if pair[1] not in target.post_ids)
    return replace(page, account=shown, posts=posts, more=more)


def _rewrite(path: Path, verdicts: _Verdicts) -> None:
    fresh = path.with_name(f".{path.name}.forgetting")
    with path.open("rb") as old, fresh.open("wb") as new:
        for start, end, capture_id, is_response in _members(path):
            less = verdicts.cut.get(capture_id)
            if less is not None and is_response:
                write_capture(WARCWriter(new, gzip=True), less)
            elif less is None and capture_id not in verdicts.gone:
                old.seek(start)
                new.write(old.read(end - start))
        new.flush()
        os.fsync(new.fileno())
    fresh.replace(path)


def _members(path: Path) -> list[tuple[int, int, str, bool]]:
    """Return where each record begins and ends, of which capture it is, and whether it is the response."""
    starts: list[tuple[int, str, bool]] = []
    with path.open("rb") as file:
        records = ArchiveIterator(file)
        for record in records:
            header = record.rec_headers.get_header
            is_request = record.rec_type == "request"
            of = header("WARC-Concurrent-To") if is_request else header("WARC-Record-ID")
            starts.append((records.get_record_offset(), _uuid(of), not is_request))
            records.read_to_end(record)
    ends = [start for start, _, _ in starts[1:]] + [path.stat().st_size]
    return [(start, end, of, kind) for (start, of, kind), end in zip(starts, ends, strict=True)]


def _uuid(header: str | None) -> str:
    return (header or "").removeprefix("<urn:uuid:").removesuffix(">")
