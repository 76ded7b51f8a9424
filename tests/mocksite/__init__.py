"""A site on this machine that speaks as the four platforms do: their formats, pages, cursors and refusals.

>>> from tests.mocksite import Site, many_posts, running
>>> site = Site(many_posts(40, "youtube", "@veel"))
>>> with running(site) as hosts:
...     sorted(hosts)[:2]
['api.linkedin.com', 'consent.youtube.com']
"""

from tests.mocksite.behaviours import KINDS, Behaviour
from tests.mocksite.content import SitePost, many_posts, read_content
from tests.mocksite.credentials import Credentials
from tests.mocksite.serving import HOSTS, environment, running
from tests.mocksite.site import NOW, Received, Site

__all__ = [
    "HOSTS",
    "KINDS",
    "NOW",
    "Behaviour",
    "Credentials",
    "Received",
    "Site",
    "SitePost",
    "environment",
    "many_posts",
    "read_content",
    "running",
]
