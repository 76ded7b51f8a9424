"""Deletes what a route showed of accounts once it is past its time, in an order that a kill cannot spoil."""

from __future__ import annotations

from collections import Counter
from contextlib import ExitStack
from pathlib import Path

from audit.forgetting import places, warehouses
from audit.forgetting.exports import forget_exports_with
from audit.forgetting.files import forget_in_files
from audit.study import Study
from crawler.crawl import lock_platform
from crawler.forget import Target
from crawler.forget_profiles import Brought, Profiles, drop_profiles
from crawler.forgotten import note
from warehouse.forgetting import remove_leftovers
from warehouse.profiles import OldProfiles, Shown, find_old_profiles, forget_profiles
from warehouse.publish import publish


def old_profiles(study: Study, brought: Brought) -> Counter[str]:
    """Return how many old profiles of each account feeds and warehouses hold; nothing is changed."""
    in_feeds = {
        (record["account"], record["capture_id"])
        for record in drop_profiles(study, brought, apply=False).gone
    }
    known = {(one.account, one.capture_id) for path in warehouses(study) for one in _shown(path, brought)}
    captures = {capture: account for account, capture in in_feeds | known}
    return Counter(captures.values())


def forget_old_profiles(study: Study, brought: Brought) -> tuple[Counter[str], list[str]]:
    """Delete old profiles everywhere under a study; return how much went, and sentences on files and exports.

    The warehouses come last: until they are done they tell the next run what there was. A crawl of the platform
    must not be running.
    """
    with ExitStack() as held:
        held.callback(lock_platform(study, brought.platform).release)
        shown = {one.capture_id for path in warehouses(study) for one in _shown(path, brought)}
        found = drop_profiles(study, brought, apply=False)
        captures = frozenset(shown | {record["capture_id"] for record in found.gone})
        if not captures:
            return Counter(), []
        counts, notes = forget_exports_with(study, captures)
        target = Target(platform=brought.platform, texts=found.texts())
        more, sentences = forget_in_files(places(study), target, apply=True)
        gone = drop_profiles(study, brought, apply=True)
        _forget_in_warehouses(study, brought, gone)
        counts += more + Counter({"profiles of accounts": len(captures)})
        note(study.state, "retention", (), counts)
    return counts, notes + sentences


def _shown(path: Path, brought: Brought) -> list[Shown]:
    remove_leftovers(path)
    return find_old_profiles(path, _old(brought, Profiles()))


def _forget_in_warehouses(study: Study, brought: Brought, gone: Profiles) -> None:
    old = _old(brought, gone)
    for path in warehouses(study):
        if find_old_profiles(path, old):
            forget_profiles(path, old)
    if study.working_warehouse.exists():
        publish(study.working_warehouse, study.warehouse)


def _old(brought: Brought, gone: Profiles) -> OldProfiles:
    return OldProfiles(
        platform=brought.platform,
        route=brought.route,
        before=brought.before,
        said=frozenset(gone.kept),
        rewritten=gone.rewritten,
    )
