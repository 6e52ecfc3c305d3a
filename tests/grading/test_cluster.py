"""A real scheduler and two workers on loopback, with a copy of the course: the grades of this machine."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from dataclasses import replace

import pytest

from autograder.course import find_assignment, find_course
from autograder.errors import CourseError
from autograder.grading.engine import Submission, grade_all, grade_course
from autograder.grading.parcels import COURSE, NotTheSame, pack
from tests.grading.conftest import RIGHT

WRONG = {"double": "def double(x):\n    return x\n", "triple": RIGHT["triple"]}


def dask(*words, folder, course=None):
    """A process of Dask's; what it says goes to a file."""
    environment = {**os.environ, "DASK_DISTRIBUTED__ADMIN__LOW_LEVEL_LOG_LENGTH": "0"}
    if course is not None:
        environment[COURSE] = str(course)
    with (folder / f"{words[0]}.log").open("ab") as log:
        return subprocess.Popen(
            [sys.executable, "-m", "distributed.cli.dask_" + words[0], *words[1:]],
            cwd=folder,
            env=environment,
            stdout=log,
            stderr=log,
        )


@pytest.fixture
def cluster(course, tmp_path_factory):
    """(address of the scheduler, the workers, the course's copy that they have)."""
    folder = tmp_path_factory.mktemp("cluster")
    copy = folder / "course"
    shutil.copytree(course.root, copy)
    file = folder / "scheduler.json"
    own = ("--scheduler-file", str(file))
    started = [dask("scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard", *own, folder=folder)]
    options = ("--nthreads", "1", "--no-dashboard", "--no-nanny", "--host", "127.0.0.1")
    try:
        started += [dask("worker", *own, *options, folder=folder, course=copy) for _ in range(2)]
        address = wait_for(lambda: json.loads(file.read_text())["address"])
        from distributed import Client

        with Client(address, set_as_default=False) as client:
            client.wait_for_workers(2, timeout=60)
        yield address, started[1:], copy
    finally:
        for process in started[::-1]:  # a worker told to end while its scheduler ends may wait for ever
            end(process)


def end(process):
    process.terminate()
    try:
        process.wait(20)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def wait_for(found, seconds=60.0):
    deadline = time.monotonic() + seconds
    while True:
        with contextlib.suppress(OSError, ValueError, KeyError):
            return found()
        assert time.monotonic() < deadline
        time.sleep(0.1)


def test_a_cluster_gives_the_same_grades_survives_a_lost_worker_and_refuses_other_checks(
    course, hand_in, cluster
):
    address, workers, copy = cluster
    toy = find_assignment(course, "toy")
    class_of = {
        "ada": RIGHT,
        "bob": WRONG,
        "cyd": {},
        "dan": RIGHT | {"triple": "def triple(x):\n    1 / 0\n"},
    }
    items = [Submission(name, hand_in(name, **sources)) for name, sources in class_of.items()]
    here = {report.student: plain(report) for report in grade_all(course, toy, items, jobs=1)}
    there = {
        report.student: plain(report) for report in grade_course(course, [(toy, items)], scheduler=address)
    }
    assert there == here
    assert not (copy / ".autograder/reports").exists()

    # a worker is lost while it grades; a call that takes its time makes sure that it does
    slow = {"double": "def double(x):\n    import time\n    time.sleep(1)\n    return 2 * x\n"}
    more = [
        Submission(f"s{i}", hand_in(f"s{i}", **slow, triple=f"def triple(x):\n    return 3 * x + {i}\n"))
        for i in range(4)
    ]
    reports = grade_course(course, [(toy, more)], scheduler=address)
    first = next(reports)
    workers[0].send_signal(signal.SIGKILL)
    points = {report.student: report.points for report in (first, *reports)}
    assert points == {"s0": 5, "s1": 3, "s2": 3, "s3": 3}

    checks = copy / "tests/hidden/test_toy.py"
    checks.write_text(checks.read_text() + "\n# changed\n")
    with pytest.raises(NotTheSame, match=r"would grade otherwise than yours: give it the same checks \(got"):
        list(grade_course(course, [(toy, items[:1])], scheduler=address, fresh=True))


def plain(report):
    """What a Report says, whoever made it and however long it took."""
    cells = tuple(replace(cell, seconds=0.0) for cell in report.cells)
    exercises = {
        name: replace(item, verdicts=[replace(verdict, seconds=0.0) for verdict in item.verdicts])
        if "seconds" in item.verdicts[0].__dataclass_fields__
        else item
        for name, item in report.exercises.items()
    }
    return replace(report, seconds=0.0, cells=cells, exercises=exercises)


def test_a_parcel_names_no_student_and_no_path(course, hand_in):
    from autograder.grading.engine import _task

    toy = find_assignment(course, "toy")
    task = _task(course, toy, Submission("zacharias", hand_in("zacharias", **RIGHT)), b"s" * 32)
    sent = pack(task)
    assert b"zacharias" not in sent
    assert str(course.root).encode() not in sent


def test_no_scheduler_is_one_sentence(course, hand_in):
    toy = find_assignment(course, "toy")
    items = [Submission("ada", hand_in("ada", **RIGHT))]
    with pytest.raises(CourseError, match=r"no scheduler answers there: .*\(got nonsense://1\)"):
        list(grade_course(find_course(course.root), [(toy, items)], scheduler="nonsense://1"))
