"""LinkedIn as a guest sees it: an organisation's page and a single post."""

from __future__ import annotations

from crawler.parsers.formats import Format
from crawler.parsers.linkedin import company_page, post_page

FORMATS: tuple[Format, ...] = (
    Format(
        name="linkedin.company_page",
        platform="linkedin",
        detects=company_page.detects,
        parse=company_page.parse,
    ),
    Format(name="linkedin.post_page", platform="linkedin", detects=post_page.detects, parse=post_page.parse),
)
