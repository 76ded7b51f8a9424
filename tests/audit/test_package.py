"""What pyproject.toml says of the package is so."""

import tomllib
from importlib.resources import files
from pathlib import Path

PYPROJECT = tomllib.loads((Path(__file__).parents[2] / "pyproject.toml").read_text(encoding="utf-8"))


def test_every_package_says_to_type_checkers_that_it_is_typed():
    assert "Typing :: Typed" in PYPROJECT["project"]["classifiers"]
    packages = PYPROJECT["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"]
    assert [name for name in packages if not files(name).joinpath("py.typed").is_file()] == []
