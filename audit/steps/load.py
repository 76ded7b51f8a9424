"""Feeds into the warehouse: accounts first, then feeds, then the language of new texts; readers get a fresh copy."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass

import duckdb

from audit.study import Study
from classify.language import detect
from crawler.feed import feed_files
from crawler.forgotten import Forgotten
from warehouse.coding import load_languages, texts_without_language
from warehouse.db import open_warehouse
from warehouse.feeds import LoadReport, load_feeds
from warehouse.publish import publish, restore
from warehouse.register import load_register

OnStep = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Loaded:
    """What a load added to the warehouse."""

    report: LoadReport
    texts: int


def load(study: Study, *, on_step: OnStep = lambda what, done, total: None) -> Loaded:
    """Load what is new into the study's warehouse and publish it. Loading twice changes nothing."""
    _go_on_from_published(study)
    with open_warehouse(study.working_warehouse) as con:
        load_register(con, [asdict(account) for account in study.accounts()])
        feeds = feed_files(study.feeds)
        done = 0

        def on_feeds(count: int) -> None:
            nonlocal done
            done += count
            on_step("feeds", done, len(feeds))

        forgotten = Forgotten.read(study.state)
        report = load_feeds(con, feeds, on_feeds=on_feeds, forgotten=forgotten if forgotten.hashes else None)
        texts = detect_languages(con, on_step=on_step)
    publish(study.working_warehouse, study.warehouse)
    return Loaded(report=report, texts=texts)


def _go_on_from_published(study: Study) -> None:
    """Make the loader's warehouse, where it is gone, from the published copy: feeds do not tell what people coded."""
    if study.warehouse.exists() and not study.working_warehouse.exists():
        restore(study.warehouse, study.working_warehouse)


def detect_languages(con: duckdb.DuckDBPyConnection, *, on_step: OnStep) -> int:
    """Detect the language of every text that has none yet; return how many there were."""
    done = 0
    for batch in texts_without_language(con, most=5_000):
        load_languages(con, [(text_hash, detect(text)) for text_hash, text in batch])
        done += len(batch)
        on_step("languages", done, done)
    return done
