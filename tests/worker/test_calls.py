"""One call of a student's function: what it returned, raised, changed and used."""

from __future__ import annotations

import numpy as np
import pytest

from autograder.wire import Callback, Uncarriable


def test_a_call_returns_the_functions_value(session):
    session.cell("import numpy as np\ndef one_hot(ids, depth):\n    return np.eye(depth, dtype='f4')[ids]")
    reply = session.call("one_hot", np.array([2, 0]), 3)
    assert reply["outcome"] == "returned"
    assert reply["value"].dtype == np.float32
    assert reply["value"].tolist() == [[0, 0, 1], [1, 0, 0]]
    assert reply["changed"] == []
    assert reply["peak_bytes"] is None
    assert reply["seconds"] >= 0


def test_arguments_are_given_by_keyword_too(session):
    session.cell("def f(a, b=2, *, c=3):\n    return [a, b, c]")
    assert session.call("f", 1, kwargs={"c": 5})["value"] == [1, 2, 5]


def test_what_is_not_there_or_not_callable_is_missing(session):
    session.cell("one_hot = 3")
    assert session.call("one_hot") == {"outcome": "missing"}
    assert session.call("multi_hot") == {"outcome": "missing"}


@pytest.mark.parametrize(
    ("body", "kind", "ancestors"),
    [
        ("raise ValueError('secret 17')", "ValueError", ["ValueError", "Exception", "BaseException"]),
        ("raise Mine('secret 17')", "Mine", ["ValueError", "Exception", "BaseException"]),
        ("raise KeyboardInterrupt", "KeyboardInterrupt", ["KeyboardInterrupt", "BaseException"]),
        ("sys.exit('secret 17')", "SystemExit", ["SystemExit", "BaseException"]),
        ("raise MemoryError", "MemoryError", ["MemoryError", "Exception", "BaseException"]),
        ("raise Fake", "ValueError", ["Exception", "BaseException"]),
    ],
)
def test_an_exception_is_told_by_type_and_line_never_by_text(session, body, kind, ancestors):
    setup = "import sys\nclass Mine(ValueError): pass\nFake = type('ValueError', (Exception,), {})\n"
    session.cell(f"{setup}def f(hidden):\n    {body}\n", "f")
    reply = session.call("f", 17)
    assert reply == {
        "outcome": "raised",
        "type": kind,
        "builtin": kind == ancestors[0],
        "ancestors": ancestors,
        "cell": "f",
        "line": 5,
        "text": body,
    }


def test_the_line_is_the_students_own_also_below_numpy_and_helpers(session):
    session.cell("def helper(x):\n    return np.reshape(x, (7, 7))", "helpers")
    session.cell("import numpy as np\ndef f(x):\n    return helper(x)", "f")
    reply = session.call("f", np.ones(3))
    assert (reply["cell"], reply["line"], reply["text"]) == ("helpers", 2, "return np.reshape(x, (7, 7))")


def test_endless_recursion_is_raised(session):
    session.cell("def f(n):\n    return f(n + 1)", "f")
    reply = session.call("f", 0)
    assert (reply["type"], reply["cell"], reply["line"]) == ("RecursionError", "f", 2)


def test_a_call_that_does_not_end_times_out_and_the_worker_lives(session):
    session.cell("def f():\n    while True: pass\ndef g(): return 1")
    assert session.call("f", seconds=0.3) == {"outcome": "timed_out"}
    assert session.call("g")["value"] == 1


def test_a_limit_of_one_call_leaves_the_next_alone(session):
    session.cell("import time\ndef f(): return 1\ndef slow(): time.sleep(0.4); return 2")
    session.call("f", seconds=0.2)
    assert session.call("slow", seconds=10.0)["value"] == 2


def test_changed_arguments_are_named(session):
    session.cell(
        "def f(ids, table, n, rest):\n    ids.append(4); table[0] = 9; rest['a'].append(1)\n"
        "def g(*rows, **more):\n    rows[1][0] = 5; more['late'][0] = 6\n"
        "def quiet(x):\n    return [x, x.copy()]\n"
    )
    assert session.call("f", [1], np.zeros(3), 2, {"a": []})["changed"] == ["ids", "table", "rest"]
    assert session.call("g", [1], [2], kwargs={"late": [3]})["changed"] == ["argument 2", "late"]
    assert session.call("quiet", np.array([np.nan, -0.0]))["changed"] == []


def test_a_change_of_type_order_or_dtype_is_a_change(session):
    session.cell(
        "def to_float(x): x[0] = 1.0\n"
        "def reorder(d): d['a'] = d.pop('a')\n"
        "def reshape(x): x.shape = (2, 1)\n"
        "def replace(x): x[0] = Liar()\n"
        "class Liar:\n    def __eq__(self, other): return True\n"
    )
    assert session.call("to_float", [1])["changed"] == ["x"]
    assert session.call("reorder", {"a": 1, "b": 2})["changed"] == ["d"]
    assert session.call("replace", [1])["changed"] == ["x"]


def test_the_returned_value_is_taken_after_the_call_not_later(session):
    session.cell(
        "import threading, time\nshared = [0]\n"
        "def f():\n    threading.Timer(0.2, shared.append, [9]).start()\n    return shared\n"
    )
    assert session.call("f")["value"] == [0]


def test_peak_memory_counts_what_the_call_allocates(session):
    session.cell(
        "import numpy as np\n"
        "def frugal():\n    return np.ones(1_000_000, 'f4')\n"
        "def greedy():\n    return np.ones(10_000_000, 'f8').astype('f4')[:10].copy()\n"
        "def constant(x):\n    return x[:1].copy()\n"
    )
    peak = [session.call(name, measure_memory=True)["peak_bytes"] for name in ("frugal", "greedy")]
    assert 4_000_000 <= peak[0] < 4_200_000
    assert 119_000_000 < peak[1] < 130_000_000
    big = session.call("constant", np.ones(10_000_000, "f4"), measure_memory=True)["peak_bytes"]
    assert big < 100_000


def test_a_seed_decides_the_global_generators(session):
    session.cell("import random, numpy as np\ndef f():\n    return [random.random(), np.random.rand()]")
    first, second = session.call("f", seed=5)["value"], session.call("f", seed=6)["value"]
    assert first != second
    assert session.call("f", seed=5)["value"] == first


def test_the_order_of_a_set_is_the_same_in_every_server(light_server):
    from autograder.worker.launcher import WarmServer, hire

    cell = {"ask": "run_cell", "name": "c", "source": "list({'good', 'bad', 'ugly', 'film'})", "seconds": 5.0}
    shown = []
    with WarmServer.start(("numpy",)) as other:
        for server in (light_server, other):
            with hire(server.address) as worker:
                shown.append(worker.ask(cell, lambda _: {}, 10.0)["outputs"][0]["data"])
    assert shown[0] == shown[1]


def test_a_callback_is_called_with_its_values_and_gives_one(session):
    session.cell("def f(lstm, x):\n    return [lstm(x, scale=n) for n in (1, 2)]")
    session.callbacks[7] = lambda x, scale: x * scale
    value = session.call("f", Callback(7), np.array([1.0, 2.0]))["value"]
    assert [row.tolist() for row in value] == [[1.0, 2.0], [2.0, 4.0]]


def test_a_callback_may_call_the_worker_again(session):
    session.cell("def outer(judge):\n    return judge(3) + 1\ndef inner(n):\n    return n * 10")
    session.callbacks[1] = lambda n: session.call("inner", n)["value"]
    assert session.call("outer", Callback(1))["value"] == 31


def test_an_error_of_a_callback_is_raised_in_the_students_code(session):
    session.cell(
        "def f(judge):\n    try:\n        judge(1)\n    except ValueError as error:\n"
        "        return str(error)"
    )

    def refuse(_):
        raise ValueError("a negative id")

    session.callbacks[1] = refuse
    assert session.call("f", Callback(1))["value"] == "a negative id"


def test_a_call_that_times_out_between_callbacks_leaves_the_wire_whole(session):
    session.cell("def f(judge):\n    while True:\n        judge(1)\ndef g(): return 2")
    session.callbacks[1] = lambda n: n
    assert session.call("f", Callback(1), seconds=0.3) == {"outcome": "timed_out"}
    assert session.call("g")["value"] == 2


def test_a_callback_used_by_a_thread_is_refused(session):
    session.cell(
        "import threading\nerrors = []\n"
        "def threaded(judge):\n"
        "    def work():\n"
        "        try: judge(1)\n"
        "        except RuntimeError: errors.append('refused')\n"
        "    thread = threading.Thread(target=work); thread.start(); thread.join()\n"
        "    return errors\n"
    )
    session.callbacks[1] = lambda n: n
    assert session.call("threaded", Callback(1))["value"] == ["refused"]


def test_prints_of_a_call_go_nowhere(session):
    session.cell("import os, sys\ndef f():\n    print('x' * 10**6); os.write(1, b'raw'); return 1")
    assert session.call("f")["value"] == 1


def test_values_that_cannot_cross_arrive_by_name(session):
    session.cell(
        "class Film: pass\n"
        "def f():\n    return [{1}, (n for n in range(3)), Film(), b'x', None, {'a': 1}.keys(), len, 1j]"
    )
    value = session.call("f")["value"]
    names = [item.type_name for item in value if type(item) is Uncarriable]
    assert names == [
        "set",
        "generator",
        "Film",
        "bytes",
        "dict_keys",
        "builtin_function_or_method",
        "complex",
    ]
    assert value[4] is None


def test_a_lazy_value_that_never_ends_times_out(session):
    session.cell(
        "class Lazy(list):\n    def __iter__(self):\n        while True: yield 1\n"
        "def honest(): return Lazy([1, 2])\n"
        "class Array:\n    def __array__(self, *a, **k):\n        while True: pass\n"
        "def array(): return Array()\n"
        "class Never:\n    @property\n    def __class__(self):\n        while True: pass\n"
        "def never(): return Never()\n"
    )
    assert session.call("honest")["value"] == [1, 2]
    assert session.call("array", seconds=1.0)["value"] == Uncarriable("Array")
    assert session.call("never", seconds=0.5)["outcome"] in ("timed_out", "returned")
    assert session.call("honest")["value"] == [1, 2]


def test_a_value_that_is_too_large_arrives_by_name(session):
    session.cell(
        "import numpy as np\n"
        "def huge(): return np.broadcast_to(np.float64(1), (10**6, 10**6))\n"
        "def deep():\n    x = []\n    for _ in range(100): x = [x]\n    return x\n"
        "def cyclic():\n    x = []\n    x.append(x)\n    return x\n"
        "def long(): return 'x' * 2_000_000\n"
        "def many(): return [0.5] * 5_000_000\n"
        "def texts(): return ['\\x00' * 500_000] * 100\n"
    )
    for name, kind in {"huge": "ndarray", "deep": "list", "cyclic": "list", "long": "str"}.items():
        assert session.call(name)["value"].type_name == kind, name
    for name in ("many", "texts"):
        assert session.call(name)["value"] == Uncarriable("list", "too many items"), name
