"""Errors in each platform's own shape."""

from __future__ import annotations

from typing import Any

from starlette.responses import Response

from tests.mocksite import ids
from tests.mocksite.pages import plain_page
from tests.mocksite.visit import Visit, answer_html, answer_json

GOOGLE = {
    400: "INVALID_ARGUMENT",
    401: "UNAUTHENTICATED",
    403: "PERMISSION_DENIED",
    404: "NOT_FOUND",
    429: "RESOURCE_EXHAUSTED",
    503: "UNAVAILABLE",
}


def graph_error(
    status: int, code: int, message: str, kind: str = "OAuthException", subcode: int = 0, **more: Any
) -> Response:
    """Return an error of the Instagram Graph API."""
    error: dict[str, Any] = {"message": message, "type": kind, "code": code, **more}
    if subcode:
        error["error_subcode"] = subcode
    error["fbtrace_id"] = "A" + ids.letters(22, message)
    return answer_json({"error": error}, status)


def google_error(status: int, reason: str, message: str, domain: str = "global") -> Response:
    """Return an error of Google's APIs, YouTube's own browse calls included."""
    one = {"message": message, "domain": domain, "reason": reason}
    return answer_json(
        {"error": {"code": status, "message": message, "errors": [one], "status": GOOGLE[status]}}, status
    )


def research_error(status: int, code: str, message: str) -> Response:
    """Return an error of TikTok's Research API."""
    return answer_json(
        {"data": {}, "error": {"code": code, "message": message, "log_id": _log_id(message)}}, status
    )


def linkedin_error(status: int, code: str, message: str, service_code: int = 100) -> Response:
    """Return an error of LinkedIn's API."""
    return answer_json(
        {"status": status, "serviceErrorCode": service_code, "code": code, "message": message}, status
    )


def instagram_error(status: int, message: str, **more: Any) -> Response:
    """Return an error of Instagram's own pages' API."""
    return answer_json({"message": message, **more, "status": "fail"}, status)


def _log_id(text: str) -> str:
    return f"20261115120000{ids.number('log', text):016X}"


def not_found(visit: Visit) -> Response:
    """Return the platform's own 404."""
    platform = visit.route.platform
    if platform == "instagram" and visit.route.is_api:
        name = visit.account.handle if visit.account else ""
        return graph_error(
            400,
            110,
            "Invalid user id",
            subcode=2207013,
            is_transient=False,
            error_user_title="Cannot find User",
            error_user_msg=f"The user with username: {name} cannot be found.",
        )
    if platform == "youtube" and visit.route.is_json:
        return google_error(404, "notFound", "Requested entity was not found.")
    if platform == "tiktok" and visit.route.is_api:
        return research_error(400, "invalid_params", "The user cannot be found.")
    if platform == "linkedin" and visit.route.is_api:
        return linkedin_error(404, "RESOURCE_NOT_FOUND", "Could not find entity")
    title = {
        "instagram": "Page not found • Instagram",
        "tiktok": "Page not available | TikTok",
        "youtube": "Error 404 (Not Found)!!1",
        "linkedin": "LinkedIn: page not found",
    }[platform]
    return answer_html(plain_page(title, "The requested page could not be found."), 404)


def reduce_data() -> Response:
    """Return the Graph API's complaint about too large a page."""
    message = "Please reduce the amount of data you're asking for, then retry your request"
    return graph_error(500, 1, message)
