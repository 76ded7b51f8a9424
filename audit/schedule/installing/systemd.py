"""A systemd user timer and the service that it calls."""

from __future__ import annotations

import os
from pathlib import Path

from audit.schedule.installing.calling import InstallError, call
from audit.schedule.installing.order import Order

SERVICE = """\
[Unit]
Description=Uitzicht: the schedule of {folder}

[Service]
Type=oneshot
# Credentials come from this file, one NAME=value a line, readable by you alone (chmod 600). {credentials}
EnvironmentFile=-{environment}
ExecStart=:{command}
# Only the scheduler is told to stop; it lets the run at work end cleanly.
KillMode=mixed
TimeoutStopSec=300
# 3 and 4: some or all platforms refused, which the records tell.
SuccessExitStatus=3 4
"""
TIMER = """\
[Unit]
Description=Uitzicht: when to look at the schedule of {folder}

[Timer]
OnCalendar=*:0/{minutes}
AccuracySec=10s
Persistent=true

[Install]
WantedBy=timers.target
"""
LINGER = "A user's timers rest while that user is not logged in, unless: loginctl enable-linger"


class Systemd:
    """systemd of the present user."""

    def name(self, order: Order) -> str:
        """Return what is, or would be, installed, in words."""
        return f"the systemd user timer {order.slug}.timer"

    def preview(self, order: Order) -> str:
        """Return every file and command of the installation."""
        files = [f"# {path}\n{text}" for path, text in units(order).items()]
        commands = [" ".join(words) for words in _commands(order)]
        return "\n".join([*files, "# and then", *commands, "", f"# {LINGER}"])

    def is_installed(self, order: Order) -> bool:
        """Tell whether it is installed."""
        return any(path.exists() for path in units(order))

    def install(self, order: Order) -> None:
        """Install it, in place of what was installed before; where systemd refuses, nothing is left behind."""
        for path, text in units(order).items():
            path.parent.mkdir(parents=True, exist_ok=True)
            partial = path.with_name(f".{path.name}.partial")
            partial.write_text(text, encoding="utf-8")
            partial.replace(path)
        try:
            for words in _commands(order):
                call(words)
        except InstallError:
            _remove(order)
            raise

    def uninstall(self, order: Order) -> None:
        """Take it away, from a machine whose systemd cannot be reached too."""
        try:
            call(["systemctl", "--user", "disable", "--now", f"{order.slug}.timer"])
        finally:
            _remove(order)
        call(["systemctl", "--user", "daemon-reload"])


def _remove(order: Order) -> None:
    for path in units(order):
        path.unlink(missing_ok=True)
        (path.parent / "timers.target.wants" / path.name).unlink(missing_ok=True)


def units(order: Order) -> dict[Path, str]:
    """Return the text of both unit files by their path."""
    config = config_folder()
    filled = {
        "folder": _specifiers(str(order.folder)),
        "environment": _specifiers(str(config / "uitzicht" / f"{order.slug}.env")),
        "credentials": ", ".join(order.credentials) or "This study needs none.",
        "command": " ".join(quote(word) for word in order.words),
        "minutes": order.minutes,
    }
    units_folder = config / "systemd" / "user"
    return {
        units_folder / f"{order.slug}.service": SERVICE.format(**filled),
        units_folder / f"{order.slug}.timer": TIMER.format(**filled),
    }


def config_folder() -> Path:
    """Return the folder of the present user's settings."""
    return Path(os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config")


def quote(word: str) -> str:
    r"""Return a word as ExecStart=: reads it; the colon spares us dollar signs.

    >>> print(quote('/home/a b/100% "zeker"'))
    "/home/a b/100%% \"zeker\""
    """
    return '"' + _specifiers(word).replace("\\", "\\\\").replace('"', '\\"') + '"'


def _specifiers(text: str) -> str:
    return text.replace("%", "%%")


def _commands(order: Order) -> list[list[str]]:
    return [
        ["systemctl", "--user", "daemon-reload"],
        ["systemctl", "--user", "enable", "--now", f"{order.slug}.timer"],
    ]
