"""A line in the present user's crontab."""

from __future__ import annotations

import shlex

from audit.schedule.installing.calling import call, can_call
from audit.schedule.installing.order import Order
from audit.schedule.installing.systemd import config_folder


class Crontab:
    """The crontab of the present user: our lines stand between two marks, everything else stays as it is."""

    def name(self, order: Order) -> str:
        """Return what is, or would be, installed, in words."""
        return f"the crontab line of {order.slug}"

    def preview(self, order: Order) -> str:
        """Return every file and command of the installation."""
        return "\n".join(["# added to your crontab (crontab -l):", *lines(order)])

    def is_installed(self, order: Order) -> bool:
        """Tell whether it is installed."""
        return _begin(order) in _present()

    def install(self, order: Order) -> None:
        """Install it, in place of what was installed before."""
        (order.folder / "logs").mkdir(exist_ok=True)
        _write([*_others(order), *lines(order)])

    def uninstall(self, order: Order) -> None:
        """Take it away."""
        _write(_others(order))


def lines(order: Order) -> list[str]:
    """Return our lines of the crontab."""
    minutes = "*" if order.minutes == 1 else f"*/{order.minutes}"
    environment = config_folder() / "uitzicht" / f"{order.slug}.env"
    needed = (
        f"# Credentials come from {environment}, one NAME=value a line, readable by you alone (chmod 600)."
    )
    names = [f"# {', '.join(order.credentials)}"] if order.credentials else []
    return [_begin(order), needed, *names, f"{minutes} * * * * {_escape(_command(order))}", _end(order)]


def _command(order: Order) -> str:
    """Return the command as /bin/sh reads it; the file of credentials is optional."""
    file = shlex.quote(str(config_folder() / "uitzicht" / f"{order.slug}.env"))
    log = shlex.quote(str(order.folder / "logs" / "schedule.log"))
    return f"if [ -r {file} ]; then set -a; . {file}; set +a; fi; exec {shlex.join(order.words)} >>{log} 2>&1"


def _escape(command: str) -> str:
    """Return a command as cron reads it: a bare % would end it and begin its input."""
    return command.replace("%", "\\%")


def _begin(order: Order) -> str:
    return f"# begin {order.slug}"


def _end(order: Order) -> str:
    return f"# end {order.slug}"


def _present() -> list[str]:
    """Return the crontab's lines; a user who has none yet has no lines."""
    return call(["crontab", "-l"]).splitlines() if can_call(["crontab", "-l"]) == 0 else []


def _others(order: Order) -> list[str]:
    present = _present()
    if _begin(order) not in present or _end(order) not in present:
        return present
    begin, end = present.index(_begin(order)), present.index(_end(order))
    return present[:begin] + present[end + 1 :]


def _write(wanted: list[str]) -> None:
    call(["crontab", "-"], "".join(f"{line}\n" for line in wanted))
