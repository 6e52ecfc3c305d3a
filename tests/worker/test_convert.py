"""Whatever a student returns becomes a plain value that the wire carries, or is named."""

from __future__ import annotations

import collections
import enum

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from autograder.wire import Limits, Uncarriable, decode, encode
from autograder.worker.convert import outgoing


class Word(str):
    """A str that says it equals everything."""

    __hash__ = str.__hash__

    def __eq__(self, other):
        return True

    def __str__(self):
        return "lie"

    def __len__(self):
        return 0


class Number(int):
    def __eq__(self, other):
        return True

    __hash__ = int.__hash__

    def __add__(self, other):
        return "lie"

    def __int__(self):
        return 99

    def bit_length(self):
        return 1


class Real(float):
    def __float__(self):
        return 99.0

    def hex(self):
        return "lie"


class Row(list):
    def __iter__(self):
        return iter(["lie"])

    def __len__(self):
        return 0


class Table(dict):
    def items(self):
        return [("lie", "lie")]


class Array(np.ndarray):
    dtype = "lie"
    nbytes = 0

    def __eq__(self, other):
        return True

    def tobytes(self, *args):
        return b"lie"


class Color(enum.IntEnum):
    RED = 3


def no_handles(_):
    return None


def crossed(thing):
    return outgoing(thing, no_handles)


def exactly(value):
    """The value with the types of everything in it."""
    if type(value) in (list, tuple):
        return type(value), [exactly(item) for item in value]
    if type(value) is dict:
        return dict, [(exactly(key), exactly(item)) for key, item in value.items()]
    if isinstance(value, np.ndarray | np.generic):
        return type(value), value.dtype.str, value.shape, value.tobytes()
    return type(value), value.hex() if type(value) is float else value


@pytest.mark.parametrize(
    ("thing", "plain"),
    [
        (Word("good"), "good"),
        (Number(7), 7),
        (Real(-0.0), -0.0),
        (Color.RED, 3),
        (Row([1, Row([2])]), [1, [2]]),
        (Table(a=1), {"a": 1}),
        (collections.OrderedDict(b=1, a=2), {"b": 1, "a": 2}),
        (collections.Counter("aab"), {"a": 2, "b": 1}),
        (collections.defaultdict(list, a=[1]), {"a": [1]}),
        (collections.namedtuple("Point", "x y")(1, 2), (1, 2)),
        (range(3), [0, 1, 2]),
        ({Word("k"): Number(1)}, {"k": 1}),
        ((None, True, 2**100), (None, True, 2**100)),
        (np.float32(1.5), np.float32(1.5)),
        (np.str_("word"), np.str_("word")),
        (np.ma.masked_array([1, 2], mask=[True, False]), np.array([1, 2])),
        (np.arange(3).view(Array), np.arange(3)),
        (np.array(5), np.array(5)),
        (np.arange(6).reshape(2, 3).T, np.array([[0, 3], [1, 4], [2, 5]])),
    ],
)
def test_subclasses_become_the_plain_type_whatever_they_say(thing, plain):
    assert exactly(crossed(thing)) == exactly(plain)


@pytest.mark.parametrize(
    ("thing", "name"),
    [
        ({1, 2}, "set"),
        (frozenset(), "frozenset"),
        ((n for n in ()), "generator"),
        (object(), "object"),
        (object, "type"),
        (b"bytes", "bytes"),
        (2**200, "int"),
        (1 + 2j, "complex"),
        (np.array([object()]), "ndarray"),
        (np.array([1], dtype="datetime64[s]"), "ndarray"),
        (np.zeros(2, dtype=[("a", "f4")]), "ndarray"),
        (np.zeros(2, np.longdouble), "ndarray"),
        ("half \ud83d", "str"),
        (type("<b>Odd</b>" + "x" * 100, (), {})(), "bOddb" + "x" * 50),
        (type("\n\t", (), {})(), "unnamed"),
    ],
)
def test_what_cannot_cross_is_named_by_its_type(thing, name):
    value = crossed(thing)
    assert type(value) is Uncarriable
    assert value.type_name == name
    assert exactly(crossed([thing])) == exactly([value])


def test_a_metaclass_cannot_lie_about_the_name():
    class Meta(type):
        @property
        def __name__(cls):
            raise RuntimeError

    class Odd(metaclass=Meta):
        pass

    assert crossed(Odd()).type_name == "Odd"


def test_a_dict_whose_key_cannot_be_a_key_again_is_named():
    class Key(list):
        def __hash__(self):
            return 1

    assert crossed({Key([1]): 2}) == Uncarriable("dict", "a key cannot cross")


def test_arrays_are_copies_and_contiguous():
    array = np.arange(4)
    value = crossed(array[::2])
    array[0] = 9
    assert value.tolist() == [0, 2]
    assert value.flags.c_contiguous


@pytest.mark.parametrize(
    "thing", [np.array(["a", "\ud800"]), np.str_("\udfff"), np.array([["b"], ["\ud8ff"]])]
)
def test_texts_of_half_characters_are_named_in_arrays_as_anywhere(thing):
    assert crossed(thing) == Uncarriable(type(thing).__name__, "it holds half a surrogate pair")
    assert crossed(str(thing.ravel()[-1])) == Uncarriable("str", "it holds half a surrogate pair")


def test_an_exception_while_converting_is_the_students_own():
    class Lazy:
        @property
        def __class__(self):
            raise ZeroDivisionError

    def keep(thing):
        return isinstance(thing, int) or None

    with pytest.raises(ZeroDivisionError):
        outgoing(Lazy(), keep)


SMALL = Limits(frame_bytes=40_000, header_bytes=20_000, items=1200, depth=9, text_characters=300, odd_keys=13)
plain_things = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text()
    | st.builds(Word, st.text())
    | st.builds(Number, st.integers())
    | st.builds(Real, st.floats())
    | arrays.arrays(
        arrays.scalar_dtypes(), arrays.array_shapes(min_dims=0, max_dims=3, min_side=0, max_side=6)
    )
    | arrays.arrays(np.float32, 2000)
    | arrays.arrays(arrays.unicode_string_dtypes(max_len=3), 2)
    | st.binary(),
    lambda inner: (
        st.lists(inner)
        | st.lists(inner).map(tuple)
        | st.builds(Row, st.lists(inner))
        | st.dictionaries(st.text() | st.integers() | st.tuples(st.integers()) | st.floats(), inner)
        | st.text(min_size=1, max_size=250).map(lambda text: [text] * 300)
        | inner.map(lambda thing: [[[[[[thing]]]]]])
    ),
    max_leaves=20,
)


@settings(max_examples=100, deadline=None)
@given(plain_things)
def test_what_comes_out_always_fits_the_wire(thing):
    value = outgoing(thing, no_handles, SMALL)
    frame = encode({"reply": {"outcome": "returned", "value": value}}, SMALL)
    assert exactly(decode(frame, SMALL)["reply"]["value"]) == exactly(value)
