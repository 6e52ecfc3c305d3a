"""The package is what pyproject.toml says: its version, what it imports, how fast its command answers."""

from __future__ import annotations

import ast
import functools
import subprocess
import sys
import tomllib
from collections.abc import Mapping
from importlib import metadata
from pathlib import Path

from packaging.requirements import Requirement

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
NEVER_IMPORTED_BY_NAME = {"tensorflow", "tensorflow-cpu", "matplotlib", "tzdata"}
"""The warm server imports what notebooks need, being told its name; zoneinfo reads tzdata's files."""


def imported_names() -> set[str]:
    names: set[str] = set()
    for file in (ROOT / "autograder").rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                names |= {alias.name.partition(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module:
                names.add(node.module.partition(".")[0])
    return names - set(sys.stdlib_module_names) - {"autograder"}


def declared() -> set[str]:
    extras = [text for texts in PROJECT["optional-dependencies"].values() for text in texts]
    return {Requirement(text).name for text in (*PROJECT["dependencies"], *extras)}


@functools.cache
def distributions() -> Mapping[str, list[str]]:
    return metadata.packages_distributions()


def distributions_of(module: str) -> set[str]:
    return {name.lower().replace("_", "-") for name in distributions().get(module, [])}


def test_the_installed_version_is_that_of_pyproject():
    assert metadata.version("autograder") == PROJECT["version"]


def test_the_changelog_has_a_part_for_this_version():
    assert f"## {PROJECT['version']}" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")


def test_the_licence_is_the_one_declared():
    text = (ROOT / "LICENSE").read_text(encoding="utf-8")
    assert PROJECT["license"] == "BSD-3-Clause"
    assert text.startswith("BSD 3-Clause License")
    assert "the autograder contributors" in text


def test_everything_imported_is_declared():
    known = declared() | NEVER_IMPORTED_BY_NAME
    missing = {name for name in imported_names() if not distributions_of(name) & known}
    assert missing == set()


def test_everything_declared_is_imported():
    used = set().union(*(distributions_of(name) for name in imported_names()))
    assert declared() - used - NEVER_IMPORTED_BY_NAME == set()


def test_help_answers_without_importing_anything_heavy():
    code = "import sys, autograder.commands.main; print(*sorted(m for m in sys.modules if '.' not in m))"
    shown = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    ).stdout.split()
    assert "typer" in shown
    assert not {"tensorflow", "keras", "numpy", "nbgrader", "IPython", "matplotlib"} & set(shown)


def test_each_room_with_pages_ships_them():
    """What is no Python and lies in the package is named by package-data, or an installed kit lacks it."""
    patterns = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["setuptools"][
        "package-data"
    ]["autograder"]
    others = [
        path
        for path in (ROOT / "autograder").rglob("*")
        if path.is_file() and path.suffix not in {".py", ".pyc"}
    ]
    unnamed = [path.name for path in others if not any(path.match(pattern) for pattern in patterns)]
    assert unnamed == []
