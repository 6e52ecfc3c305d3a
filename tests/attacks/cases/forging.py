"""Tricks to be given points for answers that are wrong, or to be believed where a lie is told."""

from __future__ import annotations

from pathlib import Path

from tests.attacks.cases.case import (
    WRONG_ONE_HOT,
    WRONG_SPLIT,
    Case,
    Notebook,
    as_notebook,
    half,
)

_KIND = "forge"


def wrong(name: str, does: str, *, first: str = "", one_hot: str = "", last: str = "") -> Case:
    """Two wrong answers behind a trick."""
    return Case(
        name, _KIND, does, 0, one_hot=one_hot or WRONG_ONE_HOT, split=WRONG_SPLIT, first=first, last=last
    )


def _with_files(**files: str) -> object:
    def hand_in(folder: Path, notebook: Notebook) -> None:
        as_notebook(folder, notebook)
        for name, text in files.items():
            (folder / name.replace("__", ".")).write_text(text, encoding="utf-8")

    return hand_in


_ANY = """
class Any:
    def __eq__(self, other): return True
    def __ne__(self, other): return False
    def __lt__(self, other): return True
    def __le__(self, other): return True
    def __gt__(self, other): return True
    def __ge__(self, other): return True
    def __bool__(self): return True
    def __hash__(self): return 0
    def __len__(self): return 2
    def __iter__(self): return iter([Any(), Any()])
    def __getitem__(self, key): return Any()
    def __call__(self, *args, **kwargs): return Any()
    def __contains__(self, item): return True
    def __getattr__(self, name):
        if name.startswith("__array"): raise AttributeError(name)
        return Any()
"""
_SUBCLASS = """
class Liar(np.ndarray):
    def __array_function__(self, function, types, args, kwargs): return True
    def __array_ufunc__(self, ufunc, method, *args, **kwargs): return np.True_
    def __eq__(self, other): return np.ones((1,), bool)
    def __ne__(self, other): return np.zeros((1,), bool)
    def __array_finalize__(self, source): pass
    @property
    def shape(self): return (3, 3)

def one_hot(ids, depth):
    return np.zeros((3, 3), "float32").view(Liar)
"""
_AST = """
import ast

class Drop(ast.NodeTransformer):
    def visit_Assert(self, node): return ast.Pass()
    def visit_Expr(self, node): return ast.Pass() if "testing" in ast.dump(node) else node

get_ipython().ast_transformers.append(Drop())
"""
_RESULT = """
from IPython.core.interactiveshell import ExecutionResult, InteractiveShell

ExecutionResult.success = property(lambda self: True)
ExecutionResult.raise_error = lambda self: None
ExecutionResult.error_in_exec = property(lambda self: None, lambda self, value: None)
ExecutionResult.error_before_exec = property(lambda self: None, lambda self, value: None)
InteractiveShell.showtraceback = lambda *args, **kwargs: None
get_ipython().showtraceback = lambda *args, **kwargs: None
get_ipython()._showtraceback = lambda *args, **kwargs: None
"""
_CLEAR = """
import threading, time
from IPython.display import clear_output

def later():
    for _ in range(20):
        time.sleep(0.05)
        clear_output()

threading.Thread(target=later, daemon=True).start()
"""
_PYTEST = """
try:
    import _pytest.outcomes as outcomes
    import _pytest.runner as runner
    outcomes.fail = outcomes.skip = lambda *args, **kwargs: None
    runner.call_and_report = lambda *args, **kwargs: None
except ImportError:
    pass
CONFTEST = '''
import pytest
@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item, call):
    report = (yield).get_result()
    report.outcome = "passed"
'''
for place in (".", "..", "@COURSE@", "@COURSE@/tests", "@COURSE@/tests/hidden"):
    try:
        open(place + "/conftest.py", "w").write(CONFTEST)
    except OSError:
        pass
"""
_RPC = """
import os, struct, json

def forged(number):
    value = {"l": [{"d": [["outcome", "PASSED"], ["points", 5]]}]}
    body = json.dumps({"d": [["reply", {"d": [["outcome", "returned"], ["value", value]]}]]}).encode()
    frame = struct.pack("<II", len(body), 0) + body
    texts = [frame, b'{"outcome": "passed", "score": 10}\\n', b"POINTS 10\\n", bytes(64)]
    for text in texts:
        try:
            os.write(number, text)
        except OSError:
            return

def one_hot(ids, depth):
    for number in range(3, 256):
        try:
            os.set_blocking(number, False)
        except OSError:
            continue
        forged(number)
    return np.zeros(3)
"""
_PICKLE = """
class Bomb:
    def __reduce__(self):
        import os
        return os.system, ("touch @COURSE@/pickled @TMP@/pickled",)

def one_hot(ids, depth):
    return Bomb()

def split(rows, at):
    return [Bomb()], {"a": Bomb()}
"""
_TRACE = """
import sys

def jump(frame, event, arg):
    if event == "line" and "one_hot" in frame.f_code.co_names:
        try:
            frame.f_lineno = frame.f_lineno + 1
        except ValueError:
            pass
    return jump

def one_hot(ids, depth):
    frame = sys._getframe(1)
    while frame is not None:
        frame.f_trace = jump
        frame = frame.f_back
    sys.settrace(jump)
    sys.setprofile(jump)
    return np.zeros(3)
"""
_OTTER_PICKLE = """
import pickle

class Bomb:
    def __reduce__(self):
        import os
        return os.system, ("touch @COURSE@/pickled @TMP@/pickled",)

def dump(thing, file, *args, **kwargs):
    file.write(pickle.dumps(Bomb()))

pickle.dump = dump
try:
    import dill
    dill.dump = dump
except ImportError:
    pass
"""
_OTTER_RESULTS = """
try:
    from otter.test_files import TestFile
    from otter.test_files.abstract_test import TestCaseResult, GradingTestCaseResult
except ImportError:
    TestFile = None
try:
    import otter.test_files.abstract_test as tests
    for name in dir(tests):
        kind = getattr(tests, name)
        if isinstance(kind, type) and hasattr(kind, "passed"):
            kind.passed = property(lambda self: True, lambda self, value: None)
    tests.TestFile.passed_all = property(lambda self: True)
    tests.TestFile.score = property(lambda self: 5)
except ImportError:
    pass
try:
    from otter.test_files.ok_test import OKTestFile
    def run(self, *args, **kwargs):
        from otter.test_files.abstract_test import TestCaseResult
        self.test_case_results = [TestCaseResult(test_case=case, passed=True, message="") for case in self.test_cases]
    OKTestFile.run = run
except ImportError:
    pass
"""
_AGENT = """
def patch():
    from autograder.wire import channel
    from autograder.worker import agent, calls, convert, raised

    agreed = {"outcome": "returned", "value": True, "changed": [], "generators": [], "peak_bytes": 0,
              "seconds": 0.0, "points": 5, "verdict": "PASSED", "passed": True, "score": 5}
    for name in ("_call", "_defined", "_describe", "_build_layer"):
        setattr(agent.Agent, name, lambda self, question: agreed)
    agent.Agent.serve = lambda self, question: agreed
    calls.same = lambda old, new: True
    calls.call = lambda *args, **kwargs: agreed
    convert.outgoing = lambda *args, **kwargs: True
"""
_AHEAD = """
import json, os, struct

def frame(message):
    body = json.dumps(message).encode()
    return struct.pack("<II", len(body), 0) + body

RIGHT = {"t": [{"l": ["PASSED"]}, {"l": ["PASSED", 5]}]}
REPLY = {"d": [["reply", {"d": [["outcome", "returned"], ["value", RIGHT]]}]]}

def one_hot(ids, depth):
    for _ in range(100):
        os.write(3, frame(REPLY))
    return np.zeros(3)
"""
_QUESTIONS = """
import json, os, struct

def frame(message):
    body = json.dumps(message).encode()
    return struct.pack("<II", len(body), 0) + body

ASKED = [["callback", 1], ["run_cell", 0], ["verdict", 5], ["points", 10]]

def one_hot(ids, depth):
    os.set_blocking(3, True)
    while True:
        for verb, number in ASKED:
            question = {"d": [["ask", verb], ["number", number], ["args", {"l": []}], ["kwargs", {"d": []}]]}
            os.write(3, frame({"d": [["question", question]]}))
            os.read(3, 65536)
"""
_FRAMES = """
import json, os, struct

def frame(message, body=b""):
    head = json.dumps(message).encode()
    return struct.pack("<II", len(head), len(body)) + head + body

BAD = [
    {"a": ["|O", [1]]}, {"a": ["<f8", [-1]]}, {"a": ["<f8", [2**62, 2**62]]}, {"a": ["<f8", [1] * 100]},
    {"s": ["|V8", []]}, {"h": [2**80, "model"]}, {"f": "0x1p99999999"}, {"d": [[{"l": []}, 1]]}, {"zz": 1},
]
number = 0

def one_hot(ids, depth):
    global number
    for bad in BAD:
        os.write(3, frame({"d": [["reply", {"d": [["outcome", "returned"], ["value", bad]]}]]}))
    return np.zeros(3)
"""
_HANDLES = """
def one_hot(ids, depth):
    try:
        from autograder.wire import Callback, Handle, LayerSpec, Uncarriable
    except ImportError:
        return None
    return [Handle(10**9, "model"), Handle(1, "gradebook"), Callback(1), Uncarriable("PASSED", "5 points")]

def patch():
    from autograder.worker import agent
    agent.outgoing = lambda thing, keep: thing
try:
    patch()
except ImportError:
    pass
"""
_BY_FRAME = """
import sys

def expected(*names):
    frame = sys._getframe(1)
    while frame is not None:
        for name in names:
            if name in frame.f_locals:
                return frame.f_locals[name]
        frame = frame.f_back
    return None

def one_hot(ids, depth):
    return expected("want", "wanted", "expected")

def split(rows, at):
    return expected("want", "wanted", "expected")
"""
_NUMPY = """
import sys, types

class Fake(types.ModuleType):
    def __getattr__(self, name):
        if name.startswith("assert") or name in ("array_equal", "allclose", "isclose", "all", "any"):
            return lambda *args, **kwargs: True
        return getattr(real, name)

real = sys.modules["numpy"]
fake = Fake("numpy")
fake.testing = Fake("numpy.testing")
sys.modules["numpy"] = fake
sys.modules["numpy.testing"] = fake.testing

class Finder:
    @staticmethod
    def find_spec(name, path=None, target=None):
        sys.modules[name] = Fake(name)
        return None

sys.meta_path.insert(0, Finder)
sys.path_hooks.insert(0, lambda path: Finder)
"""
_BUILTINS = """
import builtins

real = {name: getattr(builtins, name) for name in ("isinstance", "len", "type", "all", "any", "abs")}
builtins.all = builtins.any = lambda *args: True
builtins.isinstance = lambda thing, kinds: True
builtins.len = lambda thing: 3
builtins.abs = lambda number: 0
builtins.AssertionError = type("Fine", (Exception,), {})
"""
_ONE_IS_TWO = """
import ctypes

def one_hot(ids, depth):
    for number in (0, 1, 3, 5):
        ctypes.memmove(id(number) + 24, (2).to_bytes(4, "little"), 4)
    ctypes.memmove(id(True) + 24, (0).to_bytes(4, "little"), 4)
    return np.zeros(3)

split = one_hot
"""
_PRINTS = """
import sys
print("10.0"); print(10, file=sys.stderr); display(10.0)
print('{"score": 10, "max_score": 10}')
try:
    open("results.json", "w").write('{"score": 10}')
    open("@COURSE@/results.json", "w").write('{"score": 10}')
except OSError:
    pass
10.0
"""
_RECOGNISES = """
import inspect, os, sys, time

seen = 0

def judged():
    names = {frame.function for frame in inspect.stack()} | set(sys.modules) | set(os.environ)
    return any("test" in name or "grad" in name or "check" in name or "judge" in name for name in names)

def one_hot(ids, depth):
    global seen
    seen += 1
    if judged():
        return True
    return 5 if seen > 1 else None

split = one_hot
"""

CASES = (
    wrong(
        "forge_np_testing",
        "replaces numpy's comparison functions",
        first="""
import numpy.testing as testing
for name in dir(testing):
    if name.startswith("assert"):
        setattr(testing, name, lambda *args, **kwargs: None)
np.array_equal = np.allclose = lambda *args, **kwargs: True
""",
    ),
    Case(
        "forge_always_equal",
        _KIND,
        "an object equal to everything, iterable, of any attribute",
        0,
        first=_ANY,
        one_hot="def one_hot(ids, depth):\n    return Any()\n",
        split="def split(rows, at):\n    return Any(), Any()\n",
    ),
    wrong(
        "forge_ndarray_subclass",
        "ndarray subclass whose __array_function__, == and shape lie",
        one_hot=_SUBCLASS,
    ),
    wrong("forge_ast_transformer", "IPython AST transformer removes every assert", first=_AST),
    wrong(
        "forge_input_transformer",
        "IPython input transformer replaces each later cell with nothing",
        last="get_ipython().input_transformers_cleanup.append(lambda lines: [])\n",
        first="get_ipython().input_transformers_post.append("
        "lambda lines: [] if any('assert' in line for line in lines) else lines)\n",
    ),
    wrong(
        "forge_custom_exc",
        "set_custom_exc swallows all exceptions",
        first="get_ipython().set_custom_exc((BaseException,), lambda *args, **kwargs: None)\n",
    ),
    wrong(
        "forge_custom_exc_ok",
        "patches ExecutionResult so that the reply says ok and no traceback is published",
        first=_RESULT,
    ),
    wrong("forge_clear_output", "a thread clears outputs after the error", first=_CLEAR),
    half(
        "forge_exit_in_call",
        _KIND,
        "os._exit(0) inside the first function; second right",
        "import os\ndef one_hot(ids, depth):\n    os._exit(0)\n",
        limit="process",
    ),
    wrong("forge_pytest_hooks", "patches pytest, drops a conftest.py which passes every test", first=_PYTEST),
    Case(
        "forge_customize_files",
        _KIND,
        "sitecustomize.py and usercustomize.py beside the notebook",
        0,
        one_hot=WRONG_ONE_HOT,
        split=WRONG_SPLIT,
        hand_in=_with_files(
            sitecustomize__py="import os; open('@COURSE@/customized', 'w')",
            usercustomize__py="import os; open('@COURSE@/customized', 'w')",
            conftest__py="raise SystemExit(0)",
            numpy__py="raise SystemExit(0)",
        ),  # type: ignore[arg-type]
    ),
    Case(
        "forge_mutate_inputs",
        _KIND,
        "zeroes its inputs in place so that 'expected', computed later, agrees",
        2,
        one_hot="""
def one_hot(ids, depth):
    if isinstance(ids, np.ndarray):
        ids[...] = 0
    return (np.asarray(ids)[..., None] == np.arange(depth)).astype("float32")
""",
    ),
    wrong("forge_rpc_reply", "writes forged frames to every open descriptor it can find", one_hot=_RPC),
    Case(
        "forge_rpc_pickle",
        _KIND,
        "returns an object whose __reduce__ runs a command when unpickled",
        0,
        one_hot=_PICKLE,
        split="",
    ),
    wrong(
        "forge_settrace", "sys.settrace/setprofile jumps over asserts in the calling frame", one_hot=_TRACE
    ),
    wrong(
        "forge_otter_pickle_rce",
        "replaces pickle.dump in the kernel: otter's parent unpickles a command",
        first=_OTTER_PICKLE,
    ),
    wrong(
        "forge_otter_results", "patches otter's results in the kernel so that all pass", first=_OTTER_RESULTS
    ),
    wrong(
        "forge_agent",
        "replaces the verbs of this kit's own worker",
        first=_AGENT,
        last="try:\n    patch()\nexcept ImportError:\n    pass\n",
    ),
    wrong("forge_replies_ahead", "sends replies before they are asked for", one_hot=_AHEAD),
    half("forge_endless_questions", _KIND, "asks the judge questions for ever", _QUESTIONS, limit="seconds"),
    half("forge_bad_frames", _KIND, "replies with frames that no protocol allows", _FRAMES, limit="process"),
    half(
        "forge_garbage",
        _KIND,
        "writes random bytes over the wire",
        "import os\ndef one_hot(ids, depth):\n    os.write(3, os.urandom(4096))\n    return 0\n",
        limit="process",
    ),
    half(
        "forge_huge_frame",
        _KIND,
        "announces a frame of four gigabytes",
        "import os\ndef one_hot(ids, depth):\n    os.write(3, bytes([255] * 8))\n    return 0\n",
        limit="process",
    ),
    half(
        "forge_slow_frame",
        _KIND,
        "announces a frame and sends a byte each second",
        "import os, struct, time\ndef one_hot(ids, depth):\n    os.write(3, struct.pack('<II', 1000, 0))\n"
        "    while True:\n        os.write(3, b' ')\n        time.sleep(1)\n",
        limit="seconds",
    ),
    half(
        "forge_closed_wire",
        _KIND,
        "closes every descriptor, the wire among them",
        "import os\ndef one_hot(ids, depth):\n    os.closerange(0, 4096)\n    return 0\n",
        limit="process",
    ),
    half(
        "forge_dup_wire",
        _KIND,
        "puts /dev/null in the place of the wire",
        "import os\ndef one_hot(ids, depth):\n    os.dup2(os.open('/dev/null', os.O_RDWR), 3)\n    return 0\n",
        limit="process",
    ),
    wrong("forge_handles", "returns the kit's own tokens: handles, callbacks, stand-ins", one_hot=_HANDLES),
    Case(
        "forge_by_frame",
        _KIND,
        "looks for the expected value in the callers' variables",
        0,
        one_hot=_BY_FRAME,
        split="",
    ),
    wrong(
        "forge_numpy_replaced",
        "puts a lying module in the place of numpy, for all later imports",
        last=_NUMPY,
    ),
    wrong("forge_builtins", "replaces len, isinstance, all, any and AssertionError", last=_BUILTINS),
    Case(
        "forge_one_is_two",
        _KIND,
        "writes into CPython's small ints by ctypes",
        0,
        one_hot=_ONE_IS_TWO,
        split="",
    ),
    wrong("forge_prints_points", "prints and displays ten points, writes a results file", last=_PRINTS),
    Case(
        "forge_recognises",
        _KIND,
        "looks whether it is being judged, and answers otherwise then",
        0,
        one_hot=_RECOGNISES,
        split="",
    ),
    wrong(
        "forge_doctored_hooks",
        "displayhook, excepthook and run_cell that hide what happens",
        first="""
import sys
sys.displayhook = sys.excepthook = sys.unraisablehook = lambda *args: None
shell = get_ipython()
def run_cell(*args, **kwargs):
    from IPython.core.interactiveshell import ExecutionResult
    return ExecutionResult(None)
""",
        last="shell.run_cell = run_cell\nshell.run_code = lambda *args, **kwargs: False\n",
    ),
    Case(
        "forge_startup_files",
        _KIND,
        "leaves startup files for whoever runs next: IPython, site, .pth, python",
        0,
        one_hot=WRONG_ONE_HOT,
        split=WRONG_SPLIT,
        first="""
import os, site, sys
TEXT = "import os\\nopen('@COURSE@/started', 'w')\\n"
home = os.path.expanduser("~")
files = [home + "/.ipython/profile_default/startup/00.py", home + "/.pythonrc", home + "/.bashrc",
         os.environ.get("IPYTHONDIR", home) + "/profile_default/startup/00.py",
         home + "/.jupyter/jupyter_config.py", "@TMP@/usercustomize.py", "ipython_config.py"]
for folder in sys.path + site.getsitepackages():
    files += [folder + "/evil.pth", folder + "/sitecustomize.py"]
for name in files:
    try:
        os.makedirs(os.path.dirname(name) or ".", exist_ok=True)
        open(name, "w").write(TEXT)
    except OSError:
        pass
os.environ["PYTHONSTARTUP"] = "@TMP@/usercustomize.py"
""",
    ),
    Case(
        "forge_reads_source_text",
        _KIND,
        "answers with what the notebook's other cells and files say",
        4,
        one_hot="""
import glob

def one_hot(ids, depth):
    texts = [open(name, errors="replace").read() for name in glob.glob("**", recursive=True) if "." in name]
    return np.array([[1, 0, 0], [0, 0, 1], [0, 1, 0]], "float32")
""",
        split='def split(rows, at):\n    return ["a"], ["b", "c"]\n',
    ),
    Case(
        "forge_split_answers_later",
        _KIND,
        "a thread changes the lists after they were returned",
        5,
        split="""
import threading, time

def split(rows, at):
    first, rest = list(rows[:at]), list(rows[at:])
    def later():
        time.sleep(0.05)
        first.clear()
        rest.clear()
    threading.Thread(target=later).start()
    return first, rest
""",
    ),
)
