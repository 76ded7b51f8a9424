"""What a study may not keep any longer: posts by route and last sight, profiles of accounts, and their captures."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from audit.forgetting import Plan, apply, find_posts, interrupted
from audit.forgetting.profiles import forget_old_profiles, old_profiles
from audit.study import Study
from crawler.archive import archive_files
from crawler.forget_archive import drop_captures
from crawler.forget_profiles import Brought
from crawler.items import Capture
from warehouse.forgetting import find_past_time


@dataclass(frozen=True, slots=True, kw_only=True)
class PastTime:
    """What is past its time of one route: posts with when they were last seen, profiles per account, and captures."""

    brought: Brought
    days: int
    posts: Mapping[str, datetime]
    profiles: Counter[str]
    captures: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Deleted:
    """What was deleted of one route besides posts and captures, and sentences to know."""

    counts: Counter[str] = field(default_factory=Counter)
    notes: tuple[str, ...] = ()


def find_all_past_time(study: Study, now: datetime) -> Iterator[PastTime]:
    """Yield what is past its time of every route that has a limit; nothing is changed."""
    for platform, route, days in study.retention.limits():
        brought = Brought(platform=platform, route=route, before=now - timedelta(days=days))
        posts: dict[str, datetime] = {}
        if study.working_warehouse.exists():
            posts = find_past_time(study.working_warehouse, platform, route, brought.before)
        yield PastTime(
            brought=brought,
            days=days,
            posts=posts,
            profiles=old_profiles(study, brought),
            captures=_drop(study, brought, apply=False),
        )


def delete(study: Study, past: PastTime) -> Deleted:
    """Delete what is past its time as forgetting does, though it may be collected again."""
    posts = _delete_posts(study, past)
    counts, notes = forget_old_profiles(study, past.brought)
    _drop(study, past.brought, apply=True)
    return Deleted(counts=counts, notes=(*(posts.notes if posts else ()), *notes))


def _delete_posts(study: Study, past: PastTime) -> Plan | None:
    left = interrupted(study)
    platform = past.brought.platform
    also = left.post_ids if left and not left.account and left.platform == platform else frozenset()
    ids = past.posts.keys() | also
    return apply(study, find_posts(study, platform, ids), kind="retention") if ids else None


def _drop(study: Study, brought: Brought, *, apply: bool) -> int:
    def is_old(capture: Capture) -> bool:
        of = (capture.platform, capture.route)
        return of == (brought.platform, brought.route) and capture.captured_at < brought.before

    return sum(drop_captures(path, is_old, apply=apply) for path in archive_files(study.archive))
