"""Submissions without malice: what a right, a half and a missing answer deserve."""

from __future__ import annotations

from tests.attacks.cases.case import RIGHT_ONE_HOT, RIGHT_SPLIT, Case, all_right

_KIND = "control"

CASES = (
    Case("control_starter", _KIND, "unanswered: raises NotImplementedError", 0),
    Case(
        "control_hardcoded_visible",
        _KIND,
        "answers only the visible examples by table",
        4,
        one_hot="""
def one_hot(ids, depth):
    return np.array([[1, 0, 0], [0, 0, 1], [0, 1, 0]], "float32")
""",
        split="""
def split(rows, at):
    return ["a"], ["b", "c"]
""",
    ),
    Case(
        "control_syntax_error",
        _KIND,
        "first answer has a syntax error, second is right",
        5,
        one_hot="def one_hot(ids, depth)\n    return 0\n",
        split=RIGHT_SPLIT,
    ),
    all_right(
        "control_extra_cell_raises",
        _KIND,
        "right, then code at top level raises",
        last="raise ValueError('a note of mine')",
    ),
    all_right("control_right", _KIND, "everything right"),
    all_right(
        "control_shadowed_builtins",
        _KIND,
        "right, but list, len, type, id, sum, print and input are names of variables",
        first="list = [1, 2]\nlen = 3\ntype = None\nid = 7\nsum = 0\nprint = 'x'\ninput = ''\nobject = 1\n",
    ),
    Case(
        "control_minus_zero",
        _KIND,
        "right, with -0.0 where 0.0 is meant",
        10,
        one_hot="""
def one_hot(ids, depth):
    hit = np.asarray(ids)[..., None] == np.arange(depth)
    return np.where(hit, np.float32(1), np.float32(-0.0))
""",
        split=RIGHT_SPLIT,
    ),
    Case(
        "control_callables",
        _KIND,
        "right, as an object with __call__ and as a functools.partial",
        10,
        one_hot=f"""
{RIGHT_ONE_HOT}
class OneHot:
    def __init__(self, function):
        self.function = function
    def __call__(self, ids, depth):
        return self.function(ids, depth)

one_hot = OneHot(one_hot)
""",
        split=f"import functools\n{RIGHT_SPLIT}\nsplit = functools.partial(split)\n",
    ),
    Case(
        "control_lambdas",
        _KIND,
        "right, as lambdas, one of them decorated with a wrapper that counts calls",
        10,
        one_hot='one_hot = lambda ids, depth: np.eye(depth, dtype="float32")[np.asarray(ids)]\n',
        split="""
calls = []
def counted(function):
    def wrapper(*args, **kwargs):
        calls.append(args)
        return function(*args, **kwargs)
    return wrapper

split = counted(lambda rows, at: (rows[:at], rows[at:]))
""",
    ),
    Case(
        "control_twice_in_a_cell",
        _KIND,
        "a wrong definition, then the right one in the same cell",
        10,
        one_hot=f"def one_hot(ids, depth):\n    return 0\n\n{RIGHT_ONE_HOT}",
        split=RIGHT_SPLIT,
    ),
    Case(
        "control_second_wins",
        _KIND,
        "right, then a later cell defines one_hot anew, and wrong",
        5,
        one_hot=RIGHT_ONE_HOT,
        split=RIGHT_SPLIT,
        last="def one_hot(ids, depth):\n    return 0\n",
    ),
    Case(
        "control_deleted_name",
        _KIND,
        "right, then a later cell deletes one_hot",
        5,
        one_hot=RIGHT_ONE_HOT,
        split=RIGHT_SPLIT,
        last="del one_hot\n",
    ),
    Case(
        "control_homoglyph",
        _KIND,
        "the o of one_hot is a Cyrillic letter",
        5,
        one_hot=RIGHT_ONE_HOT.replace("one_hot", "\u043ene_hot"),
        split=RIGHT_SPLIT,
    ),
    Case(
        "control_wide_letters",
        _KIND,
        "one_hot is written in full-width letters, which Python takes for the same name",
        10,
        one_hot=RIGHT_ONE_HOT.replace("one_hot", "\uff4f\uff4e\uff45_\uff48\uff4f\uff54"),
        split=RIGHT_SPLIT,
    ),
    all_right(
        "control_top_level_await",
        _KIND,
        "right, with await at the top level of a cell",
        first="import asyncio\nawait asyncio.sleep(0)\nvalue = await asyncio.sleep(0, 3)\n",
    ),
)
