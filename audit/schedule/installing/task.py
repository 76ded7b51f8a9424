"""A task of Windows' Task Scheduler."""

from __future__ import annotations

import re
import subprocess
import tempfile
from pathlib import Path
from xml.etree import ElementTree as ET

from audit.schedule.installing.calling import InstallError, call, can_call
from audit.schedule.installing.order import Order

NAMESPACE = "http://schemas.microsoft.com/windows/2004/02/mit/task"
SETTINGS = {
    "MultipleInstancesPolicy": "IgnoreNew",
    "DisallowStartIfOnBatteries": "false",
    "StopIfGoingOnBatteries": "false",
    "StartWhenAvailable": "true",
    "ExecutionTimeLimit": "PT0S",
    "Enabled": "true",
}


class Task:
    """The Task Scheduler of Windows; the task runs while its user is logged in."""

    def name(self, order: Order) -> str:
        """Return what is, or would be, installed, in words."""
        return f"the task {order.slug}"

    def preview(self, order: Order) -> str:
        """Return every file and command of the installation."""
        words = subprocess.list2cmdline(_create(order, Path("task.xml")))
        needed = ", ".join(order.credentials) or "none"
        return (
            f"{_xml(order)}\n\n<!-- and then: {words.replace('--', '- -')} -->\n"
            f"<!-- Credentials come from your account's environment variables (setx NAME value): {needed} -->"
        )

    def is_installed(self, order: Order) -> bool:
        """Tell whether it is installed."""
        return can_call(["schtasks", "/Query", "/TN", order.slug]) == 0

    def install(self, order: Order) -> None:
        """Install it, in place of what was installed before."""
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "task.xml"
            path.write_bytes(xml_file(order))
            call(_create(order, path))

    def uninstall(self, order: Order) -> None:
        """Take it away."""
        call(["schtasks", "/Delete", "/TN", order.slug, "/F"])


def xml_file(order: Order) -> bytes:
    """Return the task as schtasks reads it: XML in UTF-16 with its mark."""
    return ('<?xml version="1.0" encoding="UTF-16"?>\n' + _xml(order)).encode("utf-16")


def _xml(order: Order) -> str:
    task = ET.Element("Task", version="1.2", xmlns=NAMESPACE)
    about = ET.SubElement(task, "RegistrationInfo")
    ET.SubElement(about, "Description").text = f"Uitzicht: the schedule of {order.folder}"
    trigger = ET.SubElement(ET.SubElement(task, "Triggers"), "TimeTrigger")
    again = ET.SubElement(trigger, "Repetition")
    ET.SubElement(again, "Interval").text = f"PT{order.minutes}M"
    ET.SubElement(trigger, "StartBoundary").text = "2026-01-01T00:00:00"
    principal = ET.SubElement(ET.SubElement(task, "Principals"), "Principal", id="Author")
    ET.SubElement(principal, "LogonType").text = "InteractiveToken"
    ET.SubElement(principal, "RunLevel").text = "LeastPrivilege"
    settings = ET.SubElement(task, "Settings")
    for name, value in SETTINGS.items():
        ET.SubElement(settings, name).text = value
    action = ET.SubElement(ET.SubElement(task, "Actions", Context="Author"), "Exec")
    program, *words = _words(order)
    ET.SubElement(action, "Command").text = program
    ET.SubElement(action, "Arguments").text = subprocess.list2cmdline(words)
    ET.indent(task)
    return ET.tostring(task, encoding="unicode")


def _words(order: Order) -> list[str]:
    for word in order.words:
        if re.search(r"%[^%]+%", word):
            raise InstallError(f"{word}: Windows would read what stands between its % as a variable's name")
    return order.words


def _create(order: Order, path: Path) -> list[str]:
    return ["schtasks", "/Create", "/TN", order.slug, "/XML", str(path), "/F"]
