"""Lets a Ctrl-C end a question to DuckDB, which looks for signals only between the tasks of a query, however long."""

from __future__ import annotations

import signal
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Thread


@contextmanager
def interruptible() -> Iterator[None]:
    """Have a Ctrl-C end what all open warehouses are at, as long as a block runs; for the main thread only.

    Python itself acts on a signal when DuckDB has answered; the number of the signal is written to a socket at once.
    """
    read, written = socket.socketpair()
    written.setblocking(False)
    before = signal.set_wakeup_fd(written.fileno(), warn_on_full_buffer=False)
    Thread(target=_end_questions, args=(read,), name="interruption", daemon=True).start()
    try:
        yield
    finally:
        signal.set_wakeup_fd(before)
        written.close()


def _end_questions(signals: socket.socket) -> None:
    with signals:
        while received := signals.recv(64):
            opened = sys.modules.get("warehouse.db")  # absent where a command opens no warehouse
            if signal.SIGINT in received and opened:
                opened.interrupt()
