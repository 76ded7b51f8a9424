"""`uitzicht forget`: take an account or a post out of everything under a study."""

from __future__ import annotations

import difflib

import click

from audit.commands.options import console, study_argument
from audit.exits import Exit
from audit.forgetting import Plan, apply, find_account, find_posts, interrupted, plan
from audit.study import Study
from crawler.errors import CrawlerError
from crawler.forget import Target
from crawler.items import PLATFORMS, Platform


@click.command(name="forget")
@study_argument
@click.option("--account", metavar="PLATFORM/HANDLE", help="The account to forget, with all its posts.")
@click.option("--post", metavar="PLATFORM/ID", help="The post to forget.")
@click.option("--yes", is_flag=True, help="Do it without asking.")
def command(study: Study, account: str | None, post: str | None, yes: bool) -> Exit:
    """Take an account or a post out of the warehouse, feeds, archive, reports, exports, sheets and logs of STUDY.

    Says first what would go, and asks. What is forgotten is not collected again: crawls and imports leave it out,
    known by a keyed hash. Killed midway, run it again. Copies outside the study's folder are yours to look after.

    \b
    Examples:
      uitzicht forget mystudy --account instagram/rocvoorbeeld
      uitzicht forget mystudy --post youtube/dQw4w9WgXcQ --yes
    """
    if (account is None) == (post is None):
        raise click.UsageError("Say either --account PLATFORM/HANDLE or --post PLATFORM/ID.")
    target = _find(study, account, post)
    planned = plan(study, target)
    if planned.is_empty:
        raise CrawlerError(_unknown(study, target))
    show(planned, "would go")
    if not yes and not click.confirm(f"Forget {target.title}? This cannot be undone.", err=True):
        console.print("Nothing was changed.")
        return Exit.SUCCESS
    done = apply(study, target, kind="account" if account else "post", on_step=_say)
    console.print(f"Forgotten: {target.title}. {study.state / 'forgotten.jsonl'} records that it was done.")
    for sentence in done.notes:
        console.print(sentence)
    return Exit.SUCCESS


def show(planned: Plan, would: str) -> None:
    """Print a plan: counts by place, and what a person should know."""
    for what, number in planned.counts.items():
        console.print(f"{number:8,}  {what}")
    for table, number in planned.rows.items():
        console.print(f"{number:8,}  rows of {table}")
    for sentence in planned.notes:
        console.print(f"          {sentence}")
    if planned.is_pending:
        console.print("An earlier run was interrupted; this one finishes it.")
    console.print(f"This {would} of {planned.target.platform}.")


def _say(what: str) -> None:
    console.print(f"... {what}")


def _find(study: Study, account: str | None, post: str | None) -> Target:
    platform, name = read_place(account or post or "")
    if account:
        return find_account(study, platform, name)
    left = interrupted(study)
    also = left.post_ids if left and not left.account and name in left.post_ids else frozenset()
    return find_posts(study, platform, {name, *also})


def read_place(said: str) -> tuple[Platform, str]:
    """Return platform and name of PLATFORM/NAME."""
    platform, slash, name = said.partition("/")
    known = [one for one in PLATFORMS if one == platform.strip().lower()]
    if not slash or not known or not name.strip():
        raise click.UsageError(
            f"{said!r} is no PLATFORM/NAME; expected one of {', '.join(PLATFORMS)}, a slash, a name."
        )
    return known[0], name.strip()


def _unknown(study: Study, target: Target) -> str:
    listed = [f"{one.platform}/{one.account}" for one in study.accounts()]
    near = difflib.get_close_matches(target.title, listed, 1) if target.account else []
    hint = f"; did you mean {near[0]}?" if near else ""
    return f"{study.folder} holds nothing of {target.title}{hint}"
