"""The mock site in a process of its own, for crawls that are measured.

    python bench/serving.py POSTS

Prints the environment by which it is reached; then, for each line that comes in, the addresses asked for.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from tests.mocksite import Site, environment, many_posts, running


def serve(posts: int) -> None:
    """Serve an account until standard input closes."""
    site = Site(many_posts(posts, "instagram", "veel"))
    with running(site):
        print(json.dumps(environment(site)), flush=True)
        for _ in sys.stdin:
            origin = site.origins["graph.facebook.com"]
            print(json.dumps([origin + one.target for one in site.received(account="veel")]), flush=True)


if __name__ == "__main__":
    serve(int(sys.argv[1]))
