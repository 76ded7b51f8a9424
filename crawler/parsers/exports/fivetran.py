"""Fivetran's table of an organisation's LinkedIn posts (ugc_post_history): texts and moments, no counts."""

from __future__ import annotations

import re
from datetime import datetime

from crawler.items import Capture, Post
from crawler.parsers.exports.cells import Cells
from crawler.parsers.exports.export import Export, at_second, column, common
from crawler.parsers.linkedin.posts_api import read_little_text
from crawler.parsers.tags import find_hashtags

_POST = re.compile(r"urn:li:(ugcPost|share|activity):(\d{15,20})", re.ASCII)
_ORGANIZATION = re.compile(r"urn:li:organization:(\d{1,20})", re.ASCII)


def read_row(row: Cells, capture: Capture) -> Post:
    """Return a post; of what kind it is the table does not say, so that it counts as text.

    Texts are in LinkedIn's little format, as its API gives them. One without words that has a parent is a repost.
    """
    kind, number = row.match("urn", _POST, "urn:li:ugcPost:<number>").groups()
    owner = row.match("owner", _ORGANIZATION, "urn:li:organization:<number>").group(1)
    text, mentions = read_little_text(row.text("text") or "")
    shared = row.take("parent") or ""
    parent = _POST.fullmatch(shared)
    posted_at = row.take_moment("posted_at") or row.take_moment("created_at")
    return Post(
        post_id=number,
        account=capture.account or owner,
        account_id=owner,
        url=f"https://www.linkedin.com/feed/update/urn:li:{kind}:{number}",
        media_type="text",
        text=text,
        hashtags=find_hashtags(text),
        mentions=mentions,
        is_repost=shared != "" and not text,
        repost_of=parent[2] if parent else None,
        **common(row, capture, at_second(posted_at)),
    )


def _unseen(row: Cells) -> str:
    if (row.take("state") or "PUBLISHED") != "PUBLISHED":
        return "not published"
    return "not public" if (row.take("visibility") or "PUBLIC") != "PUBLIC" else ""


def _collected_at(row: Cells, file_at: datetime) -> datetime:
    return row.take_moment("collected") or file_at


EXPORTS = (
    Export(
        platform="linkedin",
        route="fivetran",
        title="Fivetran (linkedin_pages ugc_post_history)",
        needs={
            "urn": ("id",),
            "owner": ("author",),
            "text": ("commentary",),
            "posted_at": ("first_published_at",),
            "state": ("lifecycle_state",),
        },
        takes={
            "created_at": ("created_time",),
            "visibility": ("visibility",),
            "collected": ("_fivetran_synced",),
            "parent": ("response_context_parent",),
        },
        ignores=(
            "container_entity",
            "distribution_external_distribution_channels",
            "distribution_feed_distribution",
            "last_modified_time",
            "response_context_root",
        ),
        private=("created_actor", "last_modified_actor"),
        owner=column("owner"),
        names_account=False,
        leaves_out=_unseen,
        collected_at=_collected_at,
        read=read_row,
    ),
)
