"""YouTube Data Tools, Video List: what the Data API says of a channel's, a playlist's or a search's videos."""

from __future__ import annotations

import re

from crawler.items import Capture, Post
from crawler.parsers.exports.cells import Cells
from crawler.parsers.exports.export import Export, at_second, column, common
from crawler.parsers.exports.youtube_studio import VIDEO_ID
from crawler.parsers.tags import find_hashtags, find_mentions

CHANNEL_ID = re.compile(r"UC[\w-]{22}", re.ASCII)
NEEDS = {
    "video_id": ("videoId",),
    "channel_id": ("channelId",),
    "title": ("videoTitle",),
    "text": ("videoDescription",),
    "posted_at": ("publishedAt", "publishedAtSQL", "publishedAtUnix"),
}
TAKES = {
    "view_count": ("viewCount",),
    "like_count": ("likeCount",),
    "comment_count": ("commentCount",),
}
IGNORES = (
    "position",
    "channelTitle",
    "publishedAtSQL",
    "publishedAtUnix",
    "tags",
    "videoCategoryId",
    "videoCategoryLabel",
    "topicCategories",
    "duration",
    "durationSec",
    "dimension",
    "definition",
    "caption",
    "defaultLanguage",
    "defaultLAudioLanguage",
    "defaultAudioLanguage",
    "thumbnail_maxres",
    "licensedContent",
    "locationDescription",
    "latitude",
    "longitude",
    "dislikeCount",
    "favoriteCount",
)


def read_row(row: Cells, capture: Capture) -> Post:
    """Return a video; the tool writes line breaks as spaces, and Shorts cannot be told from videos."""
    video_id = row.match("video_id", VIDEO_ID, "the 11 characters of a video's id").group()
    channel_id = row.match("channel_id", CHANNEL_ID, "a channel's id, UC and 22 characters").group()
    title, text = row.text("title"), row.text("text")
    shown = f"{title or ''}\n{text or ''}"
    is_number = (row.take("posted_at") or "").isdigit()
    posted_at = row.take_epoch("posted_at") if is_number else row.take_moment("posted_at")
    return Post(
        post_id=video_id,
        account=capture.account or channel_id,
        account_id=channel_id,
        url=f"https://www.youtube.com/watch?v={video_id}",
        media_type="video",
        title=title,
        text=text,
        hashtags=find_hashtags(shown),
        mentions=find_mentions(shown),
        view_count=row.count("view_count"),
        like_count=row.count("like_count"),
        comment_count=row.count("comment_count"),
        **common(row, capture, at_second(posted_at)),
    )


EXPORTS = (
    Export(
        platform="youtube",
        route="ytdt",
        title="YouTube Data Tools (Video List)",
        needs=NEEDS,
        takes=TAKES,
        ignores=IGNORES,
        owner=column("channel_id"),
        read=read_row,
        lookalikes=(
            (
                ("id", "isReplyTo", "authorName", "text"),
                "YouTube Data Tools' list of comments, and commenters are never kept; choose Video List",
            ),
        ),
    ),
)
