"""Tables that people export from the platforms' own screens and from researchers' tools, one module a kind."""

from __future__ import annotations

from crawler.items import Platform
from crawler.parsers.exports import (
    business_suite,
    fivetran,
    fourcat,
    linkedin_page,
    tiktok_studio,
    youtube_studio,
    ytdt,
)
from crawler.parsers.exports.export import Export
from crawler.parsers.formats import Format

EXPORTS: tuple[Export, ...] = (
    *fourcat.EXPORTS,
    *ytdt.EXPORTS,
    *youtube_studio.EXPORTS,
    *business_suite.EXPORTS,
    *tiktok_studio.EXPORTS,
    *linkedin_page.EXPORTS,
    *fivetran.EXPORTS,
)


def formats_of(platform: Platform) -> tuple[Format, ...]:
    """Return the formats in which a platform's rows are captured."""
    return tuple(export.as_format() for export in EXPORTS if export.platform == platform)
