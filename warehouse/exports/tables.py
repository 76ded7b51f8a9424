"""Which tables an export holds: their keys, what they refer to, and which tables' comments explain their columns."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, kw_only=True)
class Table:
    """A table of an export; its columns and rows are those of a file of SQL of the same name.

    `refers` maps a column to the table whose key it holds; `of` names warehouse tables, whose comments are looked up
    in that order.
    """

    name: str
    folder: str
    key: tuple[str, ...]
    of: tuple[str, ...]
    refers: Mapping[str, str] = field(default_factory=dict)

    @property
    def file(self) -> str:
        """The file of SQL."""
        return f"exports/{self.folder}/{self.name}.sql"


_POST = {"post_key": "posts"}
_ACCOUNT = {"account_key": "accounts"}

FULL = (
    Table(name="institutions", folder="tables", key=("institution",), of=("dim_institution",)),
    Table(
        name="accounts",
        folder="tables",
        key=("account_key",),
        of=("dim_account", "dim_institution"),
        refers={"institution": "institutions"},
    ),
    Table(
        name="account_snapshots",
        folder="tables",
        key=("account_key", "capture_id"),
        of=("fact_account_snapshot", "dim_capture", "dim_account"),
        refers=_ACCOUNT,
    ),
    Table(
        name="posts",
        folder="tables",
        key=("post_key",),
        of=("dim_post", "dim_account", "dim_institution", "dim_language", "mart_post"),
        refers=_ACCOUNT | {"institution": "institutions"},
    ),
    Table(
        name="post_history",
        folder="tables",
        key=("post_key", "version"),
        of=("dim_post", "dim_capture"),
        refers=_POST,
    ),
    Table(
        name="latest_counts",
        folder="tables",
        key=("post_key",),
        of=("fact_post_latest", "dim_post"),
        refers=_POST,
    ),
    Table(
        name="snapshots",
        folder="tables",
        key=("post_key", "capture_id"),
        of=("fact_post_snapshot", "dim_capture"),
        refers=_POST,
    ),
    Table(
        name="codings",
        folder="tables",
        key=("post_key", "dimension", "code", "coder", "codebook_version"),
        of=("fact_coding", "dim_post"),
        refers=_POST,
    ),
    Table(
        name="samples",
        folder="tables",
        key=("sample", "post_key"),
        of=("fact_sample",),
        refers=_POST,
    ),
    Table(
        name="outcomes",
        folder="tables",
        key=("crawl_id", "platform", "account"),
        of=("fact_outcome",),
        refers=_ACCOUNT,
    ),
    Table(
        name="coverage",
        folder="tables",
        key=("account_key",),
        of=("coverage", "fact_outcome", "dim_account", "dim_institution"),
        refers=_ACCOUNT | {"institution": "institutions"},
    ),
)

SHARED = (
    Table(name="institutions", folder="shared", key=("institution",), of=("dim_institution",)),
    Table(
        name="accounts",
        folder="shared",
        key=("account",),
        of=("dim_account", "dim_institution"),
        refers={"institution": "institutions"},
    ),
    Table(
        name="posts",
        folder="shared",
        key=("post",),
        of=("dim_post", "dim_account", "dim_institution", "dim_language"),
        refers={"account": "accounts"},
    ),
    Table(
        name="latest_counts",
        folder="shared",
        key=("post",),
        of=("fact_post_latest",),
        refers={"post": "posts"},
    ),
    Table(
        name="snapshots",
        folder="shared",
        key=("post", "capture"),
        of=("fact_post_snapshot", "dim_capture"),
        refers={"post": "posts"},
    ),
    Table(
        name="codings",
        folder="shared",
        key=("post", "dimension", "code", "coder", "codebook_version"),
        of=("fact_coding",),
        refers={"post": "posts"},
    ),
    Table(
        name="samples", folder="shared", key=("sample", "post"), of=("fact_sample",), refers={"post": "posts"}
    ),
    Table(
        name="outcomes",
        folder="shared",
        key=("crawl", "account"),
        of=("fact_outcome",),
        refers={"account": "accounts"},
    ),
)
