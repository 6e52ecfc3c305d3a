"""A shared warm server: one for all who ask, there when needed, gone when not, whoever is killed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import psutil
import pytest

from autograder.errors import AutograderError, IsolationError
from autograder.worker.folders import PREFIX, VanishingFolder
from autograder.worker.launcher import hire
from autograder.worker.levels import PROCESS
from autograder.worker.sharing import lease
from tests.worker.test_deaths import alive, cell, wait_until

LIGHT = ("numpy",)


@pytest.fixture(autouse=True)
def own_folder(monkeypatch, tmp_path_factory):
    """Doors and servers of these tests lie in a folder of their own, which is empty at the end."""
    tmp_path_factory.getbasetemp()  # not in it
    with tempfile.TemporaryDirectory(prefix="share-") as folder:
        monkeypatch.setenv("TMPDIR", folder)
        monkeypatch.setattr(tempfile, "tempdir", folder)
        yield Path(folder)
        wait_until(lambda: not list(Path(folder).glob("autograder-worker-*")))


def light(idle_seconds=0.0):
    return lease(warm=LIGHT, level=PROCESS, idle_seconds=idle_seconds)


def doors(folder):
    return [path for path in folder.glob(f"autograder-{os.getuid()}/*") if path.is_socket()]


def test_runs_at_the_same_time_share_one_server(own_folder):
    with light() as one, light() as other:
        assert one.address == other.address
        assert one.isolation == PROCESS
        with hire(other.address) as worker:
            one.close()
            assert cell(worker, "1")["outcome"] == "ok"
            assert alive(other.pid)
    assert not alive(other.pid)
    assert not doors(own_folder)


def test_a_server_stays_for_the_next_run_and_then_ends_by_itself(own_folder):
    with light(idle_seconds=2.0) as first:
        pass
    with light(idle_seconds=2.0) as second:
        assert second.pid == first.pid
    assert alive(first.pid)
    wait_until(lambda: not alive(first.pid) and not doors(own_folder))


def test_other_arguments_are_another_server(tmp_path):
    with light() as one, lease([tmp_path], warm=LIGHT, level=PROCESS) as other:
        assert one.pid != other.pid


@pytest.mark.usefixtures("own_folder")
def test_a_killed_run_gives_its_lease_back():
    source = (
        "from autograder.worker.sharing import lease; import time\n"
        f"one = lease(warm={LIGHT}, level='process')\nprint(one.pid, flush=True)\ntime.sleep(1000)"
    )
    with subprocess.Popen([sys.executable, "-c", source], stdout=subprocess.PIPE, text=True) as run:
        assert run.stdout is not None
        server = int(run.stdout.readline())
        assert alive(server)
        run.kill()
    wait_until(lambda: not alive(server))


@pytest.mark.parametrize("victim", ["server", "holder"])
def test_after_a_kill_the_next_run_gets_a_new_server(victim):
    with light(idle_seconds=60.0) as first:
        parent = int(Path(f"/proc/{first.pid}/stat").read_text().rpartition(")")[2].split()[1])
        os.kill(first.pid if victim == "server" else parent, signal.SIGKILL)
        wait_until(lambda: not alive(first.pid))
        wait_until(lambda: not alive(parent))
    with light() as second:
        assert second.pid != first.pid
        with hire(second.address) as worker:
            assert cell(worker, "1")["outcome"] == "ok"


@pytest.mark.usefixtures("own_folder")
def test_what_holder_and_janitor_left_when_both_were_killed_goes_with_the_next_server():
    with light(idle_seconds=60.0) as first:
        folder = first.address.parent
        holder = psutil.Process(first.pid).parent()
        janitors = [one for one in holder.children() if str(folder) in one.cmdline()]
        for process in (*janitors, holder):
            process.kill()
        wait_until(lambda: not alive(first.pid) and not alive(holder.pid))
    assert len(janitors) == 1
    assert folder.is_dir()
    with light() as second, light(idle_seconds=1.0) as third:
        assert not folder.exists()
        assert second.address.exists()
        assert third.address.exists()


def test_the_door_of_a_killed_holder_goes_when_the_holder_of_another_course_ends(own_folder, tmp_path):
    with light(idle_seconds=60.0) as killed:
        psutil.Process(killed.pid).parent().kill()
        wait_until(lambda: not alive(killed.pid))
    assert len(doors(own_folder)) == 1
    with lease([tmp_path], warm=LIGHT, level=PROCESS):
        assert len(doors(own_folder)) == 2
    wait_until(lambda: not list(own_folder.iterdir()))


def test_the_door_of_a_living_holder_stays_when_another_ends(own_folder, tmp_path):
    with light() as living:
        with lease([tmp_path], warm=LIGHT, level=PROCESS):
            assert len(doors(own_folder)) == 2
        assert len(doors(own_folder)) == 1
        with light() as again:
            assert again.pid == living.pid


def test_only_what_nobody_holds_is_taken_away(own_folder):
    with VanishingFolder() as ours:
        (own_folder / f"{PREFIX}a-file").write_text("somebody's")
        (own_folder / f"{PREFIX}link").symlink_to(own_folder)
        (own_folder / "worker-other").mkdir()
        with VanishingFolder() as another:
            assert ours.path.is_dir()
            assert another.path.is_dir()
        assert not another.path.exists()
        assert ours.path.is_dir()
    assert sorted(path.name for path in own_folder.iterdir()) == [
        f"{PREFIX}a-file",
        f"{PREFIX}link",
        "worker-other",
    ]
    for name in (f"{PREFIX}a-file", f"{PREFIX}link"):
        (own_folder / name).unlink()


@pytest.mark.usefixtures("own_folder")
def test_many_who_ask_at_once_get_the_same_server():
    source = (
        "from autograder.worker.sharing import lease; import sys\n"
        f"one = lease(warm={LIGHT}, level='process')\nprint(one.pid, flush=True)\nsys.stdin.read()"
    )
    runs = [
        subprocess.Popen(
            [sys.executable, "-c", source], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        for _ in range(3)
    ]
    (server,) = {int(run.stdout.readline()) for run in runs}
    for run in runs:
        run.communicate("")
        assert run.returncode == 0
    wait_until(lambda: not alive(server))


def test_a_folder_that_others_can_write_is_refused(own_folder):
    folder = own_folder / f"autograder-{os.getuid()}"
    folder.mkdir()
    folder.chmod(0o777)
    with pytest.raises(AutograderError, match=f"has to be yours alone.*{folder.name}"):
        light()


def test_a_level_that_cannot_be_had_is_refused_as_before(own_folder):
    with pytest.raises(IsolationError, match=r"the levels are .* \(got locked\)"):
        lease(warm=LIGHT, level="locked")
    wait_until(lambda: not doors(own_folder))


def test_a_server_that_cannot_start_says_why():
    before = time.monotonic()
    with pytest.raises(AutograderError, match="no_such_module"):
        lease(warm=("no_such_module",), level=PROCESS)
    assert time.monotonic() - before < 60


def test_nothing_is_left_where_holders_were(own_folder):
    with light(), pytest.raises(AutograderError, match="no_such_module"):
        lease(warm=("no_such_module",), level=PROCESS)
    wait_until(lambda: not list(own_folder.glob("autograder-*")))
