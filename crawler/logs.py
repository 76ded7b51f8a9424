"""Logs without secrets: whatever is logged in this process, by Scrapy and Playwright too, loses them at once."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from typing import Any

from crawler.redact import redact_text

Secrets = Callable[[], Iterable[bytes]]

_known: list[Secrets] = []


class RedactedRecord(logging.LogRecord):
    """A record whose message and traceback hold no known secret, whichever handler writes it."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.exc_info:
            self.exc_text = _without_secrets(logging.Formatter().formatException(self.exc_info))

    def getMessage(self) -> str:  # noqa: N802 - logging's own name
        """Return the message with its arguments, secrets taken out."""
        return _without_secrets(super().getMessage())


def keep_out_of_logs(secrets: Secrets) -> None:
    """Take secrets out of all that is logged from now on; they are asked for each time."""
    _known.append(secrets)
    logging.setLogRecordFactory(RedactedRecord)


def _without_secrets(text: str) -> str:
    for secrets in _known:
        text = redact_text(text, secrets())
    return text
