"""What a student's code cannot do, at each level that promises it; and that no level is taken on trust."""

from __future__ import annotations

import json
import socket
import sys
import tempfile
from pathlib import Path

import numpy as np
import pytest

from autograder import course
from autograder.errors import IsolationError, WorkerLost
from autograder.worker import box, levels, selftest
from autograder.worker.launcher import WarmServer, WorkerLimits, hire

REFUSED = {
    "read the passwords": "open('/etc/shadow').read()",
    "read the name of the machine": "open('/etc/hostname').read()",
    "write beside the libraries": f"open({sys.prefix!r} + '/x', 'w')",
    "change the warm server's home": "open(os.environ['MPLCONFIGDIR'] + '/../x', 'w')",
    "change the kit": "import autograder, os; open(os.path.dirname(autograder.__file__) + '/x', 'w')",
    "open a TCP socket": "import socket; socket.socket(socket.AF_INET)",
    "open a UDP socket": "import socket; socket.socket(socket.AF_INET, socket.SOCK_DGRAM)",
    "open an IPv6 socket": "import socket; socket.socket(socket.AF_INET6)",
    "open a socket to the hypervisor": "import socket; socket.socket(socket.AF_VSOCK)",
    "open a raw socket": "import socket; socket.socket(socket.AF_PACKET, socket.SOCK_RAW)",
    "open a netlink socket": "import socket; socket.socket(socket.AF_NETLINK, socket.SOCK_RAW)",
    "look up a name": "import socket; socket.getaddrinfo('example.invalid', 80)",
    "read the parent's memory": "import os; open(f'/proc/{os.getppid()}/mem', 'rb').read(1)",
    "read the parent's environment": "import os; open(f'/proc/{os.getppid()}/environ', 'rb').read(1)",
    "become root": "import os; os.setuid(0)",
    "change the root folder": "import os; os.chroot('.')",
    "make a device": "import os, stat; os.mknod('zero', 0o666 | stat.S_IFCHR, os.makedev(1, 5))",
    "raise a limit": "import resource as r; r.setrlimit(r.RLIMIT_NOFILE, (10**6, 10**6))",
    "hurry itself": "import os; os.nice(-5)",
    "keep memory that counts nowhere": "import os; os.memfd_create('x')",
    "mount": "import ctypes, os; c = ctypes.CDLL(None, use_errno=True)\n"
    "if c.mount(b'none', b'.', b'tmpfs', 0, None): raise OSError(ctypes.get_errno(), 'mount')",
    "trace its parent": "import ctypes, os; c = ctypes.CDLL(None, use_errno=True)\n"
    "if c.ptrace(16, os.getppid(), None, None): raise OSError(ctypes.get_errno(), 'ptrace')",
    "make a user namespace": "import ctypes; c = ctypes.CDLL(None, use_errno=True)\n"
    "if c.unshare(0x10000000): raise OSError(ctypes.get_errno(), 'unshare')",
    "make a namespace by clone": "import ctypes; c = ctypes.CDLL(None, use_errno=True)\n"
    "n = {'x86_64': 56, 'aarch64': 220}[__import__('os').uname().machine]\n"
    "if c.syscall(n, 0x10000011, 0, 0, 0, 0) == -1: raise OSError(ctypes.get_errno(), 'clone')",
    "call what is not known yet": "import ctypes; c = ctypes.CDLL(None, use_errno=True)\n"
    "if c.syscall(460, 0, 0, 0) == -1: raise OSError(ctypes.get_errno(), 'newer')",
}


WALLED = pytest.mark.parametrize("level", [levels.RESTRICTED, levels.SANDBOX], indirect=True, scope="session")
BOXED = pytest.mark.parametrize("level", [levels.SANDBOX], indirect=True, scope="session")


def printed(reply):
    assert reply["outcome"] == "ok", reply["error"]
    return "".join(item.get("text", "") for item in reply["outputs"])


@WALLED
@pytest.mark.parametrize("what", REFUSED)
def test_a_students_code_cannot(session, what):
    session.cell("import os")
    reply = session.cell(REFUSED[what])
    assert reply["outcome"] == "raised"
    assert "OSError" in reply["error"]["ancestors"] or reply["error"]["type"] == "ValueError", reply["error"]
    assert session.cell("1")["outcome"] == "ok"


@WALLED
def test_a_file_for_all_to_read_is_not_there(session):
    with tempfile.TemporaryDirectory() as name:
        folder, canary = Path(name), Path(name) / "canary"
        canary.write_text("canary")
        folder.chmod(0o755)
        for attempt in (f"open({str(canary)!r})", f"os.listdir({name!r})"):
            reply = session.cell(f"import os\n{attempt}")
            assert reply["error"]["type"] in ("FileNotFoundError", "PermissionError")


@WALLED
def test_the_door_where_workers_are_hired_is_shut_to_them(session, light_server):
    source = f"import socket\nsocket.socket(socket.AF_UNIX).connect({str(light_server.address)!r})"
    assert session.cell(source)["error"]["type"] in ("FileNotFoundError", "PermissionError")


@WALLED
def test_the_abstract_sockets_of_the_system_are_out_of_reach(session):
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(b"")  # the kernel gives an abstract name
        listener.listen(1)
        name = listener.getsockname()
        reply = session.cell(f"import socket\nsocket.socket(socket.AF_UNIX).connect({name!r})")
    assert reply["error"]["type"] in ("ConnectionRefusedError", "PermissionError")


@BOXED
def test_a_process_in_a_sandbox_sees_itself_and_what_is_above_it(session):
    seen = printed(
        session.cell("import os\nprint(sorted(int(n) for n in os.listdir('/proc') if n.isdigit()))")
    )
    assert json.loads(seen) == [1, 2]


@BOXED
def test_killing_everything_in_sight_ends_only_what_the_student_started(session):
    source = "import os, signal, subprocess\np = subprocess.Popen(['sleep', '100'])\n"
    source += "signal.signal(signal.SIGTERM, signal.SIG_IGN)\n"
    source += "try: os.kill(1, 9)\nexcept PermissionError: pass\nos.kill(-1, 15)\nprint(p.wait())"
    assert printed(session.cell(source)) == "-15\n"


@BOXED
def test_magics_see_only_the_box(session):
    assert printed(session.cell("!whoami; pwd; ls -A")) == "nobody\n/box\n"
    assert "home" not in printed(session.cell("%%bash\nls /")).split()
    assert printed(session.cell("names = !ls /kit\nprint(names)")) == "['autograder']\n"
    assert printed(session.cell("%cd -q /tmp\n%pwd\nprint(open('x', 'w').write('abc'))")) == "3\n"


@BOXED
@pytest.mark.parametrize("folder", [".", "/tmp", "/dev/shm"])
def test_what_one_student_leaves_the_next_one_does_not_find(session, light_server, folder):
    path = f"{folder}/left"
    session.cell(f"open({path!r}, 'w').write('answer')")
    with hire(light_server.address) as other:
        question = {"ask": "run_cell", "name": "c", "source": f"open({path!r})", "seconds": 5.0}
        assert other.ask(question, lambda _: {}, 10.0)["error"]["type"] == "FileNotFoundError"


@BOXED
def test_processes_and_semaphores_of_a_student_work_in_a_sandbox(session):
    source = "import multiprocessing as m\nq = m.Queue(); p = m.Process(target=q.put, args=(3,))\n"
    assert printed(session.cell(source + "p.start(); print(q.get()); p.join()")) == "3\n"


def small(light_server, source, **limits):
    with hire(light_server.address, limits=WorkerLimits(**limits)) as worker:
        question = {"ask": "run_cell", "name": "c", "source": source, "seconds": 20.0}
        try:
            reply = worker.ask(question, lambda _: {}, 30.0)
        except WorkerLost:
            return worker.fate
        return reply["error"] and reply["error"]["type"]


@BOXED
def test_files_threads_and_space_are_bounded_in_a_sandbox(light_server):
    many = "for n in range(10**6): open(str(n), 'w').close()"
    large = "for n in range(100): open(str(n), 'wb').write(bytes(10**6))"
    threads = "import threading, time\nwhile True: threading.Thread(target=time.sleep, args=(99,)).start()"
    assert small(light_server, many) == "OSError"
    assert small(light_server, large, scratch_bytes=2 * 10**6) == "OSError"
    assert small(light_server, threads, processes=2) == "RuntimeError"


@WALLED
def test_memory_that_is_shared_or_hidden_counts_all_the_same(light_server):
    source = """
import ctypes, mmap, os, time
ctypes.CDLL(None).prctl(4, 0, 0, 0, 0)
for _ in range(4):
    if os.fork() == 0:
        shared = mmap.mmap(-1, 80 * 2**20)
        for place in range(0, len(shared), 4096):
            shared[place] = 1
        time.sleep(100)
time.sleep(100)
"""
    assert small(light_server, source, memory_bytes=200 * 2**20) == "memory"


@WALLED
def test_training_gives_the_same_numbers_as_without_walls(keras_session):
    source = """
import keras, numpy as np
def f():
    x = np.random.rand(64, 5, 8).astype("float32")
    model = keras.Sequential([keras.Input((5, 8)), keras.layers.LSTM(4), keras.layers.Dense(1)])
    model.compile("adam", "mse")
    model.fit(x, x.sum((1, 2)), epochs=2, verbose=0)
    return model.predict(x, verbose=0)
"""
    question = {"ask": "call", "function": "f", "args": [], "kwargs": {}, "seconds": 60.0, "seed": 3}
    with WarmServer.start(level=levels.PROCESS) as server, hire(server.address) as worker:
        cell = {"ask": "run_cell", "name": "c", "source": source, "seconds": 60.0}
        worker.ask(cell, lambda _: {}, 60.0)
        outside = worker.ask(question | {"measure_memory": False}, lambda _: {}, 60.0)["value"]
    keras_session.cell(source)
    inside = keras_session.call("f", seed=3, seconds=60.0)["value"]
    np.testing.assert_array_equal(inside, outside)


def test_the_level_is_shown_by_server_and_worker(light_server, level):
    assert light_server.isolation == level
    with hire(light_server.address) as worker:
        assert worker.isolation == level


def test_the_names_of_the_levels_are_the_courses():
    assert course.LEVELS == levels.LEVELS


def test_the_self_test_holds_where_there_are_walls_and_fails_where_there_are_none(light_server, level):
    user = light_server._plan.user
    if level == levels.PROCESS:
        with pytest.raises(IsolationError, match=r"in the self-test a worker could .* and "):
            selftest.examine(light_server.address, user)
    else:
        selftest.examine(light_server.address, user)


@WALLED
def test_a_folder_that_a_worker_sees_is_found_by_the_self_test(light_server):
    with pytest.raises(IsolationError, match=r"a worker could read a file outside"):
        selftest.examine(light_server.address, light_server._plan.user, [Path(json.__file__).parents[1]])


def test_a_course_inside_the_system_is_covered():
    hidden = Path(json.__file__).parent
    words = box.plan(levels.SANDBOX, Path("folder"), [hidden]).command
    assert words[words.index(str(hidden)) - 1] == "--tmpfs"
    assert words.index(str(hidden)) > words.index(sys.base_prefix)


def test_without_bubblewrap_a_sandbox_is_refused_with_what_to_install(monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    if sys.platform != "linux":
        pytest.skip("elsewhere than on Linux there is nothing to install")
    with pytest.raises(IsolationError, match=r"apt-get install bubblewrap \(got sandbox\)"):
        WarmServer.start(("numpy",), level="sandbox")


def test_the_best_level_tells_why_it_is_not_a_better_one(monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    with WarmServer.start(("numpy",)) as server:
        assert server.isolation in ("process", "restricted")
        assert set(server.refusals) == set(levels.LEVELS[levels.LEVELS.index(server.isolation) + 1 :])


def test_a_level_of_another_name_is_refused():
    with pytest.raises(
        IsolationError, match=r"the levels are process, restricted, sandbox and best \(got jail\)"
    ):
        WarmServer.start(level="jail")
