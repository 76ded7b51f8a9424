"""The schedule handed to the machine: by a systemd user timer, a crontab line or a Windows task."""

from __future__ import annotations

import sys
from typing import Literal, Protocol

from audit.schedule.installing.calling import InstallError, can_call
from audit.schedule.installing.crontab import Crontab
from audit.schedule.installing.order import Order
from audit.schedule.installing.systemd import Systemd
from audit.schedule.installing.task import Task

__all__ = ["KINDS", "InstallError", "Kind", "Order", "Place", "find_place", "find_places"]

Kind = Literal["systemd", "cron", "task"]


class Place(Protocol):
    """Where a schedule can be installed."""

    def name(self, order: Order) -> str:
        """Return what is, or would be, installed, in words."""

    def preview(self, order: Order) -> str:
        """Return every file and command of the installation."""

    def is_installed(self, order: Order) -> bool:
        """Tell whether it is installed."""

    def install(self, order: Order) -> None:
        """Install it, in place of what was installed before."""

    def uninstall(self, order: Order) -> None:
        """Take it away."""


KINDS: dict[Kind, type[Place]] = {"systemd": Systemd, "cron": Crontab, "task": Task}


def find_place(kind: Kind | None) -> Place:
    """Return the place of that kind, else the first that this machine has; raises InstallError where it has none."""
    if kind is not None:
        return KINDS[kind]()
    places = find_places()
    if not places:
        raise InstallError(
            "this machine has neither systemd for users, nor crontab, nor schtasks; keep running instead: "
            "uitzicht schedule run STUDY"
        )
    return places[0]


def find_places() -> list[Place]:
    """Return the places that this machine has, the best one first."""
    places: list[Place] = []
    if sys.platform == "win32":
        return [Task()] if can_call(["schtasks", "/Query", "/TN", "\\"]) is not None else []
    if can_call(["systemctl", "--user", "show-environment"]) == 0:
        places.append(Systemd())
    if can_call(["crontab", "-l"]) is not None:
        places.append(Crontab())
    return places
