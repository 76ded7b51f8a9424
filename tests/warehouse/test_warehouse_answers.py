"""Answers written to files: whole or not at all."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from warehouse.errors import ExportError
from warehouse.exports.answers import write_answer

FRAME = pd.DataFrame({"code": ["a", "b"], "n_posts": [1, 2]})


@pytest.mark.parametrize("shape", ["csv", "json", "parquet"])
def test_an_answer_that_finds_no_room_leaves_the_old_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, shape: str
) -> None:
    target = tmp_path / f"answer.{shape}"
    write_answer(FRAME, target, shape)
    whole = target.read_bytes()

    def refuse(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", refuse)
    with pytest.raises(ExportError, match=rf"answer\.{shape} cannot be written: No space left on device"):
        write_answer(FRAME.head(1), target, shape)
    assert target.read_bytes() == whole
    assert list(tmp_path.iterdir()) == [target]


@pytest.mark.parametrize("shape", ["csv", "json", "parquet"])
def test_an_answer_to_a_folder_that_is_not_there_is_one_sentence(tmp_path: Path, shape: str) -> None:
    with pytest.raises(ExportError, match="cannot be written: ") as refused:
        write_answer(FRAME, tmp_path / "none" / "answer", shape)
    assert "\n" not in str(refused.value)


def test_an_answer_to_a_device_is_written_there() -> None:
    if not Path("/dev/null").exists():
        pytest.skip("this machine has no /dev/null")
    write_answer(FRAME, Path("/dev/null"), "csv")
    assert not Path("/dev/null").is_file()
