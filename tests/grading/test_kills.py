"""Whatever is killed, the next run ends with the gradebook of an undisturbed class; 50 kills: make soak."""

from __future__ import annotations

import contextlib
import os
import random
import signal
import threading
import time
from pathlib import Path

import psutil
import pytest

from autograder.course import find_assignment
from autograder.errors import CourseError
from autograder.grading.engine import Submission, grade_class
from tests.grading.conftest import RIGHT
from tests.grading.kills import rounds


def test_kills_change_no_grade(tmp_path):
    assert len(list(rounds(tmp_path, kills=5, seed=random.randrange(10**6)))) == 5


def test_a_server_that_is_killed_while_it_starts_is_started_again(course, hand_in):
    with holder_killed(course):
        items = [Submission("ada", hand_in("ada", **RIGHT))]
        reports = list(grade_class(course, find_assignment(course, "toy"), items))
    assert [report.points for report in reports] == [5]


def test_what_is_lost_with_the_server_costs_a_student_nothing(course, hand_in):
    slow = {"double": "import time\n\ndef double(x):\n    time.sleep(0.7)\n    return x + x\n"}
    with holder_killed(course, at_work=True):
        items = [Submission("ada", hand_in("ada", **RIGHT | slow))]
        reports = list(grade_class(course, find_assignment(course, "toy"), items))
    assert [report.points for report in reports] == [5]


@contextlib.contextmanager
def holder_killed(course, *, at_work=False):
    """Kill the first holder of a warm server of this course; ``at_work``: once a student's code runs."""
    killed = []

    def kill() -> None:
        while not killed and not done.wait(0.01):
            for place in Path("/proc").glob("[0-9]*"):
                with contextlib.suppress(OSError, psutil.Error):
                    told = (place / "cmdline").read_bytes()
                    if b"autograder.worker.sharing" in told and str(course.root).encode() in told:
                        if at_work and not works_below(int(place.name)):
                            continue
                        os.kill(int(place.name), signal.SIGKILL)
                        killed.append(place.name)
                        break

    done = threading.Event()
    killer = threading.Thread(target=kill)
    killer.start()
    try:
        yield
    finally:
        done.set()
        killer.join()
    assert killed


def works_below(holder):
    """Whether the server has forked a worker that has lived for half a second: it is past its start."""
    below = psutil.Process(holder).children(recursive=True)
    births = sorted(one.create_time() for one in below if "server.py" in " ".join(one.cmdline()))
    return bool(births) and births[-1] > births[0] + 0.1 and time.time() > births[-1] + 0.5


def test_a_report_that_cannot_be_kept_stops_the_run_and_the_next_one_goes_on(course, hand_in):
    toy = find_assignment(course, "toy")
    items = [Submission("ada", hand_in("ada", **RIGHT))]
    course.state.mkdir()
    blocked = course.state / "reports"
    blocked.write_text("no folder")
    with pytest.raises(CourseError, match=r"a Report cannot be kept: .*nothing is lost"):
        list(grade_class(course, toy, items))
    blocked.unlink()
    assert [report.points for report in grade_class(course, toy, items)] == [5]
