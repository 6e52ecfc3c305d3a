"""The rules of docs/architecture.md about who may import whom, and of files that others read."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
KIT = ROOT / "autograder"
MAY_IMPORT = {
    "errors": set(),
    "limits": {"errors"},
    "course": {"errors", "limits"},
    "wire": {"errors"},
    "worker": {"errors", "wire"},
    "checking": {"errors", "wire"},
    "lms": {"errors"},
    "grading": {"errors", "course", "wire", "worker", "checking", "lms"},
    "assurance": {"errors", "course", "wire", "worker", "checking", "grading"},
    "reporting": {"errors", "course", "checking", "grading", "lms"},
    "reviews": set(),
    "classroom": set(),
}
"""By room or file of the kit.  ``commands`` may import everything; what students receive (the loader in
``reviews``, ``classroom``) stands alone."""
LINES = 300


def imports(code: Path | ast.Module) -> set[str]:
    """The dotted names that a file or a tree imports, wherever in it."""
    tree = code if isinstance(code, ast.Module) else ast.parse(code.read_text(encoding="utf-8"))
    names: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"a relative import in line {node.lineno}"
            assert node.module is not None
            names |= {f"{node.module}.{alias.name}" for alias in node.names}
    return names


def top(names: set[str]) -> set[str]:
    return {name.partition(".")[0] for name in names}


def outside_standard_library(names: set[str]) -> set[str]:
    return top(names) - set(sys.stdlib_module_names)


def kit_files() -> list[Path]:
    return sorted(KIT.rglob("*.py"))


def room_of(file: Path) -> str:
    return file.relative_to(KIT).parts[0].removesuffix(".py")


def tracked_texts() -> Iterator[tuple[str, str]]:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False)
    if listed.returncode != 0:
        pytest.skip("this is no git checkout")
    for name in filter(None, listed.stdout.split("\0")):
        file = ROOT / name
        if file.is_file():  # a file may be deleted and not yet committed so
            yield name, file.read_bytes().decode("utf-8", errors="replace")


@pytest.mark.parametrize("room", MAY_IMPORT)
def test_a_room_imports_only_the_rooms_it_may(room):
    for file in kit_files():
        if room_of(file) != room:
            continue
        rooms = {name.split(".")[1] for name in imports(file) if name.startswith("autograder.")}
        assert rooms - {room} <= MAY_IMPORT[room], f"{file.relative_to(ROOT)} imports {sorted(rooms)}"


def test_every_room_has_a_rule():
    rooms = {room_of(file) for file in kit_files()}
    assert rooms - {"__init__", "__main__", "commands"} == set(MAY_IMPORT)


def test_only_the_plugin_and_the_exporters_import_nbgrader():
    users = {file.relative_to(KIT).as_posix() for file in kit_files() if "nbgrader" in top(imports(file))}
    strangers = {
        user for user in users if not user.startswith(("grading/nbgrader_plugin/", "reporting/exporters/"))
    }
    assert not strangers


def test_the_students_side_knows_no_check_and_no_test_tool():
    for file in (KIT / "worker").glob("*.py"):
        assert not top(imports(file)) & {"pytest", "nbgrader", "solutions", "tests"}, file.name


def test_solutions_import_only_numpy_keras_and_the_standard_library():
    files = sorted((ROOT / "solutions").glob("*.py"))
    assert files
    for file in files:
        tree = ast.parse(file.read_text(encoding="utf-8"))
        assert outside_standard_library(imports(without_variants(tree))) <= {"numpy", "keras"}, file.name


def without_variants(tree: ast.Module) -> ast.Module:
    """The reference alone: a variant is a student's answer, which may import what students have."""
    kept = [node for node in tree.body if not (isinstance(node, ast.FunctionDef) and "__" in node.name)]
    return ast.Module(kept, [])


def test_hidden_checks_import_only_what_a_check_needs():
    files = sorted((ROOT / "tests/hidden").glob("test_*.py"))
    assert files
    for file in files:
        names = imports(file)
        assert outside_standard_library(names) <= {"autograder", "solutions", "numpy", "pytest"}, file.name
        rooms = {name.split(".")[1] for name in names if name.startswith("autograder.")}
        assert rooms <= {"checking", "reviews"}, file.name


def test_an_assignment_is_three_files_of_one_name():
    hidden = {file.stem.removeprefix("test_") for file in (ROOT / "tests/hidden").glob("test_*.py")}
    solved = {file.stem for file in (ROOT / "solutions").glob("*.py")} - {"__init__"}
    sources = {file.stem for file in (ROOT / "source").glob("*/*.ipynb") if file.stem == file.parent.name}
    assert hidden
    assert hidden == solved == sources


def test_no_file_of_the_kit_is_too_long_to_read():
    lengths = {
        file.relative_to(ROOT).as_posix(): len(file.read_text(encoding="utf-8").splitlines())
        for file in kit_files()
    }
    assert {name: count for name, count in lengths.items() if count > LINES} == {}


def test_every_file_of_the_kit_says_what_it_is():
    trees = {file: ast.parse(file.read_text(encoding="utf-8")) for file in kit_files()}
    silent = [
        file.relative_to(ROOT).as_posix()
        for file, tree in trees.items()
        if tree.body and not ast.get_docstring(tree)
    ]
    assert silent == []


def test_nothing_committed_names_a_path_of_somebodys_machine():
    path = re.compile(r"(?<![\w.-])/(?:root|work|home/\w+|Users/\w+|tmp/\w+|opt/\w+)(?:/|\b)[\w./-]*")
    found = [
        f"{name}: {match.group()}"
        for name, text in tracked_texts()
        if name != Path(__file__).relative_to(ROOT).as_posix()
        for match in path.finditer(text)
    ]
    assert found == []


def test_nothing_committed_is_what_a_running_course_makes():
    private = re.compile(
        r"^(?:\.autograder|submitted|autograded|feedback|exports|demo-course|private)/|gradebook\.db"
    )
    assert [name for name, _ in tracked_texts() if private.search(name)] == []
