"""When a run is over, however it ended, nothing of it is left: no process, no mount, no temporary file."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from autograder.course import Course
from tests.grading.conftest import RIGHT

HandIn = Callable[..., Path]
SECONDS = 60.0
# what a student leaves behind: a process that hides from its family and ignores signals, and files
LEAVES = """
import os, signal, time
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        for number in (1, 2, 15):
            signal.signal(number, signal.SIG_IGN)
        time.sleep(600)
    os._exit(0)
for folder in ("/tmp", "/dev/shm", "/var/tmp", "."):
    try:
        open(folder + "/{mark}", "w").write("left")
    except OSError:
        pass
def double(x):
    return 2 * x
"""
WAITS = "def double(x):\n    import time\n    time.sleep(100)\n"
GRADE = """
import sys
from pathlib import Path
from autograder.commands.grading import submissions_of
from autograder.course import find_assignment, find_course
from autograder.grading.engine import grade_class
from autograder.grading.isolation import isolation_of
course = find_course(Path.cwd())
sys.stderr.write(str(isolation_of(course)))
list(grade_class(course, find_assignment(course, "toy"), submissions_of(course, "toy", []), jobs=2))
"""
# runs a command, kills it once a worker is hired where that is asked for, and tells what is left of it
WATCH = """
import ctypes, json, os, pathlib, signal, subprocess, sys, time
ctypes.CDLL(None).prctl(36, 1, 0, 0, 0)
kill, seconds, *command = sys.argv[1:]
temporary = pathlib.Path(os.environ["TMPDIR"])
def children():
    found = []
    for folder in pathlib.Path("/proc").glob("[0-9]*"):
        try:
            words = (folder / "stat").read_text().rpartition(")")[2].split()
            if int(words[1]) == os.getpid() and words[0] not in "ZX":
                found.append((folder / "cmdline").read_text().replace("\\0", " ")[:200])
        except OSError:
            pass
    return found
started = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
if kill == "kill":
    until = time.monotonic() + float(seconds)
    while not list(temporary.glob("autograder-*/*.lock")) and time.monotonic() < until:
        time.sleep(0.05)
    time.sleep(8)  # the libraries are imported, or a judge waits for the student's function already
    began = len(list(temporary.glob("autograder-worker-*")))
    started.kill()
else:
    began = 0
errors = started.communicate()[1]
until = time.monotonic() + float(seconds)
def leftovers():
    return [path.name for path in temporary.iterdir()]
while (children() or leftovers()) and time.monotonic() < until:
    time.sleep(0.1)
left = leftovers()
told = {"code": started.returncode, "errors": errors, "began": began}
print(json.dumps(told | {"children": children(), "left": left}))
"""


@pytest.fixture
def leftovers(course: Course, tmp_path_factory: pytest.TempPathFactory) -> Callable[..., dict[str, object]]:
    """Grade the toy class in a process of its own, and tell what was left of it."""

    def leftovers(kill: str, path: str) -> dict[str, object]:
        temporary = tmp_path_factory.mktemp("t")
        command = [sys.executable, "-c", GRADE]
        environment = {**os.environ, "TMPDIR": str(temporary), "PATH": path}
        done = subprocess.run(
            [sys.executable, "-c", WATCH, kill, str(SECONDS), *command],
            cwd=course.root, env=environment, capture_output=True, text=True, check=True,
        )  # fmt: skip
        found: dict[str, object] = json.loads(done.stdout)
        return found

    return leftovers


@pytest.fixture(params=["the best level", "without bubblewrap"])
def path(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A PATH with all there is, or one on which no bubblewrap is found."""
    here = os.environ["PATH"]
    if request.param == "the best level":
        return here
    for name in ("sh", "rm", "sleep"):
        (tmp_path / name).symlink_to(str(shutil.which(name)))
    return str(tmp_path)


def test_a_run_leaves_no_process_no_mount_and_no_file(
    hand_in: HandIn, leftovers: Callable[..., dict[str, object]], path: str
) -> None:
    mark = f"left-by-{os.getpid()}-{time.monotonic_ns()}"
    hand_in("ada", **RIGHT)
    hand_in("bob", double=LEAVES.replace("{mark}", mark), triple=WAITS.replace("double", "triple"))
    mounts = Path("/proc/self/mountinfo").read_text()
    found = leftovers("no", path)
    assert found["code"] == 0, found["errors"]
    assert (found["children"], found["left"]) == ([], [])
    assert Path("/proc/self/mountinfo").read_text() == mounts
    walled = "isolation: process" not in str(found["errors"])
    places = [Path(place) / mark for place in ("/tmp", "/dev/shm", "/var/tmp")]
    there = [str(place) for place in places if place.exists()]
    for place in places:
        place.unlink(missing_ok=True)
    assert not (walled and there)


def test_a_run_that_is_killed_leaves_as_little(
    course: Course, hand_in: HandIn, leftovers: Callable[..., dict[str, object]]
) -> None:
    hand_in("bob", double=WAITS)
    (course.root / "nbgrader_config.py").write_text(
        'c = get_config()\nc.Autograder.isolation = "process"\nc.Autograder.call_seconds = 100.0\n'
    )
    mounts = Path("/proc/self/mountinfo").read_text()
    found = leftovers("kill", os.environ["PATH"])
    assert found["code"] == -signal.SIGKILL, found["errors"]
    assert found["began"], "it was killed before anything had begun"
    assert (found["children"], found["left"]) == ([], [])
    assert Path("/proc/self/mountinfo").read_text() == mounts
