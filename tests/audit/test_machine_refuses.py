"""What the machine refuses, such as a full disk or a file that may not be read: one sentence, exit code 1."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import click
import duckdb
import pytest

from audit import cli
from audit.exits import Exit
from tests.crawler.study import uitzicht as run
from warehouse.db import first_line, transaction
from warehouse.errors import QueryError, WarehouseError

HERE = f"{sys.executable} -m audit"
full = pytest.mark.skipif(not Path("/dev/full").exists(), reason="this machine has no /dev/full")


def told(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    act: Callable[[], object],
    status: Exit = Exit.FAILURE,
) -> str:
    """Return what the command line says of what befalls a command, which ends with that exit status."""
    command = click.Command("status", callback=act)
    monkeypatch.setattr(cli.LazyGroup, "get_command", lambda *_: command)
    monkeypatch.setattr(sys, "argv", ["uitzicht", "status"])
    with pytest.raises(SystemExit) as ended:
        cli.main()
    assert ended.value.code == status
    return capsys.readouterr().err


def raising(error: Exception) -> Callable[[], object]:
    """Return a command in which this error is raised."""

    def refuse() -> None:
        raise error

    return refuse


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        (
            PermissionError(errno.EACCES, "Permission denied", "a.csv"),
            "a.csv cannot be used: Permission denied; exp",
        ),
        (
            OSError(errno.ENOSPC, "No space left", "a", None, "b.duckdb"),
            "b.duckdb cannot be used: No space left; make",
        ),
        (OSError(errno.ENOSPC, "No space left"), "stopped: No space left; make room and run it again"),
        (
            IsADirectoryError(errno.EISDIR, "Is a directory", b"a.csv"),
            "a.csv cannot be used: Is a directory\n",
        ),
        (OSError(), "stopped: OSError\n"),
        (
            duckdb.IOException("IO Error: Could not write file\nsecond line"),
            "IO Error: Could not write file\n",
        ),
        (
            duckdb.Error("Corrupt database file: computed checksum 1"),
            "Corrupt database file: computed checksum",
        ),
        (
            duckdb.FatalException("FATAL Error: database has been invalidated"),
            "FATAL Error: database has been inv",
        ),
    ],
)
def test_what_the_machine_refuses_is_one_sentence(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], error: Exception, sentence: str
) -> None:
    said = told(monkeypatch, capsys, raising(error))
    assert said.startswith(f"uitzicht: {sentence}"), said
    assert said.count("\n") == 1


def test_a_fault_of_ours_is_no_sentence(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(duckdb.BinderException):
        told(monkeypatch, capsys, raising(duckdb.BinderException("no such column")))


def test_an_interrupted_question_to_the_warehouse_is_an_interruption(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """DuckDB makes this of a Ctrl-C where it notices it by itself."""
    said = told(monkeypatch, capsys, raising(RuntimeError("Query interrupted")), Exit.INTERRUPTED)
    assert said == "Interrupted; what was finished is kept.\n"
    with pytest.raises(RuntimeError, match="something else"):
        told(monkeypatch, capsys, raising(RuntimeError("something else")))


def test_a_question_put_wrongly_is_wrong_usage_and_a_warehouse_amiss_is_a_failure(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    said = told(monkeypatch, capsys, raising(QueryError("there is no query 'x'")), Exit.USAGE)
    assert said == "uitzicht: there is no query 'x'\n"
    assert told(monkeypatch, capsys, raising(WarehouseError("w.duckdb does not exist")))


@full
@pytest.mark.parametrize("command", ["query --list", "accounts registry", "--version"])
def test_output_that_finds_no_room_is_one_sentence(command: str) -> None:
    done = subprocess.run(
        ["/bin/sh", "-c", f"{HERE} {command} > /dev/full"], capture_output=True, text=True, check=False
    )
    assert done.returncode == Exit.FAILURE
    assert done.stderr == (
        "uitzicht: stopped: No space left on device; make room and run it again, what was finished is kept\n"
    )


def test_a_folder_in_the_way_of_an_answer_is_one_sentence(tmp_path: Path) -> None:
    done = run(
        "code", "--input", "-", "--output", tmp_path / "no" / "such" / "folder.jsonl", env=dict(os.environ)
    )
    assert done.returncode == Exit.FAILURE
    assert done.stderr.count("\n") == 1


def test_a_transaction_that_ended_by_itself_tells_why() -> None:
    with duckdb.connect() as con, pytest.raises(ValueError, match="disk full"), transaction(con):
        con.execute("rollback")  # as DuckDB does where a commit fails
        raise ValueError("disk full")


def test_a_write_that_went_wrong_in_another_thread_is_told_by_its_cause() -> None:
    text = 'IO Error: Async write failed: {"exception_message":"No room for \\"x\\"","errno":"28"}'
    assert first_line(duckdb.IOException(text)) == 'No room for "x"'
    assert first_line(ValueError()) == "ValueError"
