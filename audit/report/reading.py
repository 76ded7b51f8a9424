"""Reads all figures of a report from a study's published warehouse."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime

import duckdb
import orjson

from audit.report.asking import Asker, Row
from audit.report.evidence import find_passages
from audit.report.figures import (
    FOCUS,
    PLATFORMS,
    THEMES,
    Basis,
    CoderUse,
    Counted,
    Crawl,
    Example,
    Fact,
    Figures,
    Institution,
    Presence,
    Share,
    Sighting,
    State,
    Visit,
)
from audit.report.said import find_comparisons
from audit.study import Study
from crawler.study import HOME
from warehouse.db import connect_readonly

SNIPPET = 120  # characters of a post that is only named
CODER = "rules"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Scope:
    """Whose posts count and what came of asking."""

    asker: Asker
    counted: Counted
    state: State
    basis: Basis


def read_figures(study: Study, *, made_at: datetime | None = None) -> Figures:
    """Return all figures of a study; WarehouseError where there is no warehouse to read."""
    con = connect_readonly(study.warehouse)
    try:
        return _read(con, study, made_at or datetime.now(UTC))
    finally:
        con.close()


def _read(con: duckdb.DuckDBPyConnection, study: Study, made_at: datetime) -> Figures:
    visits = tuple(sorted((_visit(row) for row in Asker(con).rows("coverage")), key=_visit_order))
    until = study.until or _last_day(visits, made_at)
    scope = _find_scope(con, study.since, until, visits)
    ask = scope.asker
    answered = scope.state == "answered"
    answer = ask.shares("share_of_posts", (), FOCUS).get(()) if answered else None
    by_level = ask.shares_by("share_of_posts", "level", FOCUS) if answered else {}
    return Figures(
        title=study.title,
        since=study.since,
        until=until,
        made_at=made_at,
        state=scope.state,
        basis=scope.basis,
        counted=scope.counted,
        answer=answer,
        other_ways=_other_ways(ask) if answered else {},
        by_level=by_level,
        by_platform=ask.shares_by("share_of_posts", "platform", FOCUS) if answered else {},
        by_level_platform=_pairs(ask.shares("share_of_posts", ("level", "platform"), FOCUS))
        if answered
        else {},
        themes=({FOCUS: answer} if answer else {}) | ask.shares_of_codes("share_of_posts"),
        themes_by_level={(level, FOCUS): share for level, share in by_level.items()}
        | (_pairs(ask.shares("share_of_posts", ("level",))) if answered else {}),
        subcodes=ask.shares_of_codes("labour_market_subcodes") if answered else {},
        months=ask.shares_by("share_of_posts", "month", FOCUS) if answered else {},
        institutions=_institutions(con, ask, visits, study.since, until),
        visits=visits,
        examples=_examples(ask, study.report.examples),
        comparisons=find_comparisons(_said_and_done(ask)) if answered else (),
        presences=tuple(Presence(**_only(Presence, row)) for row in ask.rows("platform_presence")),
        facts=tuple(Fact(**row) for row in ask.rows("survey")),
        crawls=tuple(
            Crawl(**row | _texts(row, "route", "legal_ground", "software")) for row in ask.rows("crawls")
        ),
        coders=tuple(CoderUse(**_only(CoderUse, row)) for row in ask.rows("coders")),
    )


def _find_scope(con: duckdb.DuckDBPyConnection, since: date, until: date, visits: Sequence[Visit]) -> _Scope:
    """Count complete accounts; where those have nothing to tell, count all."""
    ever = Asker(con, basis="all").one("counted")
    whole = Asker(con, since=since, until=until, basis="all")
    asker: Asker = Asker(con, since=since, until=until)
    row, all_row = asker.one("counted"), whole.one("counted")
    basis: Basis = "complete"
    if not row["n_posts"] and all_row["n_posts"]:
        asker, row, basis = whole, all_row, "all"
    counted = Counted(
        posts=row["n_posts_coded"],
        posts_kept=ever["n_posts_kept"],
        posts_undated=ever["n_posts_undated"],
        posts_outside=ever["n_posts"] - ever["n_posts_undated"] - all_row["n_posts"],
        posts_left_out=all_row["n_posts"] - row["n_posts"],
        reposts=ever["n_reposts"],
        accounts=row["n_accounts"] if basis == "complete" else sum(visit.was_seen for visit in visits),
        accounts_left_out=sum(visit.access != "complete" for visit in visits) if basis == "complete" else 0,
        institutions=row["n_institutions"],
        oldest_posted_at=row["oldest_posted_at"],
        newest_posted_at=row["newest_posted_at"],
    )
    return _Scope(asker=asker, counted=counted, state=_state(row, ever, visits), basis=basis)


def _state(row: Row, ever: Row, visits: Sequence[Visit]) -> State:
    if row["n_posts_coded"]:
        return "answered"
    if row["n_posts"]:
        return "not_coded"
    if ever["n_posts"]:
        return "outside_window"
    return "nothing_seen" if any(visit.started_at for visit in visits) else "nothing_visited"


def _said_and_done(ask: Asker) -> list[Row]:
    """Return what was said beside what was posted; of the focus also where no post carries it."""
    rows = ask.rows("said_minus_done", by=("level",))
    told = any(row["code"] == FOCUS for row in rows)
    return rows if told else rows + ask.rows("said_minus_done", by=("level",), code=FOCUS)


def _other_ways(ask: Asker) -> dict[str, Share]:
    names = ("share_primary", "mean_institution_share", "share_of_institutions")
    shares = {name: ask.shares(name, (), FOCUS) for name in names}
    return {name: found[()] for name, found in shares.items() if found}


def _pairs(shares: Mapping[tuple[str, ...], Share]) -> dict[tuple[str, str], Share]:
    return {(first, second): share for (first, second), share in shares.items()}


def _visit_order(visit: Visit) -> tuple[bool, bool, str, int, str]:
    known = visit.institution is not None
    platform = PLATFORMS.index(visit.platform)
    return not known, visit.level != "mbo", (visit.institution or "").casefold(), platform, visit.account


def _visit(row: Row) -> Visit:
    seen = row["posts_collected"] or row["outcome"] in ("complete", "empty", "partial")
    is_whole = row["posts_known"] == row["posts_collected"]  # a later visit need not ask for all posts again
    facts = row | _texts(row, "sign", "crawl_id", "route", "legal_ground")
    return Visit(
        **_only(Visit, facts)
        | {
            "posts_known": row["posts_known"] if seen else None,
            "errors_count": row["errors_count"] or 0,
            "oldest_posted_at": row["oldest_posted_at"] if is_whole else None,
            "newest_posted_at": row["newest_posted_at"] if is_whole else None,
        }
    )


def _last_day(visits: Sequence[Visit], made_at: datetime) -> date:
    moments = [visit.started_at for visit in visits if visit.started_at]
    return max(moments, default=made_at).astimezone(HOME).date()


def _institutions(
    con: duckdb.DuckDBPyConnection, ask: Asker, visits: Sequence[Visit], since: date, until: date
) -> tuple[Institution, ...]:
    own = ask.shares_by("share_of_posts", "institution", FOCUS)
    primary = ask.shares("share_primary", ("institution",))
    anywhere = Asker(con, since=since, until=until, basis="all")
    recent = {row["institution"]: _sighting(row) for row in anywhere.rows("most_recent_posts", code=FOCUS)}
    names = sorted({(v.level or "", v.institution) for v in visits if v.institution}, key=_level_then_name)
    return tuple(
        Institution(
            name=name,
            level=level,
            share=own.get(name),
            themes={code: share for (of, code), share in primary.items() if of == name},
            visits=tuple(visit for visit in visits if visit.institution == name),
            most_recent=recent.get(name),
        )
        for level, name in names
    )


def _level_then_name(key: tuple[str, str]) -> tuple[bool, str]:
    level, name = key
    return level != "mbo", name.casefold()


def _examples(ask: Asker, most: int) -> dict[str, tuple[Example, ...]]:
    examples: dict[str, list[Example]] = {}
    for row in ask.rows("example_posts", most=most) if most else ():
        examples.setdefault(row["code"], []).append(_example(row))
    order = sorted(examples, key=lambda code: (THEMES.index(code) if code in THEMES else len(THEMES), code))
    return {code: tuple(examples[code]) for code in order}


def _example(row: Row) -> Example:
    evidence = orjson.loads(row["evidence"] or "[]")
    return Example(
        code=row["code"],
        institution=row["institution"],
        level=row["level"],
        seen=_sighting(row),
        language=row["language"],
        passages=find_passages(row, evidence),
        rules=tuple(dict.fromkeys(str(part.get("rule")) for part in evidence)),
        is_primary=row["is_primary"],
    )


def _sighting(row: Row) -> Sighting:
    words = " ".join((row["title"] or row["text"] or "").split())
    return Sighting(
        platform=row["platform"],
        account=row["account"],
        url=row["url"],
        posted_at=row["posted_at"],
        posted_precision=row["posted_precision"],
        words=words if len(words) <= SNIPPET else words[:SNIPPET].rsplit(" ", 1)[0] + "…",
    )


def _only(of: type, row: Row) -> Row:
    return {name: row[name] for name in of.__slots__}  # type: ignore[attr-defined]


def _texts(row: Row, *names: str) -> Row:
    return {name: row[name] or "" for name in names}
