"""A Ctrl-C ends a long question to DuckDB at once, and is told in one line."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path
from threading import Timer

import duckdb
import pytest

from audit.cli import INTERRUPTED
from audit.exits import Exit
from warehouse.db import connect_readonly, interrupt, open_warehouse, session

ENDLESS = "select sum(a.range * b.range) from range(10_000_000) a, range(100_000) b"
LONG = "select sum(a.range * b.range) from range(10_000_000) a, range(2_000) b"  # half a minute
ASKING = f"""
import signal
import click
from audit import cli
from warehouse.db import open_warehouse

def ask(path):
    with open_warehouse(path) as con:
        print("asking", flush=True)
        con.execute({ENDLESS!r}).fetchall()

signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell's background jobs ignore it
command = click.Command("ask", params=[click.Argument(["path"])], callback=ask)
cli.LazyGroup.get_command = lambda *_: command
cli.main()
"""


@pytest.mark.skipif(os.name == "nt", reason="a process cannot be sent a Ctrl-C here")
def test_a_ctrl_c_ends_a_question_that_would_take_days(tmp_path: Path) -> None:
    command = [sys.executable, "-c", ASKING, "ask", str(tmp_path / "w.duckdb")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as asking:
        try:
            assert asking.stdout is not None
            assert asking.stdout.readline() == "asking\n"
            with pytest.raises(subprocess.TimeoutExpired):
                asking.wait(0.5)  # it is at work
            asking.send_signal(signal.SIGINT)
            _, said = asking.communicate(timeout=30)
        finally:
            asking.kill()
    assert asking.returncode == Exit.INTERRUPTED
    assert said.strip() == "Interrupted; what was finished is kept."


def test_whatever_is_asked_in_any_session_is_ended_and_closed_ones_are_passed_over(tmp_path: Path) -> None:
    path = tmp_path / "w.duckdb"
    open_warehouse(path).close()
    closed = connect_readonly(path)
    with connect_readonly(path) as con, session(con) as other:
        closed.close()
        interrupt()
        for asked in (con, other):
            later = Timer(0.5, interrupt)
            later.start()
            with pytest.raises(duckdb.InterruptException) as ended:
                asked.execute(LONG).fetchall()
            later.join()
            assert str(ended.value) in INTERRUPTED
            assert asked.execute("select 1").fetchall() == [(1,)]
