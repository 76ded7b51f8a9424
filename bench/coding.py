"""How fast posts are coded: `python -m bench.coding [--posts 100000] [--million]`.

In one run: rules alone; with evidence as rows; both again on texts none of which was met before; `uitzicht code` on a
study's warehouse, the demo's posts and posts never met; two processes; and a loop of Python's `re` over the same word
lists. Wall time and processor time are both shown: on a busy machine only the second compares.
"""

from __future__ import annotations

import argparse
import gc
import re
import resource
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from audit.steps.code import code as code_study
from audit.steps.code import study_codebook
from bench.coding_posts import make_units, repeat_units
from bench.coding_study import make_study
from classify.batch import code_in_processes
from classify.codebook_file import default_codebook
from classify.coder import Coder
from classify.term import Term
from classify.text import fold
from classify.unit import Unit

BATCH = 2_000


def main() -> None:
    """Run all measurements and print one line each."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--posts", type=int, default=100_000)
    parser.add_argument("--million", action="store_true", help="also a million posts, rules alone")
    options = parser.parse_args()
    units = list(repeat_units(options.posts))
    distinct = list(make_units(options.posts))
    gc.freeze()
    letters = sum(
        len(unit.title) + len(unit.text) + len(unit.alt_text) + len(unit.transcript) for unit in units
    )
    print(
        f"{len(units):,} posts: the demo's, over and over; {letters / len(units):.0f} characters on average"
    )
    coder = Coder()
    rules = measure("rules alone", len(units), lambda: code(coder, units))
    measure("rules and evidence as rows", len(units), lambda: exhaust(coder, units))
    measure("rules alone, no text met before", len(units), lambda: code(Coder(), distinct))
    measure("the same with evidence as rows", len(units), lambda: exhaust(Coder(), distinct))
    slow = measure("a loop of re over the same lists", 200, lambda: loop(coder, units[:200]))
    print(f"  rules alone are {slow / rules:,.0f} times the loop")
    measure_study("out of and into a warehouse", units)
    measure_study("the same, no text met before", distinct)
    one = measure("one worker process", len(units), lambda: processes(distinct, 1), wall_counts=True)
    two = measure("two worker processes", len(units), lambda: processes(distinct, 2), wall_counts=True)
    print(f"  two are {one / two:.2f} times one")
    if options.million:
        print(f"  memory before the million: {peak():.0f} MB")
        measure("a million, rules alone", 1_000_000, lambda: code(Coder(), make_units(1_000_000, seed=2)))
        print(f"  memory after the million: {peak():.0f} MB")


def measure(name: str, posts: int, run: Callable[[], object], *, wall_counts: bool = False) -> float:
    """Print how many posts a second a run does, and return the seconds per post."""
    wall, used = time.perf_counter(), processor()
    run()
    wall, used = time.perf_counter() - wall, processor() - used
    print(
        f"{name:36} {posts / wall:>10,.0f} posts/s  {posts / used:>10,.0f} per second of processor  "
        f"peak {peak():.0f} MB"
    )
    return (wall if wall_counts else used) / posts


def processor() -> float:
    """Return the seconds of processor that this process and those it waited for have used."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used)


def peak() -> float:
    """Return the most memory the process has held, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def code(coder: Coder, units: Iterable[Unit]) -> int:
    """Code units and look at the themes, as a count by theme does."""
    return sum(len(coding.themes) for coding in coder.code(units))


def exhaust(coder: Coder, units: Iterable[Unit]) -> int:
    """Code units and make all rows, with evidence."""
    return sum(1 for coding in coder.code(units) for _ in coding.rows())


def loop(coder: Coder, units: Iterable[Unit]) -> int:
    """Look for every list of the codebook in every post, one `re` pattern after the other."""
    patterns = [re.compile(pattern) for pattern in list_patterns(coder)]
    found = 0
    for unit in units:
        text = fold("\n".join((unit.title, unit.text, unit.alt_text, unit.transcript)))
        found += sum(pattern.search(text) is not None for pattern in patterns)
    return found


def list_patterns(coder: Coder) -> Iterator[str]:
    """Yield one pattern per word list, of the terms that a plain pattern can say (no references to other lists)."""
    for words in coder.lexicon.lists.values():
        terms = [pattern for _, term in words for pattern in term_patterns(term)]
        if terms:
            yield "|".join(terms)


def term_patterns(term: Term) -> Iterator[str]:
    """Yield patterns for the phrases of a term."""
    for phrase in term.phrases:
        if any(element.reference for element in phrase):
            continue
        parts = []
        for element in phrase:
            word = "|".join(map(re.escape, sorted(element.words))) or element.pattern.replace(
                "[^\\n]*", r"\w*"
            )
            gap = rf"(?:\W+\w+){{0,{element.gap}}}\W+" if element.gap else r"\W+"
            parts.append((gap if parts else "") + f"(?:{word})")
        yield r"(?<!\w)" + "".join(parts) + r"(?!\w)"


def measure_study(name: str, units: list[Unit]) -> None:
    """Measure the coding of a study's posts in its warehouse, publishing included, making the coder left out."""
    with tempfile.TemporaryDirectory() as folder:
        study = make_study(Path(folder), units)
        started = time.process_time()
        Coder(study_codebook(study))
        start = time.process_time() - started
        took = measure(name, len(units), lambda: code_study(study))
        print(f"  {1 / (took - start / len(units)):,.0f} per second of processor without making the coder")


def processes(units: list[Unit], count: int) -> int:
    """Code units in worker processes, in batches of columns."""
    names = ("id", "platform", "title", "text", "alt_text", "transcript", "language", "media_type")
    batches = (
        {name: [getattr(unit, name) for unit in units[start : start + BATCH]] for name in names}
        for start in range(0, len(units), BATCH)
    )
    return sum(len(codings["unit"]) for codings in code_in_processes(default_codebook(), batches, count))


if __name__ == "__main__":
    main()
