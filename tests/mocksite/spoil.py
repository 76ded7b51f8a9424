"""Answers that go wrong on their way: late, cut short, mis-encoded, renamed, broken off."""

from __future__ import annotations

from collections.abc import Iterable

from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from tests.mocksite.behaviours import Behaviour


class BrokenOff(Response):
    """A response that promises its whole body, sends half and closes the connection."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
        half = bytes(self.body)[: len(self.body) // 2]
        await send({"type": "http.response.body", "body": half, "more_body": True})


def spoil(response: Response, due: Iterable[Behaviour]) -> Response:
    """Return the response as it arrives, given the behaviours that are due."""
    for one in due:
        body = bytes(response.body)
        if one.kind == "truncated":
            response = _with_body(response, body[: len(body) // 2])
        elif one.kind == "wrong_encoding":
            response = _with_body(response, body.decode("utf-8", "replace").encode("cp1252", "replace"))
        elif one.kind == "renamed_field":
            response = _with_body(response, _rename(body, one.field.encode(), one.to.encode()))
        elif one.kind == "broken_connection":
            response = _with_body(response, body, BrokenOff)
    return response


def _with_body(response: Response, body: bytes, kind: type[Response] = Response) -> Response:
    spoilt = kind(body, response.status_code)
    spoilt.raw_headers = [pair for pair in response.raw_headers if pair[0] != b"content-length"]
    spoilt.raw_headers.append((b"content-length", str(len(body)).encode()))
    return spoilt


def _rename(body: bytes, old: bytes, new: bytes) -> bytes:
    for left, right in ((b'"', b'"'), (b"<", b">"), (b"<", b" "), (b"</", b">"), (b" ", b"=")):
        body = body.replace(left + old + right, left + new + right)
    return body
