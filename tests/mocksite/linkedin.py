"""www.linkedin.com: the company page and single posts as a guest sees them. Ten newest cards, and no more."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from markupsafe import Markup, escape
from starlette.responses import Response

from tests.mocksite import ids, linkedin_api
from tests.mocksite.content import SitePost
from tests.mocksite.errors import not_found
from tests.mocksite.pages import page, plain_page, script_json
from tests.mocksite.paging import page_of
from tests.mocksite.site import SiteAccount
from tests.mocksite.visit import Route, Visit, answer_html, redirect

HOST = "www.linkedin.com"
CARDS = 10
COMMENTERS = ("Sanne Verhoef", "Youssef el Idrissi", "Marijke Tolsma")
_PART = re.compile(r"(?P<tag>#\w+)|(?P<url>https?://\S+[\w/])|(?P<name>@[\w.-]*\w)")
_UNITS = (("y", 365.0), ("mo", 30.4), ("w", 7.0), ("d", 1.0), ("h", 1 / 24), ("m", 1 / 1440))


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """All that one card of the feed shows."""

    post: SitePost
    activity: str
    featured: str
    attributed: str
    url: str
    text: Markup
    age: str
    actor: str
    actor_url: str
    actor_line: str
    reposter: str
    likes: int
    comments: int
    pictures: tuple[str, ...]


def age(moment: datetime, clock: datetime) -> str:
    """Return how old a post is as a card says it.

    >>> from datetime import UTC
    >>> clock = datetime(2026, 11, 15, 12, tzinfo=UTC)
    >>> [age(clock - timedelta(hours=hours), clock) for hours in (20, 30, 200, 2000, 9000)]
    ['20h', '1d', '1w', '2mo', '1y']
    """
    days = max(0.0, (clock - moment) / timedelta(days=1))
    return next((f"{int(days / length + 1e-9)}{unit}" for unit, length in _UNITS if days >= length), "now")


def attributed_urn(post: SitePost) -> str:
    """Return the share behind an activity: made just before it, and by another where the page only reposted it."""
    ms, seed = post.order
    kind = "ugcPost" if post.media == "video" else "share"
    return f"urn:li:{kind}:{ids.linkedin_id(_original_ms(post) - 40 if post.repost_of else ms - 40, seed)}"


def _original_ms(post: SitePost) -> int:
    return post.order[0] - 3_600_000 * (5 + post.seed % 300)


def linked(text: str) -> Markup:
    """Return a text as cards show it, with links on hashtags, addresses and names."""
    made, end = Markup(), 0
    for match in _PART.finditer(text):
        made += escape(text[end : match.start()]) + page_link(match)
        end = match.end()
    return made + escape(text[end:])


def page_link(match: re.Match[str]) -> Markup:
    """Return the link on one hashtag, address or name."""
    shown = match[0]
    if match["tag"]:
        href = f"https://www.linkedin.com/signup?session_redirect=%2Ffeed%2Fhashtag%2F{shown[1:].lower()}"
    elif match["url"]:
        href = shown
    else:
        href = (
            f"https://www.linkedin.com/company/{shown[1:].lower()}?trk=organization_guest_main-feed-card-text"
        )
    return Markup('<a class="link" href="{}" target="_self">{}</a>').format(href, shown)


def _person_url(name: str) -> str:
    slug = re.sub(r"\W+", "-", name.lower()).strip("-")
    return f"https://nl.linkedin.com/in/{slug}?trk=organization_guest_main-feed-card_feed-actor-name"


def _card(visit: Visit, post: SitePost, account: SiteAccount) -> Card:
    counts = ids.counts(post.seed, account.followers)
    made_ms = _original_ms(post) if post.repost_of else post.order[0]
    made_at = post.posted_at - timedelta(milliseconds=post.order[0] - made_ms)
    activity = f"urn:li:activity:{post.post_id}"
    slug = re.sub(r"\W+", "-", post.shown_text.lower())[:40].strip("-")
    middle = "" if post.repost_of else f"{slug}-"
    own_url = (
        f"https://nl.linkedin.com/company/{account.key}?trk=organization_guest_main-feed-card_feed-actor-name"
    )
    featured = f"urn:li:activity:{ids.linkedin_id(made_ms, post.seed)}" if post.repost_of else activity
    count = {"image": 1, "carousel": 3}.get(post.media, 0)
    return Card(
        post=post,
        activity=activity,
        featured=featured,
        attributed=attributed_urn(post),
        url=f"https://www.linkedin.com/posts/{account.key}_{middle}activity-{post.post_id}-{ids.letters(4, post.seed)}",
        text=linked(post.shown_text),
        age=age(made_at, visit.site.clock),
        actor=post.repost_of or account.name,
        actor_url=_person_url(post.repost_of) if post.repost_of else own_url,
        actor_line="" if post.repost_of else f"{account.followers:,} followers",
        reposter=account.name if post.repost_of else "",
        likes=counts.likes,
        comments=counts.comments,
        pictures=tuple(
            f"https://media.licdn.com/dms/image/{ids.letters(16, post.seed, n)}" for n in range(count)
        ),
    )


def _hidden(visit: Visit) -> Response | None:
    if visit.account is None or visit.has("vanished"):
        return not_found(visit)
    if visit.has("region_locked"):
        text = "This page is not available in your country or region."
        return answer_html(plain_page("LinkedIn", text), 451)
    if visit.has("private"):
        return answer_html(plain_page("LinkedIn", "This page is only visible to members."))
    return None


def _company(visit: Visit) -> Response:
    account = visit.account
    if (hidden := _hidden(visit)) or account is None:
        return hidden or not_found(visit)
    if visit.has("moved") and visit.target.startswith("/company/"):
        return redirect(visit.site.url(HOST, f"/school/{account.key}/"), 301)
    found = page_of(visit, visit.site.posts("linkedin", account.handle), CARDS, None)
    organisation = {
        "@context": "http://schema.org",
        "@type": "Organization",
        "name": account.name,
        "url": f"https://nl.linkedin.com/company/{account.key}",
        "sameAs": account.website,
    }
    cards = [_card(visit, post, account) for post in found.posts]
    values = {"account": account, "cards": cards, "json_ld": script_json(organisation)}
    return answer_html(page("linkedin_company.html", **values))


def _post_page(visit: Visit) -> Response:
    post, account = _post(visit), visit.account
    if (hidden := _hidden(visit)) or post is None or account is None:
        return hidden or not_found(visit)
    card = _card(visit, visit.site.shown(post), account)
    comments = _comments(card)
    posting: dict[str, Any] = {
        "@context": "http://schema.org",
        "@type": "VideoObject" if post.media == "video" else "SocialMediaPosting",
        "@id": card.url,
        "datePublished": post.posted_at.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "headline": card.post.shown_text[:100],
        "articleBody": card.post.shown_text,
        "author": {
            "@type": "Organization",
            "name": account.name,
            "url": f"https://nl.linkedin.com/company/{account.key}",
        },
        "commentCount": card.comments,
        "interactionStatistic": [_interaction("Like", card.likes), _interaction("Comment", card.comments)],
        "comment": [
            {"@type": "Comment", "author": {"@type": "Person", "name": who}, "text": text}
            for who, text in comments
        ],
    }
    values = {"account": account, "card": card, "comments": comments, "json_ld": script_json(posting)}
    return answer_html(page("linkedin_post.html", **values))


def _interaction(what: str, count: int) -> dict[str, Any]:
    kind = f"http://schema.org/{what}Action"
    return {"@type": "InteractionCounter", "interactionType": kind, "userInteractionCount": count}


def _comments(card: Card) -> list[tuple[str, str]]:
    shown = COMMENTERS[: min(card.comments, len(COMMENTERS))]
    return [(who, "Wat mooi om te lezen!") for who in shown]


def _post(visit: Visit) -> SitePost | None:
    found = re.search(r"(?:activity|share|ugcPost)[-:](\d{15,20})", visit.path["post"])
    return visit.site.find("linkedin", found[1]) if found else None


def _owner(visit: Visit) -> str:
    post = _post(visit)
    return post.account if post else ""


def _slug(visit: Visit) -> str:
    return visit.path["slug"]


def _wall(visit: Visit) -> Response:
    return answer_html(page("linkedin_authwall.html"))


ROUTES = (
    Route(name="linkedin.company_page", host=HOST, path="/company/{slug}/", asks_for=_slug, answers=_company),
    Route(name="linkedin.company_page", host=HOST, path="/school/{slug}/", asks_for=_slug, answers=_company),
    Route(name="linkedin.post_page", host=HOST, path="/posts/{post}", asks_for=_owner, answers=_post_page),
    Route(
        name="linkedin.post_page", host=HOST, path="/feed/update/{post}", asks_for=_owner, answers=_post_page
    ),
    Route(
        name="linkedin.post_page",
        host=HOST,
        path="/embed/feed/update/{post}",
        asks_for=_owner,
        answers=_post_page,
    ),
    Route(name="linkedin.authwall", host=HOST, path="/authwall", answers=_wall),
    Route(name="linkedin.login", host=HOST, path="/uas/login", answers=_wall),
    Route(name="linkedin.login", host=HOST, path="/checkpoint/challenge/verify", answers=_wall),
    *linkedin_api.ROUTES,
)
