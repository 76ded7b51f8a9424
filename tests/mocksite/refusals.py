"""How each platform says no: one answer per kind of refusal, in the platform's own words and status."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import quote

from starlette.responses import Response

from tests.mocksite import ids
from tests.mocksite.behaviours import Behaviour
from tests.mocksite.errors import (
    google_error,
    graph_error,
    instagram_error,
    linkedin_error,
    not_found,
    reduce_data,
    research_error,
)
from tests.mocksite.pages import page, plain_page
from tests.mocksite.visit import Visit, answer_html, answer_json, redirect

Refuse = Callable[[Visit, Behaviour], Response]
LOGIN = {
    "instagram": "/accounts/login/?next=",
    "tiktok": "/login?redirect_url=",
    "youtube": "/signin?next=",
    "linkedin": "/uas/login?session_redirect=",
}
WAIT = "Please wait a few minutes before you try again."
TOO_MANY = "You have exceeded the rate limit. Please try again later."
SPENT = (
    "The request cannot be completed because you have exceeded your "
    '<a href="/youtube/v3/getting-started#quota">quota</a>.'
)
NOT_A_BOT = "Sign in to confirm you’re not a bot"


def refuse(visit: Visit) -> Response | None:
    """Return the refusal that is due, None where the visit is to be answered."""
    for one in visit.due:
        if found := REFUSALS.get(one.kind):
            return found(visit, one)
    return None


# One function per kind


def _login_redirect(visit: Visit, one: Behaviour) -> Response:
    if visit.route.is_api:
        return _forbidden(visit, one)
    return redirect(_own(visit, LOGIN[visit.route.platform] + quote(visit.target, safe="")))


def _require_login(visit: Visit, one: Behaviour) -> Response:
    if visit.route.is_api:
        return _token_expired(visit, one)
    if visit.route.platform == "instagram":
        return instagram_error(401, WAIT, require_login=True, igweb_rollout=True)
    if visit.route.platform == "youtube":
        return google_error(401, "required", "Request is missing required authentication credential.")
    if visit.route.platform == "tiktok" and visit.route.is_json:
        return answer_json({"statusCode": 8, "status_code": 8, "status_msg": "Login expired"}, 401)
    return answer_html(plain_page("Log in", "Please log in to continue."), 401)


def _challenge(visit: Visit, one: Behaviour) -> Response:
    if visit.route.is_api:
        return _forbidden(visit, one)
    if visit.route.platform == "instagram":
        return _instagram_challenge(visit)
    if visit.route.platform == "tiktok":
        captcha = {
            "code": "10000",
            "from": "",
            "type": "verify",
            "subtype": "slide",
            "region": "va",
            "fp": "",
        }
        return answer_json(captcha) if visit.route.is_json else answer_html(page("tiktok_captcha.html"))
    if visit.route.platform == "youtube":
        return answer_html(page("youtube_captcha.html", next=visit.target), 429)
    return _checkpoint(visit, one)


def _instagram_challenge(visit: Visit) -> Response:
    if not visit.route.is_json:
        return redirect(_own(visit, "/challenge/?next=" + quote(visit.target, safe="")))
    where = {
        "url": _own(visit, "/challenge/"),
        "api_path": "/challenge/",
        "hide_webview_header": True,
        "lock": True,
    }
    return instagram_error(400, "challenge_required", challenge=where)


def _checkpoint(visit: Visit, one: Behaviour) -> Response:
    if visit.route.platform == "instagram" and not visit.route.is_api:
        url = _own(visit, "/challenge/AXF/")
        return instagram_error(400, "checkpoint_required", checkpoint_url=url, lock=True)
    if visit.route.platform == "linkedin" and not visit.route.is_api:
        return redirect(_own(visit, "/checkpoint/challenge/verify?redirect=" + quote(visit.target, safe="")))
    return _challenge(visit, one) if visit.route.platform != "linkedin" else _forbidden(visit, one)


def _feedback(visit: Visit, one: Behaviour) -> Response:
    if visit.route.platform != "instagram" or visit.route.is_api:
        return _rate_limited(visit, one)
    message = "We limit how often you can do certain things on Instagram to protect our community."
    return instagram_error(
        400, "feedback_required", spam=True, feedback_title="Try Again Later", feedback_message=message
    )


def _forbidden(visit: Visit, one: Behaviour) -> Response:
    platform = visit.route.platform
    if not visit.route.is_api and not visit.route.is_json:
        return answer_html(plain_page("403 Forbidden", "Access to this page is denied."), 403)
    if platform == "instagram" and visit.route.is_api:
        return graph_error(403, 10, "(#10) Application does not have permission for this action")
    if platform == "youtube":
        return google_error(403, "forbidden", "The caller does not have permission")
    if platform == "tiktok" and visit.route.is_api:
        return research_error(403, "access_denied", "The client is not allowed to query this.")
    if platform == "linkedin":
        return linkedin_error(
            403, "ACCESS_DENIED", "Not enough permissions to access: partnerApiPostsExternal"
        )
    return (
        instagram_error(403, "Forbidden")
        if platform == "instagram"
        else answer_json({"statusCode": 10000}, 403)
    )


def _rate_limited(visit: Visit, one: Behaviour) -> Response:
    platform, api = visit.route.platform, visit.route.is_api
    if platform == "youtube" and visit.route.is_json:
        response = google_error(429, "rateLimitExceeded", "Resource has been exhausted (e.g. check quota).")
    elif platform == "youtube":
        response = answer_html(page("youtube_captcha.html", next=visit.target), 429)
    elif platform == "instagram" and api:
        response = graph_error(429, 4, "(#4) Application request limit reached", is_transient=True)
    elif platform == "tiktok" and api:
        response = research_error(429, "rate_limit_exceeded", TOO_MANY)
    elif platform == "linkedin" and api:
        response = linkedin_error(429, "TOO_MANY_REQUESTS", "Resource level throttle limit reached", 101)
    elif platform == "instagram" and visit.route.is_json:
        response = instagram_error(429, WAIT)
    else:
        response = answer_html(plain_page("429 Too Many Requests", TOO_MANY), 429)
    response.headers["retry-after"] = f"{one.seconds:g}"
    return response


def _request_denied(visit: Visit, one: Behaviour) -> Response:
    return answer_html(page("linkedin_999.html", target=visit.target), 999)


def _authwall(visit: Visit, one: Behaviour) -> Response:
    if visit.route.is_api:
        return _forbidden(visit, one)
    if visit.route.platform != "linkedin":
        return _login_redirect(visit, one)
    return redirect(
        _own(visit, "/authwall?trk=bf&original_referer=&sessionRedirect=" + quote(visit.target, safe=""))
    )


def _consent(visit: Visit, one: Behaviour) -> Response:
    if visit.route.platform != "youtube" or visit.route.is_api:
        return answer_html(page("consent.html", target=visit.target))
    continued = quote("https://www.youtube.com" + visit.target, safe="")
    return redirect(
        visit.site.url("consent.youtube.com", f"/m?continue={continued}&gl=NL&m=0&pc=yt&hl=en&src=1")
    )


def _not_a_bot(visit: Visit, one: Behaviour) -> Response:
    if visit.route.platform != "youtube" or visit.route.is_api:
        return _challenge(visit, one)
    if visit.route.name == "youtube.player":
        return answer_json({"playabilityStatus": {"status": "LOGIN_REQUIRED", "reason": NOT_A_BOT}})
    if visit.route.is_json:
        alert = {"alertRenderer": {"type": "ERROR", "text": {"simpleText": NOT_A_BOT}}}
        return answer_json({"responseContext": {}, "alerts": [alert]})
    return answer_html(plain_page("YouTube", NOT_A_BOT))


def _please_wait(visit: Visit, one: Behaviour) -> Response:
    return answer_html(page("tiktok_wait.html", seed=ids.letters(32, "wait", visit.target)))


def _quota_exceeded(visit: Visit, one: Behaviour) -> Response:
    if not visit.route.is_api:
        return _rate_limited(visit, one)
    if visit.route.platform == "youtube":
        return google_error(403, "quotaExceeded", SPENT, "youtube.quota")
    if visit.route.platform == "instagram":
        return graph_error(403, 4, "(#4) Application request limit reached", is_transient=True)
    if visit.route.platform == "tiktok":
        return research_error(429, "daily_quota_limit_exceeded", "Daily quota limit exceeded")
    return linkedin_error(
        429, "TOO_MANY_REQUESTS", "Resource level throttle DAY limit for calls reached", 101
    )


def _token_expired(visit: Visit, one: Behaviour) -> Response:
    if not visit.route.is_api:
        return _require_login(visit, one)
    if visit.route.platform == "youtube":
        return google_error(400, "badRequest", "API key expired. Please renew the API key.")
    if visit.route.platform == "instagram":
        message = "Error validating access token: Session has expired on Saturday, 14-Nov-26 04:00:00 PST."
        return graph_error(400, 190, message, subcode=463)
    if visit.route.platform == "tiktok":
        return research_error(
            401, "access_token_invalid", "The access token is invalid or not found in the request."
        )
    return linkedin_error(401, "EXPIRED_ACCESS_TOKEN", "The token used in the request has expired", 65601)


def _server_error(visit: Visit, one: Behaviour) -> Response:
    if visit.route.platform == "youtube" and visit.route.is_json:
        return google_error(503, "backendError", "The service is currently unavailable.")
    if visit.route.platform == "instagram" and visit.route.is_api:
        return graph_error(503, 2, "Service temporarily unavailable", is_transient=True)
    if visit.route.platform == "tiktok" and visit.route.is_api:
        return research_error(500, "internal_error", "Something is wrong. Please try again later.")
    return answer_html(plain_page("503 Service Unavailable", "Try again later."), 503)


def _unavailable(visit: Visit, one: Behaviour) -> Response:
    response = _server_error(visit, one)
    response.headers["retry-after"] = f"{one.seconds:g}"
    return response


def _html_for_json(visit: Visit, one: Behaviour) -> Response:
    return answer_html(plain_page("Welcome", "This is not what you asked for."))


def _own(visit: Visit, path: str) -> str:
    return visit.site.url(visit.route.host, path)


REFUSALS: dict[str, Refuse] = {
    "login_redirect": _login_redirect,
    "require_login": _require_login,
    "challenge": _challenge,
    "checkpoint": _checkpoint,
    "feedback": _feedback,
    "forbidden": _forbidden,
    "not_found": lambda visit, one: not_found(visit),
    "rate_limited": _rate_limited,
    "request_denied": _request_denied,
    "authwall": _authwall,
    "consent": _consent,
    "not_a_bot": _not_a_bot,
    "please_wait": _please_wait,
    "quota_exceeded": _quota_exceeded,
    "token_expired": _token_expired,
    "reduce_data": lambda visit, one: reduce_data(),
    "server_error": _server_error,
    "unavailable": _unavailable,
    "empty_body": lambda visit, one: Response(b"", headers={"content-type": "text/plain; charset=utf-8"}),
    "html_for_json": _html_for_json,
}
