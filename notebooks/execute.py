"""Runs notebooks and stores what they show: python notebooks/execute.py [--to FOLDER] [NOTEBOOK ...].

The study is that of UITZICHT_STUDY, or else the demo study. What is stored carries a hash of the code it came from.
"""

from __future__ import annotations

import argparse
import hashlib
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbformat import NotebookNode

HERE = Path(__file__).parent
SECONDS = 300


def read(path: Path) -> NotebookNode:
    """Return a notebook."""
    notebook: NotebookNode = nbformat.read(path, as_version=4)
    return notebook


def code_digest(notebook: NotebookNode) -> str:
    """Return a hash of all code of a notebook, in order."""
    code = [cell.source for cell in notebook.cells if cell.cell_type == "code"]
    return hashlib.sha256("\0".join(code).encode()).hexdigest()


def execute(path: Path) -> NotebookNode:
    """Return a notebook with the outputs of a fresh run; raises CellExecutionError where a cell fails."""
    notebook = read(path)
    client = NotebookClient(notebook, timeout=SECONDS, resources={"metadata": {"path": str(HERE)}})
    client.execute()
    for cell in notebook.cells:
        cell.metadata.pop("execution", None)  # when each cell ran
    notebook.metadata = NotebookNode(
        kernelspec={"display_name": "Python 3", "language": "python", "name": "python3"},
        language_info={"name": "python"},
        code_sha256=code_digest(notebook),
    )
    return notebook


def main() -> None:
    """Run the notebooks named, all unless told."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("notebooks", nargs="*", type=Path, default=sorted(HERE.glob("*.ipynb")))
    parser.add_argument("--to", type=Path, default=HERE, help="where to store them")
    asked = parser.parse_args()
    for path in asked.notebooks:
        nbformat.write(execute(path), asked.to / path.name)
        print(f"{path.name}: run and stored")


if __name__ == "__main__":
    main()
