"""What students receive beside the notebook that nobody writes by hand, and the zip that holds all of it.

The course's versions come from the locks, what is to be written from the released notebook; the same
source and locks give the same bytes on every machine.
"""

from __future__ import annotations

import ast
import functools
import json
import re
import sys
import tomllib
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from importlib import metadata
from pathlib import Path
from typing import Any

import nbformat

from autograder.errors import CourseError
from autograder.grading import headings
from autograder.grading.archives import zipped
from autograder.grading.files import write_whole
from autograder.grading.intake import code
from autograder.grading.intake.release import Role, read_release

DATA, START = "assignment.json", "START-HERE.txt"
TOOLS = ("environment.py", "hand_in.py")
BACKENDS = {"keras": "tensorflow"}  # imported by the package itself, in no cell
START_TEXT = """{title}
{line}

1. Unpack the zip, and keep the files of its folder together: the notebook uses them.

2. You need Python {oldest} to {newest}, and these packages:

       pip install {packages} jupyter

3. In this folder:

       jupyter lab {name}.ipynb

   The first cell says whether your versions fit the course, and what to do where they do not.

4. When you are done, save the notebook. Then, in this folder:

       python hand_in.py

   It writes {name}-hand-in.zip, the one file to hand in, and a receipt for you to keep. The last cell of
   the notebook does the same. The notebook alone, {name}.ipynb, may be handed in too.
"""


def write_handout(release: Path, root: Path) -> None:
    """Put assignment.json and START-HERE.txt into a release folder that nbgrader has just made.

    Raises CourseError where the notebook imports a package that is neither locked nor installed.
    """
    name = release.name
    notebook = release / f"{name}.ipynb"
    cells = nbformat.read(notebook, as_version=4).cells
    modules = needed_modules([c.source for c in cells if c.cell_type == "code"], release.glob("*.py"))
    course = course_versions(root, modules)
    released = read_release(notebook)
    slots = [slot for slot in released.slots if slot.role is Role.SOLUTION]
    data = {
        "assignment": name,
        **course,
        "files": sorted(
            path.name for path in release.iterdir() if path.suffix != ".ipynb" and path.name not in TOOLS
        ),
        "exercises": {function: slot.source for slot in slots for function in sorted(slot.functions)},
        "answers": {slot.name: slot.source for slot in released.slots if slot.role is Role.ANSWER},
    }
    title = headings.title(cells) or name
    text = START_TEXT.format(
        title=title,
        line="=" * len(title),
        name=name,
        packages=" ".join(package["install"] for package in course["packages"].values()),
        **course["python"],
    )
    (release / DATA).write_text(json.dumps(data, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    (release / START).write_text(text, encoding="utf-8")


def write_zip(folder: Path, target: Path) -> None:
    """The files of a release folder as one zip, for everybody to read, whose bytes depend on theirs alone."""
    paths = sorted(path for path in folder.iterdir() if path.is_file())
    entries = {f"{folder.name}/{path.name}": path.read_bytes() for path in paths}
    write_whole(target, zipped(entries, mode=0o644, compression=zipfile.ZIP_STORED), mode=0o644)


def needed_modules(sources: Iterable[str], beside: Iterable[Path]) -> list[str]:
    """The packages that cells, and the files beside the notebook at their top level, import."""
    files = {path.stem: path for path in beside}
    found: set[str] = set()
    for source in sources:
        tree = code.tree(source)
        found |= set(_imported(ast.walk(tree))) if tree is not None else set()
    for path in files.values():
        found |= set(_imported(ast.parse(path.read_text(encoding="utf-8")).body))
    found -= {*files, *sys.stdlib_module_names, "__future__"}
    return sorted(found | {BACKENDS[name] for name in found & set(BACKENDS)})


def course_versions(root: Path, modules: Iterable[str]) -> dict[str, Any]:
    """The Pythons and the package versions of the course in ``root``, and the oldest ones that fit.

    From requirements/lock-py*.txt and pyproject.toml; a course without them uses what is installed here.
    """
    locks = {_python_of(path): path for path in (root / "requirements").glob("lock-py*.txt")}
    pythons = sorted(locks) or [sys.version_info[:2]]
    pins = _pins(locks[pythons[-1]]) if locks else {}
    floors = _floors(root / "pyproject.toml")
    packages = {}
    for module in modules:
        install, version = _version(module, pins)
        # the kit's own requirement may name the build without CUDA
        oldest = floors.get(install) or floors.get(f"{install}-cpu") or version.split(".")[0]
        packages[module] = {"install": install, "course": version, "oldest": oldest}
    oldest, newest = ("{}.{}".format(*python) for python in (pythons[0], pythons[-1]))
    return {"python": {"oldest": oldest, "newest": newest}, "packages": packages}


def _version(module: str, pins: Mapping[str, str]) -> tuple[str, str]:
    """(the name to install, the course's version) of an imported package."""
    names = [module, *_distributions().get(module, [])]
    for name in names:
        if name in pins:
            return name, pins[name]
    for name in names[1:]:
        # tensorflow-cpu is tensorflow, where students are
        return module if name.startswith(f"{module}-") else name, metadata.version(name)
    raise CourseError(f"the notebook imports a package that is neither locked nor installed (got {module})")


@functools.cache
def _distributions() -> Mapping[str, list[str]]:
    """By module, the packages that bring it, under the names by which they are installed."""
    found = metadata.packages_distributions()
    return {
        module: sorted({name.lower().replace("_", "-") for name in names}) for module, names in found.items()
    }


def _imported(nodes: Iterable[ast.AST]) -> Iterator[str]:
    for node in nodes:
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module.partition(".")[0]


def _python_of(lock: Path) -> tuple[int, int]:
    return 3, int(lock.stem.removeprefix("lock-py3"))


def _pins(lock: Path) -> dict[str, str]:
    found = re.findall(r"^([\w.-]+)==([\w.]+)", lock.read_text(encoding="utf-8"), re.MULTILINE)
    return {name.lower(): version for name, version in found}


def _floors(project: Path) -> dict[str, str]:
    """By package, the oldest version that the project's own dependencies accept."""
    if not project.is_file():
        return {}
    wanted = tomllib.loads(project.read_text(encoding="utf-8")).get("project", {}).get("dependencies", [])
    found = [re.match(r"([\w.-]+)\s*>=\s*([\d.]+)", text) for text in wanted]
    return {match[1].lower(): match[2] for match in found if match}
