"""The site's own credentials, new in every run and in the form that each platform gives them."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field


def _digits(count: int) -> str:
    return "".join(secrets.choice("0123456789") for _ in range(count))


@dataclass(frozen=True, slots=True, kw_only=True)
class Credentials:
    """What the API routes demand."""

    youtube_api_key: str = field(default_factory=lambda: "AIza" + secrets.token_urlsafe(27)[:35])
    instagram_token: str = field(default_factory=lambda: "EAA" + secrets.token_hex(60))
    instagram_user_id: str = field(default_factory=lambda: "178414" + _digits(11))
    tiktok_client_key: str = field(default_factory=lambda: "aw" + secrets.token_hex(8))
    tiktok_client_secret: str = field(default_factory=lambda: secrets.token_hex(16))
    tiktok_token: str = field(default_factory=lambda: "clt." + secrets.token_urlsafe(40))
    tiktok_user_token: str = field(default_factory=lambda: "act." + secrets.token_urlsafe(40))
    linkedin_token: str = field(default_factory=lambda: "AQX" + secrets.token_urlsafe(120))

    def environment(self) -> dict[str, str]:
        """Return the variables in which the crawler looks for them."""
        return {
            "UITZICHT_YOUTUBE_API_KEY": self.youtube_api_key,
            "UITZICHT_INSTAGRAM_TOKEN": self.instagram_token,
            "UITZICHT_INSTAGRAM_USER_ID": self.instagram_user_id,
            "UITZICHT_TIKTOK_CLIENT_KEY": self.tiktok_client_key,
            "UITZICHT_TIKTOK_CLIENT_SECRET": self.tiktok_client_secret,
            "UITZICHT_LINKEDIN_TOKEN": self.linkedin_token,
        }
