"""The examples in docstrings of the parsers and what they stand on are true."""

from __future__ import annotations

import doctest
import importlib
import pkgutil

import pytest

import crawler.parsers

MODULES = [
    "crawler.fields",
    *(found.name for found in pkgutil.walk_packages(crawler.parsers.__path__, "crawler.parsers.")),
]


@pytest.mark.parametrize("name", MODULES)
def test_examples_are_true(name: str) -> None:
    assert doctest.testmod(importlib.import_module(name)).failed == 0


def test_there_are_examples() -> None:
    tried = sum(doctest.testmod(importlib.import_module(name)).attempted for name in MODULES)
    assert tried > 5
