"""Makes registers and feeds in the contract's format, from a seed: small worlds whose truth the tests know."""

from __future__ import annotations

import gzip
import json
import random
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
PLATFORMS = ("instagram", "tiktok", "youtube", "linkedin")
Record = dict[str, Any]


def iso(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def account_row(institution: str, level: str, platform: str, account: str, **facts: str) -> dict[str, str]:
    row = {
        "institution": institution,
        "level": level,
        "place": "Duinstad",
        "region": "west" if len(institution) % 2 else "oost",
        "type": "roc" if level == "mbo" else "hogeschool",
        "website": f"https://{account}.example",
        "platform": platform,
        "account": account,
        "scope": "central",
        "programme": "",
        "run_by": "institution",
    }
    return row | facts


def post(post_id: str, account: str, platform: str = "instagram", **facts: Any) -> Record:
    record: Record = {
        "record": "post",
        "platform": platform,
        "post_id": post_id,
        "account": account,
        "account_id": f"id-{account}",
        "url": f"https://{platform}.example/{account}/{post_id}",
        "media_type": "image",
        "text": f"Bericht {post_id}",
        "title": None,
        "alt_text": None,
        "transcript": None,
        "transcript_source": None,
        "hashtags": [],
        "mentions": [],
        "posted_at": iso(NOW - timedelta(days=10)),
        "posted_precision": "second",
        "posted_source": "api",
        "like_count": 10,
        "comment_count": 2,
        "share_count": None,
        "view_count": None,
        "save_count": None,
        "is_pinned": False,
        "is_repost": False,
        "repost_of": None,
        "coauthors": [],
        "route": "browser",
        "capture_id": f"capture-{account}-1",
        "captured_at": iso(NOW),
        "parser_version": 1,
    }
    return record | facts


def profile(account: str, platform: str = "instagram", **facts: Any) -> Record:
    record: Record = {
        "record": "account",
        "platform": platform,
        "account": account,
        "account_id": f"id-{account}",
        "name": account.title(),
        "url": f"https://{platform}.example/{account}",
        "description": None,
        "website": None,
        "followers_count": 1000,
        "following_count": 10,
        "posts_count": 3,
        "is_private": False,
        "is_verified": None,
        "route": "browser",
        "capture_id": f"capture-{account}-1",
        "captured_at": iso(NOW),
        "parser_version": 1,
    }
    return record | facts


def feed(
    account: str,
    records: Iterable[Record],
    *,
    platform: str = "instagram",
    crawl_id: str = "crawl-1",
    outcome: str = "complete",
    started_at: datetime = NOW - timedelta(minutes=5),
    **facts: Any,
) -> list[Record]:
    """Return all records of a feed, the header and the outcome included."""
    records = list(records)
    posts = [record for record in records if record["record"] == "post"]
    dates = sorted(record["posted_at"] for record in posts if record["posted_at"])
    header = {
        "record": "crawl",
        "crawl_id": crawl_id,
        "study": "made",
        "platform": platform,
        "account": account,
        "route": "browser",
        "legal_ground": "research exception, test",
        "started_at": iso(started_at),
        "window_since": None,
        "window_until": None,
        "software": "uitzicht test",
    }
    ending: Record = {
        "record": "outcome",
        "crawl_id": crawl_id,
        "platform": platform,
        "account": account,
        "account_id": f"id-{account}",
        "outcome": outcome,
        "sign": "",
        "status": 200,
        "final_url": None,
        "route": "browser",
        "legal_ground": "research exception, test",
        "posts_collected": len({record["post_id"] for record in posts}),
        "posts_reported": None,
        "errors_count": 0,
        "oldest_posted_at": dates[0] if dates else None,
        "newest_posted_at": dates[-1] if dates else None,
        "window_since": None,
        "started_at": iso(started_at),
        "ended_at": iso(started_at + timedelta(minutes=1)),
        "capture_ids": sorted({record["capture_id"] for record in posts}),
    }
    return [header, *records, ending | facts]


def write_feed(folder: Path, records: list[Record]) -> Path:
    """Write a feed where a crawl would, and return its path."""
    header = records[0]
    path = folder / header["crawl_id"] / f"{header['platform']}-{header['account'].lstrip('@')}.jsonl.gz"
    path.parent.mkdir(parents=True, exist_ok=True)
    lines = "".join(json.dumps(record, ensure_ascii=False) + "\n" for record in records)
    path.write_bytes(gzip.compress(lines.encode(), compresslevel=1, mtime=0))
    return path


THEMES = ("atmosphere", "programme", "open_day", "student_made", "labour_market", "other")
SECTORS = ("health", "technology", "education", "economics", "language_culture", "green", "safety_sport")


def make_study(
    folder: Path, *, seed: int = 1, institutions: int = 12
) -> tuple[list[dict[str, str]], list[Path]]:
    """Write the feeds of a study of so many institutions; return its register and the feeds' paths."""
    rng = random.Random(seed)  # noqa: S311
    register, paths = [], []
    for number in range(institutions):
        level = "mbo" if number % 2 else "hbo"
        for platform in PLATFORMS[: 2 + number % 3]:
            account = f"school{number:02}{platform[:2]}"
            scope = "programme" if number % 5 == 0 and platform == "tiktok" else "central"
            register.append(account_row(f"School {number:02}", level, platform, account, scope=scope))
            outcome = rng.choice(("complete",) * 6 + ("blocked", "partial"))
            records = [profile(account, platform)] + [
                _random_post(rng, f"{account}-{n}", account, platform) for n in range(rng.randint(5, 60))
            ]
            paths.append(write_feed(folder, feed(account, records, platform=platform, outcome=outcome)))
    return register, paths


def _random_post(rng: random.Random, post_id: str, account: str, platform: str) -> Record:
    posted = NOW - timedelta(minutes=rng.randint(60, 60 * 24 * 500))
    dated = rng.random() > 0.05
    return post(
        post_id,
        account,
        platform,
        text=f"Tekst {rng.randint(1, 200)} van {account}",
        media_type=rng.choice(("image", "video", "short")),
        posted_at=iso(posted) if dated else None,
        posted_precision=rng.choice(("second", "second", "day", "month")) if dated else "unknown",
        posted_source="api" if dated else "unknown",
        like_count=rng.choice((None, rng.randint(0, 500))),
        comment_count=rng.randint(0, 30),
        share_count=rng.choice((None, rng.randint(0, 9))),
        is_repost=rng.random() < 0.05,
    )
