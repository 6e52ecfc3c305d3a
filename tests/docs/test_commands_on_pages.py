"""The commands that the README and the guides show are run, in a made-up course; each has to succeed.

What cannot be run here stands in NOT_HERE with the reason; nothing else is left out.  That takes minutes, so
it is a part of ``make journeys``; test_names_on_pages.py always looks whether the commands exist.
"""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from autograder.assurance.toy_class import ASSIGNMENT, CLASS, HandedIn, Member, write_class
from autograder.commands.demo import make_course
from autograder.course import find_assignment, find_course
from tests.docs.downloads import lay_down
from tests.journeys import ALL

ROOT = Path(__file__).parents[2]
GUIDES = ("docs/instructor.md", "docs/ta.md", "docs/student.md", "docs/lms.md", "README.md")
"""In the order in which people need them: what a teaching assistant reads was graded before."""
BLOCK = re.compile(r"^```console\n(.*?)^```$", re.MULTILINE | re.DOTALL)
NOT_HERE: Mapping[str, str] = {
    "source .venv/bin/activate": "the test has its environment",
    "make ": "the Makefile is the kit's, not the course folder's; tests/packaging looks at its targets",
    "pip install": "downloads; tests/packaging looks at what students need",
    "jupyter lab": "runs until it is closed; tests/journeys work in it",
    "autograder watch": "runs until it is ended; tests/nbgrader/test_watch.py watches",
}
ADA = Member("ada", "everything right", (HandedIn(),))
SECONDS = 600


def commands(page: Path) -> list[str]:
    """The command lines of the page's console blocks, without their comments."""
    blocks = "".join(BLOCK.findall(page.read_text(encoding="utf-8")))
    lines = [shlex.split(line, comments=True) for line in blocks.splitlines()]
    return [shlex.join(words) for words in lines if words]


def left_out(command: str) -> bool:
    return command.startswith(tuple(NOT_HERE))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A course in which ada handed in everything right, in the folder that the guides name."""
    course = make_course(find_course(ROOT), tmp_path_factory.mktemp("guides") / "course")
    root = course.root
    exchange = root.parent / "exchange"
    exchange.mkdir()
    exchange.chmod(0o777)
    config = root / "nbgrader_config.py"
    config.write_text(config.read_text() + f'\nc.Exchange.root = "{exchange}"\n')
    untouched = replace(CLASS[2], student="zoe")
    assignment = find_assignment(course, ASSIGNMENT)
    write_class(assignment, root / "handed-in", [ADA, untouched])
    (ada,) = (root / "handed-in").glob("ada+*/*.ipynb")
    shutil.copy(ada, root / "some.ipynb")
    lay_down(root, root.parent, assignment.notebook)
    for name in ("hand_in.py", "assignment.json"):  # they lie beside a student's notebook
        shutil.copy(assignment.release / name, root)
    (root / "pyproject.toml").write_text("[tool.pytest.ini_options]\npythonpath = ['.']\n")
    return root


def typed(command: str, folder: Path) -> subprocess.CompletedProcess[str]:
    here = str(Path(sys.executable).parent)
    return subprocess.run(
        ["bash", "-c", command],
        cwd=folder,
        env={**os.environ, "PATH": f"{here}{os.pathsep}{os.environ['PATH']}", "HOME": str(folder.parent)},
        text=True,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        timeout=SECONDS,
        check=False,
    )


@pytest.mark.skipif(not ALL, reason="takes minutes: make journeys")
def test_every_command_of_the_guides_succeeds_in_their_order(folder: Path) -> None:
    shown: dict[str, str] = {}  # each once, where it is shown first
    for guide in GUIDES:
        for command in commands(ROOT / guide):
            shown.setdefault(command, guide)
    ran = [command for command in shown if not left_out(command)]
    assert f"autograder grade {ASSIGNMENT}" in ran
    for command in ran:
        done = typed(command, folder)
        assert done.returncode == 0, f"{shown[command]}: {command} ended with this:\n{done.stdout}"
    assert (folder / f"feedback/ada/{ASSIGNMENT}/{ASSIGNMENT}.html").is_file()


def test_what_is_left_out_stands_in_a_guide() -> None:
    shown = [command for guide in GUIDES for command in commands(ROOT / guide)]
    unused = [start for start in NOT_HERE if not any(command.startswith(start) for command in shown)]
    assert unused == []
