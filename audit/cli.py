"""The command line: finds commands, turns errors into sentences and outcomes into exit codes."""

from __future__ import annotations

import errno
import importlib
import os
import sys
from typing import NoReturn

import click

from audit.exits import Exit
from audit.interruption import interruptible

COMMANDS = {
    "init": "audit.commands.init:command",
    "accounts": "audit.commands.accounts:command",
    "plan": "audit.commands.plan:command",
    "audit": "audit.commands.audit:command",
    "crawl": "audit.commands.crawl:command",
    "load": "audit.commands.load:command",
    "import": "audit.commands.importing:command",
    "report": "audit.commands.report:command",
    "schedule": "audit.commands.schedule:command",
    "reparse": "audit.commands.reparse:command",
    "status": "audit.commands.status:command",
    "parse": "audit.commands.parse:parse",
    "code": "audit.commands.code:code",
    "explain": "audit.commands.explain:command",
    "codebook": "audit.commands.codebook:command",
    "reliability": "audit.commands.reliability:command",
    "query": "audit.commands.query:command",
    "sample": "audit.commands.sample:command",
    "warehouse": "audit.commands.warehouse:command",
    "export": "audit.commands.export:command",
    "trace": "audit.commands.trace:command",
    "forget": "audit.commands.forget:command",
    "retention": "audit.commands.retention:command",
}


INTERRUPTED = ("Query interrupted", "INTERRUPT Error: Interrupted!")  # what DuckDB makes of a Ctrl-C
ROOM = "; make room and run it again, what was finished is kept"
YOURS = "; expected a file or folder that you may read and write"
EXPECTED = {
    errno.ENOSPC: ROOM,
    errno.EDQUOT: ROOM,
    errno.EACCES: YOURS,
    errno.EPERM: YOURS,
    errno.EROFS: YOURS,
}


class LazyGroup(click.Group):
    """A group that imports a command's module only when that command is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of all commands, in the order in which a study uses them."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return the command of that name, None where there is none."""
        if cmd_name not in COMMANDS:
            return None
        module, name = COMMANDS[cmd_name].split(":")
        command = getattr(importlib.import_module(module), name)
        assert isinstance(command, click.Command)  # noqa: S101
        return command


@click.group(
    cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110}
)
@click.version_option(package_name="uitzicht")
def uitzicht() -> None:
    """Measure how often labour-market prospects come into view.

    Collects the public posts of schools' accounts, codes each one by rules that say why, and reports.
    """


def main() -> None:
    """Run the command line; every error of ours, and all that the machine refuses, is one sentence."""
    try:
        with interruptible():
            status = uitzicht.main(standalone_mode=False) or Exit.SUCCESS
        sys.stdout.flush()
        sys.exit(status)
    except click.exceptions.Abort:
        _tell_interruption()
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except BrokenPipeError:  # whoever read our output, such as head, has had enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(Exit.SUCCESS)
    except OSError as error:
        _fail(_tell_refusal(error))
    except Exception as error:
        if str(error) in INTERRUPTED:
            _tell_interruption()
        sentence = _find_sentence(error)
        if sentence is None:
            raise
        _fail(sentence, Exit.USAGE if _is_usage(error) else Exit.FAILURE)


def _tell_interruption() -> NoReturn:
    click.echo("Interrupted; what was finished is kept.", err=True)
    sys.exit(Exit.INTERRUPTED)


def _fail(sentence: str, status: Exit = Exit.FAILURE) -> NoReturn:
    click.echo(f"uitzicht: {sentence}", err=True)
    _drop_unwritten()
    sys.exit(status)


def _is_usage(error: Exception) -> bool:
    """Tell whether a question was put wrongly: nothing else is amiss."""
    from warehouse.errors import QueryError  # noqa: PLC0415 (see _find_sentence)

    return isinstance(error, QueryError)


def _drop_unwritten() -> None:
    """Drop what standard output did not take, which leaving would try to write once more."""
    try:
        sys.stdout.flush()
    except OSError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _tell_refusal(error: OSError) -> str:
    """Return what the machine refused, of which file, and what was expected of it."""
    why = error.strerror or str(error) or type(error).__name__
    name = error.filename if error.filename2 is None else error.filename2
    place = os.fsdecode(name) if isinstance(name, (str, bytes, os.PathLike)) else ""
    expected = EXPECTED.get(error.errno or 0, "")
    return f"{place} cannot be used: {why}{expected}" if place else f"stopped: {why}{expected}"


def _find_sentence(error: Exception) -> str | None:
    """Return the text of an error that is meant for a person; None of any other, which is a fault of ours."""
    import duckdb  # noqa: PLC0415 (only now, as with our packages: importing them takes a while)

    from classify.errors import ClassifyError  # noqa: PLC0415
    from crawler.errors import CrawlerError  # noqa: PLC0415
    from warehouse.db import first_line  # noqa: PLC0415
    from warehouse.errors import WarehouseError  # noqa: PLC0415

    if isinstance(error, (CrawlerError, ClassifyError, WarehouseError)):
        return str(error)
    refused = (duckdb.OperationalError, duckdb.InternalError, duckdb.FatalException)
    if isinstance(error, refused) or type(error) is duckdb.Error:  # a full disk, no memory; a damaged file
        return first_line(error)
    return None
