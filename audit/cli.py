"""The command line: finds commands, turns errors into sentences and outcomes into exit codes."""

from __future__ import annotations

import importlib
import os
import sys

import click

from audit.exits import Exit

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
    """Run the command line; every error of ours is one sentence on standard error."""
    try:
        sys.exit(uitzicht.main(standalone_mode=False) or Exit.SUCCESS)
    except click.exceptions.Abort:
        click.echo("Interrupted; what was finished is kept.", err=True)
        sys.exit(Exit.INTERRUPTED)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except BrokenPipeError:  # whoever read our output, such as head, has had enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(Exit.SUCCESS)
    except Exception as error:
        if not _is_ours(error):
            raise
        click.echo(f"uitzicht: {error}", err=True)
        sys.exit(Exit.FAILURE)


def _is_ours(error: Exception) -> bool:
    """Tell whether an error is one that our packages declare; only now are they imported, for that takes a while."""
    from classify.errors import ClassifyError  # noqa: PLC0415
    from crawler.errors import CrawlerError  # noqa: PLC0415
    from warehouse.errors import WarehouseError  # noqa: PLC0415

    return isinstance(error, (CrawlerError, ClassifyError, WarehouseError))
