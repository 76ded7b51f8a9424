"""What a study may not keep any longer: posts by route and last sight, and the captures that brought them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from audit.forgetting import Plan, apply, find_posts, interrupted
from audit.study import Study
from crawler.archive import archive_files
from crawler.forget_archive import drop_captures
from crawler.items import Capture, Platform
from warehouse.forgetting import find_past_time


@dataclass(frozen=True, slots=True, kw_only=True)
class PastTime:
    """What is past its time of one route: posts with when they were last seen, and how many captures."""

    platform: Platform
    route: str
    days: int
    before: datetime
    posts: Mapping[str, datetime]
    captures: int


def find_all_past_time(study: Study, now: datetime) -> Iterator[PastTime]:
    """Yield what is past its time of every route that has a limit; nothing is changed."""
    for platform, route, days in study.retention.limits():
        before = now - timedelta(days=days)
        posts: dict[str, datetime] = {}
        if study.working_warehouse.exists():
            posts = find_past_time(study.working_warehouse, platform, route, before)
        captures = _drop(study, platform, route, before, apply=False)
        yield PastTime(
            platform=platform, route=route, days=days, before=before, posts=posts, captures=captures
        )


def delete(study: Study, past: PastTime) -> Plan | None:
    """Delete what is past its time as forgetting does, though it may be collected again. None without posts."""
    left = interrupted(study)
    also = left.post_ids if left and not left.account and left.platform == past.platform else frozenset()
    ids = past.posts.keys() | also
    done = apply(study, find_posts(study, past.platform, ids), kind="retention") if ids else None
    _drop(study, past.platform, past.route, past.before, apply=True)
    return done


def _drop(study: Study, platform: Platform, route: str, before: datetime, *, apply: bool) -> int:
    def is_old(capture: Capture) -> bool:
        return (capture.platform, capture.route) == (platform, route) and capture.captured_at < before

    return sum(drop_captures(path, is_old, apply=apply) for path in archive_files(study.archive))
