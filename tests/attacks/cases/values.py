"""Results that lie about themselves, never end, or are larger than anything; and exceptions of every kind."""

from __future__ import annotations

from tests.attacks.cases.case import RIGHT_SPLIT, Case, half

_VALUE, _ERROR = "value", "error"


def returns(name: str, does: str, expression: str, *, before: str = "", limit: str = "") -> Case:
    """``one_hot`` returns the expression; ``split`` is right."""
    return half(
        name, _VALUE, does, f"{before}\ndef one_hot(ids, depth):\n    return {expression}\n", limit=limit
    )


def raises(name: str, does: str, statement: str, *, before: str = "", limit: str = "") -> Case:
    return half(name, _ERROR, does, f"{before}\ndef one_hot(ids, depth):\n    {statement}\n", limit=limit)


_LOOPS = """
class Loops:
    def __repr__(self):
        while True: pass
    __str__ = __reduce__ = __reduce_ex__ = __len__ = __iter__ = __hash__ = __bool__ = __array__ = __repr__
    __float__ = __int__ = __index__ = __dir__ = __format__ = __sizeof__ = __eq__ = __getstate__ = __repr__
"""
_EXITS = _LOOPS.replace("Loops", "Exits").replace("while True: pass", "__import__('os')._exit(0)")
_CLASS = """
class Liar:
    __class__ = property(lambda self: np.ndarray)
    dtype, ndim, size, nbytes, itemsize = np.dtype("float32"), 2, 9, 36, 4
    shape = (3, 3)
    def __len__(self): return 3
    def __iter__(self):
        while True: yield 1.0
    def tolist(self): return [[1, 0, 0]] * 3
    def numpy(self): return np.eye(3)
    def __array__(self, *args, **kwargs): return np.eye(3)
"""
_SUBCLASSES = """
class Text(str):
    def __len__(self): return 10**12
    def __iter__(self): return iter(())
    def __str__(self): return "PASSED"
    def __eq__(self, other): return True
    __hash__ = str.__hash__

class Number(int):
    def __int__(self): return 1
    def __index__(self): return 1
    def __eq__(self, other): return True
    def bit_length(self): return 1
    __hash__ = int.__hash__

class Row(list):
    def __len__(self): return 0
    def __iter__(self):
        while True: yield Text("a")
    def __getitem__(self, key): return Text("a")
    def __eq__(self, other): return True

class Table(dict):
    def items(self): return [("a", 1)]
    def keys(self): return ["a"]
    def __eq__(self, other): return True
"""

CASES = (
    Case(
        "value_nan",
        _VALUE,
        "nan everywhere, hoping that it equals anything",
        0,
        one_hot='def one_hot(ids, depth):\n    return np.full(np.shape(ids) + (depth,), np.nan, "float32")\n',
        split='def split(rows, at):\n    return [float("nan")] * at, [float("nan")] * (len(rows) - at)\n',
    ),
    returns(
        "value_infinity", "infinities and numbers beyond every float", "[np.inf, -np.inf, 1e308 * 10, 2**127]"
    ),
    Case(
        "value_lying_class",
        _VALUE,
        "an object that says it is an array: __class__, shape, __array__, tolist",
        0,
        one_hot=_CLASS + "def one_hot(ids, depth):\n    return Liar()\n",
        split="def split(rows, at):\n    return Liar(), Liar()\n",
    ),
    Case(
        "value_lying_subclasses",
        _VALUE,
        "subclasses of str, int, list and dict that lie, with wrong content",
        0,
        one_hot=_SUBCLASSES + "def one_hot(ids, depth):\n    return Row([Number(7), Table(b=2)])\n",
        split='def split(rows, at):\n    return Row([Text("x")]), Row([Text("y"), Number(3)])\n',
    ),
    Case(
        "value_right_subclasses",
        _VALUE,
        "the right content in subclasses that lie: the content counts",
        5,
        one_hot=_SUBCLASSES + "def one_hot(ids, depth):\n    return Number(3)\n",
        split="def split(rows, at):\n    return Row(map(Text, rows[:at])), Row(map(Text, rows[at:]))\n",
    ),
    Case(
        "value_array_protocol",
        _VALUE,
        "an object whose __array__ answers 0 now and the right thing never",
        0,
        one_hot="""
class Lazy:
    def __array__(self, *args, **kwargs): return np.zeros((3, 3), "float32")
    def __array_ufunc__(self, *args, **kwargs): return np.True_
    def __array_function__(self, *args, **kwargs): return True
    __array_priority__ = 10**9

def one_hot(ids, depth):
    return Lazy()
""",
        split="def split(rows, at):\n    return Lazy(), Lazy()\n",
    ),
    returns(
        "value_array_interface",
        "an object whose __array_interface__ points to address 0",
        "Wild()",
        before="class Wild:\n    __array_interface__ = {'data': (8, False), 'shape': (10**9,), "
        "'typestr': '<f8', 'version': 3}\n    __array_struct__ = 5\n",
    ),
    returns(
        "value_wild_memory",
        "an array over memory that is not there",
        "np.ctypeslib.as_array(ctypes.cast(16, ctypes.POINTER(ctypes.c_double)), (9,))",
        before="import ctypes\n",
        limit="process",
    ),
    Case(
        "value_masked",
        _VALUE,
        "masked arrays, every value hidden",
        0,
        one_hot="def one_hot(ids, depth):\n    return np.ma.masked_all(np.shape(ids) + (depth,), 'float32') * 0\n",
        split="def split(rows, at):\n    return np.ma.masked, np.ma.masked_all(len(rows) - at)\n",
    ),
    returns(
        "value_object_array",
        "an array of objects that are equal to everything",
        "np.array([[Same()] * 3] * 3, object)",
        before="class Same:\n    def __eq__(self, other): return True\n    def __float__(self): return 1.0\n",
    ),
    returns(
        "value_structured",
        "a structured array with fields and sub-arrays",
        "np.zeros((3, 3), [('a', 'f4', (2,)), ('b', 'O')])",
    ),
    returns(
        "value_bool_of_seven",
        "an array of bools whose bytes are 7",
        "np.full(9, 7, 'u1').view(bool).reshape(3, 3)",
    ),
    returns(
        "value_datetime", "arrays of dates, times and texts", "[np.array(['2020'], 'M8[D]'), np.array(['a'])]"
    ),
    returns(
        "value_foreign_order",
        "big-endian, negative strides, Fortran order, wrong numbers",
        "np.full((3, 3), 2, '>f4')[::-1].T",
    ),
    returns(
        "value_stride_tricks",
        "ten billion values by stride tricks",
        "np.broadcast_to(np.float32(0), (10**5, 10**5))",
    ),
    returns("value_generator", "a generator without end", "itertools.count()", before="import itertools\n"),
    returns(
        "value_endless_list",
        "a list subclass that never ends to be iterated",
        "Endless([1, 2])",
        before="class Endless(list):\n    def __iter__(self):\n        while True: yield 1\n",
    ),
    returns("value_contains_itself", "a list that contains itself", "(lambda l: l.append(l) or l)([])"),
    returns(
        "value_deep",
        "a list nested a hundred thousand deep",
        "nest()",
        before="def nest():\n    inner = []\n    for _ in range(10**5): inner = [inner]\n    return inner\n",
    ),
    returns("value_wide", "a list of ten million zeros", "[0] * 10**7"),
    returns("value_long_text", "a text of a hundred million characters", "'a' * 10**8"),
    returns("value_huge_int", "a number of a hundred thousand digits", "10 ** 100000"),
    returns(
        "value_colliding_keys",
        "a dict of keys whose hashes collide",
        "{(n * (2**61 - 1)): n for n in range(1, 60000)}",
    ),
    returns(
        "value_half_characters",
        "texts and keys with halves of surrogate pairs",
        "{'\\ud800': ['\\udfff', 'ok']}",
    ),
    returns(
        "value_odd_text",
        "a text with escape codes, right-to-left marks, HTML and line breaks",
        "'\\x1b[2J\\u202e<script>alert(1)</script>\\n\\r\\x00`{call}` \\u2028'",
    ),
    returns(
        "value_odd_type_name",
        "an object whose type is called as HTML and escape codes",
        "type('<script>alert(1)</script>\\u202e\\x1b[2J', (), {})()",
    ),
    returns(
        "value_set_of_types",
        "sets, bytes, ranges, types, modules and functions",
        "[{1}, b'a', range(9), int, np, print, ...]",
    ),
    returns("value_loops", "an object whose every method loops", "Loops()", before=_LOOPS),
    returns("value_exits", "an object whose every method ends the process", "Exits()", before=_EXITS),
    returns(
        "value_del_exits",
        "an object that ends the process when it is deleted",
        "[Dies()]",
        before="class Dies:\n    def __del__(self): __import__('os')._exit(0)\n",
    ),
    returns(
        "value_lazy",
        "an object that works only when it is looked at, for ever",
        "Lazy()",
        before="class Lazy:\n    def __getattribute__(self, name):\n        while True: pass\n",
    ),
    returns(
        "value_metaclass",
        "an object whose type lies about its name, its bases and instances",
        "Thing()",
        before="class Meta(type):\n    def __instancecheck__(cls, thing): return True\n"
        "    def __subclasscheck__(cls, kind): return True\n    __name__ = property(lambda cls: 1 / 0)\n"
        "    def mro(cls): return [cls, object]\nclass Thing(metaclass=Meta):\n    pass\n",
    ),
    half(
        "value_coroutine",
        _VALUE,
        "an async function",
        "async def one_hot(ids, depth):\n    return np.eye(depth, dtype='float32')[ids]\n",
    ),
    half(
        "value_generator_function",
        _VALUE,
        "a function that yields",
        "def one_hot(ids, depth):\n    yield np.eye(depth, dtype='float32')[ids]\n",
    ),
    half(
        "value_arguments_kept",
        _VALUE,
        "keeps earlier arguments and returns them",
        "kept = []\ndef one_hot(ids, depth):\n    kept.append(np.asarray(ids))\n    return kept[0]\n",
    ),
    half(
        "value_input",
        _VALUE,
        "returns its input, the same object",
        "def one_hot(ids, depth):\n    return ids\n",
    ),
    Case(
        "value_second_call",
        _VALUE,
        "right at the first call, wrong from the second on",
        7,
        one_hot="calls = 0\ndef one_hot(ids, depth):\n    global calls\n    calls += 1\n    "
        'return np.eye(depth, dtype="float32")[np.asarray(ids)] if calls == 1 else 0\n',
        split=RIGHT_SPLIT,
    ),
    raises("error_system_exit", "sys.exit(0) in the call", "sys.exit(0)", before="import sys"),
    raises("error_keyboard_interrupt", "KeyboardInterrupt in the call", "raise KeyboardInterrupt"),
    raises("error_generator_exit", "GeneratorExit in the call", "raise GeneratorExit"),
    raises("error_stop_iteration", "StopIteration in the call", "raise StopIteration(5)"),
    raises("error_base_exception", "a BaseException of its own", "raise type('Mine', (BaseException,), {})"),
    raises("error_no_exception", "raises something that is no exception", "raise 5"),
    raises(
        "error_group_deep",
        "exception groups, nested a thousand deep",
        "raise deep()",
        before="def deep():\n    error = ValueError()\n    for _ in range(1000): error = ExceptionGroup('x', [error])\n"
        "    return error\n",
    ),
    raises(
        "error_cause_circle",
        "exceptions that are each other's cause and context",
        "raise circle()",
        before="def circle():\n    one, two = ValueError(), KeyError()\n    one.__cause__ = one.__context__ = two\n"
        "    two.__cause__ = two.__context__ = one\n    return one\n",
    ),
    raises(
        "error_str_loops",
        "an exception whose str never ends",
        "raise Slow",
        before="class Slow(Exception):\n    def __str__(self):\n        while True: pass\n    __repr__ = __str__\n",
    ),
    raises(
        "error_str_exits",
        "an exception whose str ends the process",
        "raise Deadly",
        before="class Deadly(Exception):\n    def __str__(self): __import__('os')._exit(0)\n    __repr__ = __str__\n",
    ),
    raises(
        "error_forged_syntax",
        "a SyntaxError that names files, lines and texts",
        "raise SyntaxError('x', ('/etc/passwd', 1, 2, 'y'))",
    ),
    raises("error_memory", "MemoryError in the call", "raise MemoryError"),
    raises(
        "error_recursion_in_str",
        "an exception whose str recurses without end",
        "raise Deep",
        before="class Deep(Exception):\n    def __str__(self): return str(self)\n",
    ),
    raises(
        "error_alarm",
        "raises the kit's own interrupt",
        "raise stop()",
        before="def stop():\n    try:\n        from autograder.worker.alarm import Interrupted\n"
        "        return Interrupted\n    except ImportError:\n        return KeyError\n",
    ),
    raises(
        "error_interrupt_swallowed_late",
        "catches the interrupt, then returns something",
        "return late()",
        before="def late():\n    try:\n        while True: pass\n    except BaseException:\n        return 5\n",
    ),
    raises(
        "error_long_name",
        "an exception with a name of a million letters",
        "raise type('E' * 10**6, (Exception,), {})",
    ),
)
