"""Nothing of the course is on the student's side: not in its memory, environment, arguments or open files.

These tests hold what the worker is *given*, at every level; what it could reach is in test_sandbox.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

import autograder

REPOSITORY = Path(autograder.__file__).resolve().parent.parent
FORBIDDEN_MODULES = ("solutions", "tests", "autograder.checking", "autograder.grading", "autograder.reviews")


def ask_python(session, expression: str):
    """The value of an expression in the worker, as JSON."""
    setup = "import gc, json, os, sys\ndef answer():\n    return json.dumps(" + expression + ")"
    session.cell(setup)
    return json.loads(session.call("answer")["value"])


def without_interpreter(text: str) -> str:
    """The text with the interpreter's own folder taken out: in development it lies in the repository."""
    for folder in {sys.prefix, str(Path(sys.prefix).resolve())}:
        text = text.replace(folder, "")
    return text


@pytest.fixture(params=["session", "keras_session"])
def any_session(request, level):  # noqa: ARG001 - what is asked for below runs at this level
    return request.getfixturevalue(request.param)


def test_the_environment_is_made_from_nothing(any_session):
    environment = ask_python(any_session, "dict(os.environ)")
    allowed = {
        "PATH LANG HOME TMPDIR MPLCONFIGDIR MPLBACKEND IPYTHONDIR KERAS_HOME KERAS_BACKEND OMP_NUM_THREADS",
        "CUDA_VISIBLE_DEVICES TF_CPP_MIN_LOG_LEVEL TF_NUM_INTRAOP_THREADS TF_NUM_INTEROP_THREADS",
        "OPENBLAS_NUM_THREADS PYTHONDONTWRITEBYTECODE PYTHONNOUSERSITE PYTHONHASHSEED",
        # set by IPython, TensorFlow and Keras themselves
        "TF2_BEHAVIOR TPU_ML_PLATFORM TPU_ML_PLATFORM_VERSION HDF5_PLUGIN_PATH KMP_INIT_AT_FORK",
        "KMP_DUPLICATE_LIB_OK LC_CTYPE ENABLE_RUNTIME_UPTIME_TELEMETRY",
    }
    unknown = set(environment) - set(" ".join(allowed).split())
    assert unknown == set()
    assert str(REPOSITORY) not in without_interpreter(json.dumps(environment))


def test_a_variable_of_ours_does_not_cross(tmp_path, monkeypatch):
    from autograder.worker.launcher import WarmServer, hire

    monkeypatch.setenv("COURSE_SECRET", "swordfish")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    (tmp_path / "solutions.py").write_text("answer = 1")
    question = {"ask": "run_cell", "name": "c", "source": "import solutions", "seconds": 5.0}
    with WarmServer.start(("numpy",)) as server, hire(server.address) as worker:
        status = Path(f"/proc/{worker.pid}/environ").read_text()
        error = worker.ask(question, lambda _: {}, 10.0)["error"]
    assert "swordfish" not in status
    assert str(tmp_path) not in status
    assert error["type"] == "ModuleNotFoundError"


@pytest.mark.parametrize("name", ["COURSE", "submitted", "hidden", "gradebook", "release"])
def test_arguments_name_no_course(session, name):
    line = Path(f"/proc/{session.worker.pid}/cmdline").read_text()
    assert "server.py" in line
    assert name not in line
    assert str(REPOSITORY) not in without_interpreter(line)


def test_the_wire_is_the_only_open_descriptor_beside_dev_null(any_session):
    opened = ask_python(
        any_session,
        "{n: os.readlink(f'/proc/self/fd/{n}') for n in os.listdir('/proc/self/fd')"
        " if os.path.lexists(f'/proc/self/fd/{n}')}",
    )
    kinds = {int(number): target for number, target in opened.items()}
    assert all(kinds.pop(number) == "/dev/null" for number in (0, 1, 2))
    sockets = [target for target in kinds.values() if target.startswith("socket:")]
    assert len(sockets) == 1
    # TensorFlow's and asyncio's own are anonymous; nothing else with a name on the disk is open
    rest = [target for target in kinds.values() if target.startswith("/") and not target.startswith("/proc")]
    assert rest == []


def test_the_path_holds_no_course(any_session):
    path = ask_python(any_session, "sys.path")
    assert path[0] == ""
    assert str(REPOSITORY) not in path
    for folder in filter(None, path):
        assert not (Path(folder) / "solutions").exists()
        assert not (Path(folder) / "tests" / "hidden").exists()


@pytest.mark.parametrize("name", FORBIDDEN_MODULES)
def test_the_judges_rooms_cannot_be_imported(session, name):
    assert session.cell(f"import {name}")["error"]["type"] == "ModuleNotFoundError"


def test_no_module_of_the_judge_is_loaded(any_session):
    loaded = ask_python(any_session, "sorted(sys.modules)")
    ours = [name for name in loaded if name.split(".")[0] in ("autograder", "solutions", "tests", "conftest")]
    assert ours
    rooms = {".".join(name.split(".")[:2]) for name in ours}
    assert rooms == {"autograder", "autograder.errors", "autograder.wire", "autograder.worker"}
    assert "autograder.worker.launcher" not in loaded
    assert not {"nbgrader", "pytest", "_pytest"} & set(loaded)


def test_only_the_wire_and_the_worker_are_staged(session):
    staged = ask_python(
        session,
        "sorted(os.path.relpath(os.path.join(d, f), sys.path[1])"
        " for d, _, fs in os.walk(sys.path[1]) for f in fs)",
    )
    rooms = {Path(name).parent.name for name in staged}
    assert rooms == {"autograder", "wire", "worker"}
    assert not {"autograder/worker/launcher.py", "autograder/worker/staging.py"} & set(staged)
    assert {Path(name).name for name in staged if Path(name).parent.name == "autograder"} == {
        "__init__.py",
        "errors.py",
    }


def test_no_object_in_memory_names_the_repository(session):
    source = """
import gc, sys
def strings():
    seen, waiting, found = set(), [gc.get_objects()], set()
    while waiting:
        for thing in waiting.pop():
            if id(thing) in seen:
                continue
            seen.add(id(thing))
            if type(thing) is str:
                found.add(thing)
            elif type(thing) in (dict, list, tuple, set, frozenset):
                waiting.append(list(thing.items()) if type(thing) is dict else list(thing))
            elif hasattr(thing, "co_filename"):
                waiting.append([thing.co_filename, *thing.co_consts])
            else:
                waiting.append(gc.get_referents(thing))
    return found
def naming(backwards):
    needle = backwards[::-1]
    return sorted(text[:200] for text in strings() if needle in text and text is not needle)
"""
    assert session.cell(source)["outcome"] == "ok"
    found = session.call("naming", str(REPOSITORY)[::-1], seconds=60.0)["value"]
    assert [text for text in found if str(REPOSITORY) in without_interpreter(text)] == []


def test_the_scratch_folder_is_home_and_private_and_goes_with_the_worker(light_server):
    from autograder.worker.launcher import hire

    with hire(light_server.address) as worker:
        source = (
            "import os, tempfile\nprint(os.getcwd(), os.path.expanduser('~'), tempfile.gettempdir())\n"
            "print(oct(os.stat('.').st_mode & 0o777))"
        )
        question = {"ask": "run_cell", "name": "c", "source": source, "seconds": 5.0}
        words = worker.ask(question, lambda _: {}, 10.0)["outputs"][0]["text"].split()
        assert words == [str(worker.scratch)] * 3 + ["0o700"]
    assert not worker.scratch.exists()


def test_one_students_names_and_files_are_not_the_next_ones(light_server):
    from autograder.worker.launcher import hire

    def run(worker, source):
        question = {"ask": "run_cell", "name": "c", "source": source, "seconds": 5.0}
        return worker.ask(question, lambda _: {}, 10.0)["error"]

    with hire(light_server.address) as first:
        change = "import numpy, builtins\nx = 1\nnumpy.eye = builtins.sorted = None\nopen('f', 'w').close()"
        assert run(first, change) is None
        with hire(light_server.address) as second:
            assert run(second, "import numpy, os\nassert sorted([1]) == [1] and numpy.eye(1) == 1") is None
            assert run(second, "assert not os.path.exists('f')") is None
            assert run(second, "x")["type"] == "NameError"


def test_the_server_has_one_thread_and_holds_only_its_own_descriptors(keras_server):
    server = keras_server.pid
    assert len(list(Path(f"/proc/{server}/task").iterdir())) == 1
    names = {str(entry.readlink()) for entry in Path(f"/proc/{server}/fd").iterdir()}
    folder = str(keras_server.address.parent)
    assert {name for name in names if not name.startswith(("socket:", "/dev/", folder))} == set()
