"""Caption tracks that players offer: their signed addresses, in memory only, and who has refused them."""

from __future__ import annotations

from urllib.parse import parse_qsl, urlencode, urlsplit

from crawler.ending import WALLS_BEFORE_STOP
from crawler.errors import ParseError
from crawler.parsers.body import decode_json
from crawler.parsers.youtube.timedtext import PATH, choose_track, find_tracks


class Captions:
    """The caption tracks that one crawl may still ask for.

    An account's first wall ends its tracks and the third account's those of all others, as walls do for posts; what
    the videos' own pages show is not touched by it.
    """

    def __init__(self) -> None:
        self._addresses: dict[str, str] = {}
        self._walled: set[str] = set()

    def remember(self, video_id: str, player: bytes) -> None:
        """Remember where the words of a video are, as path and query; nothing where its player offers no track."""
        try:
            track = choose_track(find_tracks(decode_json(player, "youtube.player")))
        except ParseError:  # told where the answer is read
            return
        address = track and _as_json3(track.address, video_id)
        if address:
            self._addresses[video_id] = address

    def address(self, video_id: str) -> str:
        """Return where the words of a video are, empty where that is not known."""
        return self._addresses.get(video_id, "")

    def forget(self, video_id: str) -> None:
        """Forget an address that has been asked."""
        self._addresses.pop(video_id, None)

    def note_wall(self, account: str) -> None:
        """Ask no more for an account."""
        self._walled.add(account)

    def may_ask(self, account: str) -> bool:
        """Tell whether tracks of an account may be asked for."""
        return account not in self._walled and len(self._walled) < WALLS_BEFORE_STOP


def _as_json3(address: str, video_id: str) -> str:
    """Return path and query of a track of this video, empty for an address of anything else."""
    parts = urlsplit(address)
    query = [(name, value) for name, value in parse_qsl(parts.query, keep_blank_values=True) if name != "fmt"]
    if parts.path != PATH or ("v", video_id) not in query:
        return ""
    return f"{PATH}?{urlencode([*query, ('fmt', 'json3')])}"
