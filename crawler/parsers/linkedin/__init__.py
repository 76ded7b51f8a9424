"""LinkedIn as a guest sees it, an organisation's page and a single post; and the API for own pages."""

from __future__ import annotations

from crawler.parsers.formats import Format
from crawler.parsers.linkedin import company_page, post_page, posts_api, voyager

FORMATS: tuple[Format, ...] = (
    Format(
        name="linkedin.company_page",
        platform="linkedin",
        detects=company_page.detects,
        parse=company_page.parse,
    ),
    Format(name="linkedin.post_page", platform="linkedin", detects=post_page.detects, parse=post_page.parse),
    Format(name="linkedin.voyager", platform="linkedin", detects=voyager.detects, parse=voyager.parse),
    Format(
        name="linkedin.organizations",
        platform="linkedin",
        detects=posts_api.detects_organizations,
        parse=posts_api.parse_organizations,
    ),
    Format(name="linkedin.posts_api", platform="linkedin", detects=posts_api.detects, parse=posts_api.parse),
)
