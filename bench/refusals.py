"""Refusals on every platform and route: outcome, evidence, posts and exit status, as real crawls on the mock site.

    python bench/refusals.py [--route ROUTE] [--keep FOLDER]

One row a refusal; then what stands on disk is looked through: `warcio check` on every archive, and every secret of
the crawls (keys, tokens, those that the site itself hands out) in archives, feeds, logs, state and output. Exit
status 1 where anything is not as it must be. Refusals and expectations: tests/crawler/refusals.txt.
"""

from __future__ import annotations

import argparse
import gzip
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from crawler.browser import find_chromium
from tests.crawler.refusals import Told, complaints, crawl, pack, read_cases

WIDTHS = (19, 46, 14, 7, 9, 5)


def main(arguments: Sequence[str] | None = None) -> int:
    """Crawl, print the table, and look through what was kept."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--route", action="append", help="only this route; may be repeated")
    parser.add_argument("--keep", type=Path, help="a folder in which the studies stay")
    wants = parser.parse_args(arguments)
    cases = [case for case in read_cases() if not wants.route or case.route in wants.route]
    if find_chromium() is None:
        cases = [case for case in cases if case.route != "browser"]
        print("No Chromium on this machine: TikTok's browser route is left out.")
    with tempfile.TemporaryDirectory() as scratch:
        folder = wants.keep or Path(scratch)
        told = [
            one for number, some in enumerate(pack(cases)) for one in crawl(folder / f"crawl{number}", some)
        ]
        wrong = _show(told)
        kept = [*_damaged(told), *_leaks(told)]
    for complaint in kept:
        print(complaint)
    return 1 if wrong or kept else 0


def _show(told: Sequence[Told]) -> int:
    print(_row("route", "refusal", "outcome", "status", "posts", "exit"), "sign")
    wrong = 0
    for one in sorted(told, key=lambda one: (one.case.platform, one.case.route)):
        found = complaints(one)
        wrong += bool(found)
        said = one.outcome
        how = " ".join((one.case.kind, *(f"{name}={value}" for name, value in one.case.how.items())))
        posts = f"{len(one.post_ids)}/{len(one.there)}"
        print(
            _row(one.case.route, how, said["outcome"], said["status"] or "-", posts, one.exit),
            said["sign"][:70],
        )
        for complaint in found:
            print(f"    WRONG: {complaint}")
    refused = [one for one in told if one.case.kind != "gezond"]
    healthy = [one for one in told if one.case.kind == "gezond"]
    kinds = Counter(route for route, _ in {(one.case.route, one.case.kind) for one in refused})
    print(f"\n{len(refused)} refusals, {wrong} wrong; {len(healthy)} healthy accounts beside them;")
    print("kinds a route:", ", ".join(f"{route} {number}" for route, number in kinds.items()))
    quiet = [one for one in refused if not one.post_ids and one.outcome["outcome"] in ("complete", "empty")]
    invented = sum(len(set(one.post_ids) - one.there) for one in told)
    print(f"quiet zeros: {len(quiet)}; posts invented: {invented}")
    return wrong + len(quiet) + invented


def _row(*cells: object) -> str:
    return " ".join(str(cell)[:width].ljust(width) for cell, width in zip(cells, WIDTHS, strict=True))


def _damaged(told: Sequence[Told]) -> Iterator[str]:
    archives = sorted({path for one in told for path in (one.study / "archive").glob("*.warc.gz")})
    warcio = Path(sys.executable).with_name("warcio")
    done = subprocess.run(
        [str(warcio), "check", *map(str, archives)], capture_output=True, text=True, check=False
    )
    print(f"warcio check: {len(archives)} archives, exit status {done.returncode}")
    if done.returncode:
        yield done.stdout + done.stderr


def _leaks(told: Sequence[Told]) -> Iterator[str]:
    looked = 0
    for study, secrets in {one.study: one.secrets for one in told}.items():
        for path in (path for path in study.rglob("*") if path.is_file()):
            body = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
            looked += 1
            for name, secret in secrets.items():
                if secret.encode() in body:
                    yield f"LEAK: {name} stands in {path.relative_to(study)}"
    names = {name for one in told for name in one.secrets}
    print(
        f"secrets: {len(names)} looked for in {looked} files (archives, feeds, logs, state, what was printed)"
    )


if __name__ == "__main__":
    sys.exit(main())
