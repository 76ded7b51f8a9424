"""Forgetting an account or posts everywhere under a study, in an order that a kill cannot spoil."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from pathlib import Path

from audit.forgetting.exports import find_exports, forget_exports
from audit.forgetting.files import Places, forget_in_files, is_duckdb
from audit.study import Study
from crawler.crawl import lock_platform
from crawler.errors import CrawlerError
from crawler.forget import (
    Target,
    account_target,
    forget_captures,
    forget_in_accounts,
    forget_in_feeds,
    post_target,
)
from crawler.forget_feeds import replace_file
from crawler.forgotten import note
from crawler.items import Platform
from warehouse.db import is_warehouse
from warehouse.forgetting import Gone, find_gone, forget, remove_leftovers
from warehouse.publish import publish, renew

PENDING = "forgetting.json"
OnStep = Callable[[str], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What forgetting a target takes away: records and files by place, and sentences to know."""

    target: Target
    counts: Counter[str]
    rows: Counter[str]
    notes: tuple[str, ...] = ()
    is_pending: bool = False

    @property
    def is_empty(self) -> bool:
        """Tell whether there is nothing to forget."""
        return not self.is_pending and not self.rows and not +self.counts


@dataclass(slots=True)
class _Work:
    """What is done at each place; the same for a plan and for the deed."""

    study: Study
    target: Target
    apply: bool
    counts: Counter[str] = field(default_factory=Counter)
    rows: Counter[str] = field(default_factory=Counter)
    notes: list[str] = field(default_factory=list)


def find_account(study: Study, platform: Platform, handle: str) -> Target:
    """Return an account with every id and post that feeds, journals and warehouses know of it."""
    return _with_known(study, account_target(study, platform, handle))


def find_posts(study: Study, platform: Platform, post_ids: Iterable[str]) -> Target:
    """Return posts with what feeds and warehouses know of them."""
    return _with_known(study, post_target(study, platform, post_ids))


def plan(study: Study, target: Target) -> Plan:
    """Return what forgetting would take away; nothing is changed."""
    return _go(_Work(study, _with_pending(study, target), apply=False), lambda what: None)


def apply(study: Study, target: Target, *, kind: str, on_step: OnStep = lambda what: None) -> Plan:
    """Forget a target everywhere. Killed and run again it finishes; a crawl of the platform must not be running.

    `kind` is what the ledger says it was; "account" and "post" are also kept as hashes, not to be collected again.
    """
    with ExitStack() as held:
        lock = lock_platform(study, target.platform)
        held.callback(lock.release)
        target = _with_pending(study, target)
        pending = _pending(study)
        replace_file(pending, target.as_json())
        done = _go(_Work(study, target, apply=True), on_step)
        names = target.hashed() if kind in ("account", "post") else ()
        note(study.state, kind, names, done.counts + done.rows)
        pending.unlink()
    return done


def _go(work: _Work, on_step: OnStep) -> Plan:
    study, target = work.study, work.target
    rewritten: dict[str, str] = {}
    on_step("feeds")
    work.counts += forget_in_feeds(study, target, apply=work.apply, rewritten=rewritten)
    on_step("archive")
    work.counts += forget_captures(study, target, apply=work.apply)
    on_step("list of accounts")
    listed = study.folder / study.accounts_file
    work.counts["rows of the list of accounts"] += forget_in_accounts(listed, target, apply=work.apply)
    on_step("reports, exports, sheets and logs")
    for forget_there in (_forget_exports, _forget_files):
        counts, notes = forget_there(work)
        work.counts += counts
        work.notes += notes
    on_step("warehouse")
    _forget_in_warehouses(work, rewritten)
    return Plan(
        target=target,
        counts=+work.counts,
        rows=+work.rows,
        notes=tuple(work.notes),
        is_pending=not work.apply and _pending(study).exists(),
    )


def _forget_exports(work: _Work) -> tuple[Counter[str], list[str]]:
    return forget_exports(work.study, work.target, apply=work.apply)


def _forget_files(work: _Work) -> tuple[Counter[str], list[str]]:
    return forget_in_files(places(work.study), work.target, apply=work.apply)


def _forget_in_warehouses(work: _Work, rewritten: dict[str, str]) -> None:
    study = work.study
    gone = _gone(work.target, rewritten)
    for path in warehouses(study):
        known = find_gone(path, gone)
        if path == study.working_warehouse or not work.rows:
            work.rows = Counter(known.rows)
        if work.apply:
            forget(path, gone)
            renew(path)
    work.notes += [
        f"{path.relative_to(study.folder)} is a database that is not of Uitzicht; it is yours to look into"
        for path in _databases(study)
        if path != study.working_warehouse and not is_warehouse(path)
    ]
    if work.apply and study.working_warehouse.exists():
        publish(study.working_warehouse, study.warehouse)


def warehouses(study: Study) -> list[Path]:
    """Return every warehouse under a study, the working one first; the published copy only where it stands alone."""
    found = _databases(study)
    working = study.working_warehouse
    others = [path for path in found if path != working and is_warehouse(path)]
    if working in found:
        return [working, *(path for path in others if path != study.warehouse)]
    return others


def _databases(study: Study) -> list[Path]:
    """Return the DuckDB files under a study, those that a killed run left apart."""
    found = (path for path in study.folder.rglob("*") if path.is_file() and is_duckdb(path))
    return sorted(path for path in found if not path.name.startswith("."))


def _with_known(study: Study, target: Target) -> Target:
    for path in warehouses(study):
        remove_leftovers(path)
        known = find_gone(path, _gone(target, {}))
        texts = frozenset(text for text in known.texts if len(text) >= 20)
        more = replace(target, account_ids=known.account_ids, post_ids=known.post_ids, texts=texts)
        target = target | more
    return target


def interrupted(study: Study) -> Target | None:
    """Return what an interrupted run was forgetting; None where none was interrupted."""
    path = _pending(study)
    return Target.from_json(path.read_bytes()) if path.exists() else None


def _with_pending(study: Study, target: Target) -> Target:
    """Return a target with what an interrupted run knew of it. Raises CrawlerError where that was another one."""
    left = interrupted(study)
    if left is None:
        return target
    if not _is_same(left, target):
        option = "--account" if left.account else "--post"
        what = left.title if left.account else f"{left.platform}/{min(left.post_ids)}"
        raise CrawlerError(
            f"{study.folder}: forgetting {what} was interrupted; finish that first: "
            f"uitzicht forget {study.folder} {option} {what} --yes"
        )
    return target | left


def _is_same(one: Target, other: Target) -> bool:
    if one.account or other.account:
        return (one.platform, one.account) == (other.platform, other.account)
    return one.platform == other.platform and bool(one.post_ids & other.post_ids)


def _gone(target: Target, rewritten: dict[str, str]) -> Gone:
    handle = {target.account, target.account.lstrip("@")} - {""}
    return Gone(
        platform=target.platform,
        handle=target.account,
        account_ids=target.account_ids,
        post_ids=target.post_ids,
        names=frozenset(handle | target.account_ids | target.post_ids),
        rewritten=rewritten,
    )


def places(study: Study) -> Places:
    """Return where the other files of a study may stand, and what is looked after elsewhere."""
    return Places(
        folder=study.folder,
        report=study.report_file,
        apart=(
            study.archive,
            study.feeds,
            study.state,
            study.folder / study.accounts_file,
            study.folder / "study.toml",
            *find_exports(study),
        ),
    )


def _pending(study: Study) -> Path:
    study.state.mkdir(parents=True, exist_ok=True)
    return study.state / PENDING
