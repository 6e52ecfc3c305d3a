"""However a student's code ends or refuses to, the caller gets a plain answer and nothing is left."""

from __future__ import annotations

import concurrent.futures
import contextlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest

from autograder.errors import AutograderError, WireError, WorkerLost
from autograder.worker.launcher import WarmServer, WorkerLimits, hire
from autograder.worker.staging import remove


def cell(worker, source, seconds=10.0, patience=20.0):
    question = {"ask": "run_cell", "name": "c", "source": source, "seconds": seconds}
    return worker.ask(question, lambda _: {}, patience)


def alive(pid):
    """Neither a zombie (Z) nor about to vanish (X), as all are for a moment when their namespace ends."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state not in "ZX"


def asleep(seconds):
    """Whether a process of this system sleeps for so long: the number that only one test uses is its name."""
    for folder in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            if f"sleep\0{seconds}\0".encode() in (folder / "cmdline").read_bytes() and alive(folder.name):
                return True
    return False


def wait_until(condition, seconds=20.0):
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.02)


@contextlib.contextmanager
def another_process(source):
    """Runs ``source`` in a process of ours that waits; gives the words it prints, then kills it."""
    imports = (
        "import time\nfrom pathlib import Path\nfrom autograder.worker.launcher import WarmServer, hire\n"
    )
    command = [sys.executable, "-c", f"{imports}{source}\ntime.sleep(1000)"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            yield process.stdout.readline().split()
        finally:
            process.kill()


def printed(reply):
    return "".join(item["text"] for item in reply["outputs"] if item["output_type"] == "stream")


@pytest.mark.parametrize(
    ("source", "fate"),
    [
        ("import os; os._exit(3)", "exit 3"),
        ("import os, signal; os.kill(os.getpid(), signal.SIGSEGV)", "signal 11"),
        ("import ctypes; ctypes.string_at(0)", "signal 11"),
        ("import os; os.abort()", "signal 6"),
        ("import os\nfor fd in range(3, 20):\n    try: os.close(fd)\n    except OSError: pass", "exit 1"),
    ],
)
def test_a_worker_that_ends_is_lost_and_its_fate_known(light_server, source, fate):
    with hire(light_server.address) as worker:
        with pytest.raises(WorkerLost):
            cell(worker, source)
        assert worker.fate == fate
    assert not alive(worker.pid)


def test_a_loop_that_swallows_every_interrupt_ends_at_the_judges_deadline(light_server):
    with hire(light_server.address) as worker:
        source = "import time\nwhile True:\n    try: time.sleep(100)\n    except BaseException: pass"
        with pytest.raises(TimeoutError):
            cell(worker, source, seconds=0.2, patience=1.0)
        assert alive(worker.pid)
    assert not alive(worker.pid)
    assert worker.fate == "hangup"


def test_a_long_call_into_c_ends_at_the_judges_deadline(light_server):
    with hire(light_server.address) as worker, pytest.raises(TimeoutError):
        cell(worker, "sum(range(10**12))", seconds=0.2, patience=1.0)
    assert not alive(worker.pid)


def test_blocking_every_signal_does_not_help(light_server):
    source = (
        "import signal, time\n"
        "signal.pthread_sigmask(signal.SIG_BLOCK, range(1, 32))\n"
        "while True: time.sleep(1)"
    )
    with hire(light_server.address) as worker, pytest.raises(TimeoutError):
        cell(worker, source, seconds=0.2, patience=1.0)
    assert not alive(worker.pid)


def test_everything_that_a_student_started_ends_with_the_worker(light_server):
    source = """
import os, subprocess, time
subprocess.Popen(["sleep", "100001"])
subprocess.Popen(["sleep", "100002"], start_new_session=True)
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        os.execvp("sleep", ["sleep", "100003"])
    os._exit(0)
os.wait()
"""
    names = (100001, 100002, 100003)
    with hire(light_server.address) as worker:
        assert cell(worker, source)["outcome"] == "ok"
        wait_until(lambda: all(map(asleep, names)))
    assert not any(map(asleep, names))
    assert not alive(worker.pid)


def test_what_a_lost_worker_started_is_gone_when_the_loss_is_seen(light_server):
    with hire(light_server.address) as worker:
        cell(worker, "import subprocess\nsubprocess.Popen(['sleep', '100004'])")
        wait_until(lambda: asleep(100004))
        with pytest.raises(WorkerLost):
            cell(worker, "import os; os._exit(0)")
        assert not asleep(100004)


def test_a_worker_that_kills_its_parent_leaves_nothing_either(light_server):
    with hire(light_server.address) as worker:
        cell(worker, "import subprocess\nsubprocess.Popen(['sleep', '100005'], start_new_session=True)")
        wait_until(lambda: asleep(100005))
        # in a sandbox the parent cannot be killed, at level restricted it cannot be signalled
        with contextlib.suppress(WorkerLost):
            cell(worker, "import os, signal\nos.kill(os.getppid(), signal.SIGKILL)\nwhile True: pass", 0.5)
    wait_until(lambda: not alive(worker.pid) and not asleep(100005))


def test_a_caller_that_vanishes_takes_its_workers_along(light_server):
    source = (
        f"worker = hire(Path({str(light_server.address)!r}))\nprint(worker.pid, worker.scratch, flush=True)"
    )
    with another_process(source) as (pid, scratch):
        assert alive(int(pid))
    wait_until(lambda: not alive(int(pid)))
    shutil.rmtree(scratch, ignore_errors=True)


def test_closing_the_server_ends_its_workers(start_light):
    with start_light() as server:
        worker = hire(server.address)
        cell(worker, "import subprocess\nsubprocess.Popen(['sleep', '100006'])")
        wait_until(lambda: asleep(100006))
        folder = server.address.parent
    assert not folder.exists()
    wait_until(lambda: not alive(worker.pid) and not asleep(100006))
    with pytest.raises(WorkerLost):
        cell(worker, "1")
    worker.close()
    assert not worker.scratch.exists()


@pytest.mark.usefixtures("light_server")
def test_a_server_whose_launcher_is_killed_ends_with_its_workers(level):
    source = (
        f"server = WarmServer.start(('numpy',), level={level!r})\nworker = hire(server.address)\n"
        "print(server.pid, worker.pid, server.address.parent, worker.scratch, flush=True)"
    )
    with another_process(source) as (*pids, folder, scratch):
        assert all(alive(int(pid)) for pid in pids)
    wait_until(lambda: not any(alive(int(pid)) for pid in pids))
    wait_until(lambda: not Path(folder).exists())
    assert not Path(scratch).exists()


# the kernel may refuse a process before the keeper counts them: only one who goes on is sure to be ended
NEVER_ENOUGH = """
import subprocess
while True:
    try:
        subprocess.Popen(["sleep", "1000"])
    except OSError:
        pass
"""


def test_too_many_processes_end_the_worker(light_server):
    with hire(light_server.address, limits=WorkerLimits(processes=5)) as worker:
        with pytest.raises(WorkerLost):
            cell(worker, NEVER_ENOUGH)
        assert worker.fate == "processes"


def test_memory_beyond_the_limit_is_a_memory_error_of_the_cell(light_server):
    with hire(light_server.address, limits=WorkerLimits(memory_bytes=200 * 2**20)) as worker:
        reply = cell(worker, "import numpy as np\nx = np.ones(10**9)")
        assert reply["error"]["type"] in ("MemoryError", "_ArrayMemoryError")
        assert "MemoryError" in reply["error"]["ancestors"]
        assert cell(worker, "np.ones(10**6).sum()")["outcome"] == "ok"


def test_memory_of_the_whole_family_is_bounded(light_server):
    source = """
import os, time
for _ in range(4):
    if os.fork() == 0:
        keep = b"x" * (80 * 2**20)
        time.sleep(1000)
while True:
    time.sleep(1)
"""
    with hire(light_server.address, limits=WorkerLimits(memory_bytes=200 * 2**20)) as worker:
        with pytest.raises(WorkerLost):
            cell(worker, source)
        assert worker.fate == "memory"


def test_large_files_and_many_descriptors_are_errors_of_the_cell(light_server):
    with hire(light_server.address, limits=WorkerLimits(file_bytes=10_000, files=32)) as worker:
        assert cell(worker, "open('f', 'wb').write(b'x' * 20_000)")["error"]["type"] == "OSError"
        assert cell(worker, "x = [open('/dev/null') for _ in range(100)]")["error"]["type"] == "OSError"
        assert cell(worker, "x = None")["outcome"] == "ok"


def test_threads_left_running_block_nothing(light_server):
    with hire(light_server.address) as worker:
        source = "import threading, time\nthreading.Thread(target=lambda: time.sleep(1000)).start()"
        assert cell(worker, source)["outcome"] == "ok"
        assert cell(worker, "1")["outcome"] == "ok"
    assert not alive(worker.pid)


def test_garbage_on_the_wire_is_a_wire_error(light_server):
    source = """
import os, stat
for fd in range(3, 30):
    try:
        if stat.S_ISSOCK(os.fstat(fd).st_mode):
            os.write(fd, b"x" * 100)
    except OSError:
        pass
"""
    with hire(light_server.address) as worker, pytest.raises((WireError, WorkerLost)):
        cell(worker, source)


def test_closing_twice_is_fine(light_server):
    worker = hire(light_server.address)
    worker.close()
    worker.close()
    assert worker.fate == "hangup"


def test_hiring_where_nobody_serves_is_a_plain_error(tmp_path):
    with pytest.raises(AutograderError, match=r"no warm server answers: .* \(got socket\)"):
        hire(tmp_path / "socket")


def test_a_release_folder_that_is_not_there_leaves_no_worker(light_server, tmp_path):
    before = sorted(light_server.address.parent.glob("scratch-*"))
    with pytest.raises(FileNotFoundError):
        hire(light_server.address, files=tmp_path / "gone")
    assert sorted(light_server.address.parent.glob("scratch-*")) == before


def test_a_server_that_cannot_warm_up_says_why():
    with pytest.raises(AutograderError, match="No module named 'no_such_library'"):
        WarmServer.start(("no_such_library",))


def test_a_temporary_folder_too_deep_for_a_socket_is_named(tmp_path, monkeypatch):
    deep = tmp_path / ("x" * 90)
    deep.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(deep))
    with pytest.raises(
        AutograderError, match=r"let TMPDIR name a folder of at most 68 characters \(got \d+\)"
    ):
        WarmServer.start(("numpy",))


def test_limits_must_be_positive():
    with pytest.raises(ValueError, match=r"processes must be a positive int \(got 0\)"):
        WorkerLimits(processes=0)


def test_a_killed_server_takes_everything_along(start_light):
    with start_light() as server:
        with hire(server.address) as worker:
            cell(worker, "import subprocess\nsubprocess.Popen(['sleep', '100007'], start_new_session=True)")
            wait_until(lambda: asleep(100007))
            os.kill(server.pid, signal.SIGKILL)
            with pytest.raises(WorkerLost):
                cell(worker, "while True: pass")
        wait_until(lambda: not alive(worker.pid) and not asleep(100007))
        with pytest.raises(AutograderError, match="no warm server answers"):
            hire(server.address)


def test_several_callers_hire_at_once(light_server):
    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        workers = list(pool.map(lambda _: hire(light_server.address), range(8)))
    assert len({worker.pid for worker in workers}) == 8
    assert [printed(cell(worker, f"print({n})")) for n, worker in enumerate(workers)] == [
        f"{n}\n" for n in range(8)
    ]
    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda worker: worker.close(), workers))
    assert not any(alive(worker.pid) for worker in workers)


def test_a_folder_that_is_closed_or_nested_thousands_deep_is_removed(tmp_path):
    folder, here = tmp_path / "scratch", os.open(".", os.O_RDONLY)
    (folder / "closed").mkdir(parents=True)
    (folder / "closed" / "file").write_text("x")
    kept = tmp_path / "kept"
    kept.mkdir(mode=0o500)
    (folder / "link").symlink_to(kept)
    (folder / "closed").chmod(0)
    os.chdir(folder)
    try:
        for _ in range(3000):
            os.mkdir("d")  # noqa: PTH102 - a path of that length cannot be named
            os.chdir("d")
    finally:
        os.fchdir(here)
        os.close(here)
    remove(folder)
    assert not folder.exists()
    assert kept.stat().st_mode & 0o777 == 0o500
