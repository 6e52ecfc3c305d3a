"""Values cross unchanged; bytes that no value makes are refused, and nothing else happens."""

from __future__ import annotations

import contextlib
import json
import re
import struct

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from autograder.errors import WireError
from autograder.wire import Callback, Handle, LayerSpec, Limits, Uncarriable, decode, encode

HALF = re.compile("[\ud800-\udfff]")
small_ints = st.integers(-(2**63) + 1, 2**63 - 1)
any_array = arrays.arrays(
    st.one_of(
        arrays.boolean_dtypes(),
        arrays.integer_dtypes(endianness="?"),
        arrays.floating_dtypes(endianness="?", sizes=(16, 32, 64)),
        arrays.complex_number_dtypes(sizes=(64, 128)),
        arrays.unicode_string_dtypes(max_len=5),
        arrays.byte_string_dtypes(max_len=5),
    ),
    arrays.array_shapes(min_dims=0, max_dims=4, min_side=0, max_side=4),
).filter(lambda array: array.dtype.kind != "U" or not HALF.search("".join(array.ravel().tolist())))
names = st.text(max_size=30)
keys = st.text(max_size=10) | st.integers(-5, 5) | st.tuples(st.integers(0, 9), names)


def values(depth=3):
    leaves = st.one_of(
        st.none(),
        st.booleans(),
        st.integers(-(2**127), 2**127),
        st.floats(),
        st.text(),
        any_array,
        any_array.filter(lambda a: a.ndim == 0).map(lambda a: a[()]),
        st.builds(Handle, small_ints, names),
        st.builds(Callback, small_ints),
        st.builds(Uncarriable, names, names),
        st.builds(
            LayerSpec,
            names,
            st.dictionaries(names, st.integers(0, 9) | st.lists(st.floats())),
            st.none() | st.lists(st.none() | st.integers(0, 9)).map(tuple),
            st.none() | st.lists(any_array, max_size=2).map(tuple),
        ),
    )
    return st.recursive(
        leaves,
        lambda inner: (
            st.lists(inner, max_size=5)
            | st.lists(inner, max_size=5).map(tuple)
            | st.dictionaries(keys, inner, max_size=5)
        ),
        max_leaves=10 * depth,
    )


def exactly(value):
    """The value with every type, bit and order in it, so that nan equals nan and 1 is not True."""
    if type(value) in (list, tuple):
        return type(value), [exactly(item) for item in value]
    if type(value) is dict:
        return dict, [(exactly(key), exactly(item)) for key, item in value.items()]
    if isinstance(value, np.ndarray | np.generic):
        return type(value), value.dtype.str, value.shape, value.tobytes()
    if type(value) is LayerSpec:
        parts = (value.class_name, dict(value.config), value.input_shape, value.weights)
        return LayerSpec, exactly(parts)
    return type(value), repr(value) if type(value) is float else value


@settings(deadline=None)
@given(values())
def test_every_value_comes_back_as_it_was(value):
    assert exactly(decode(encode(value))) == exactly(value)


@settings(deadline=None)
@given(values())
def test_arrays_that_come_back_can_be_written_to(value):
    def arrays_in(thing):
        if type(thing) is np.ndarray:
            yield thing
        elif type(thing) in (list, tuple):
            for item in thing:
                yield from arrays_in(item)

    assert all(array.flags.writeable for array in arrays_in(decode(encode(value))))


@settings(deadline=None)
@given(st.binary(max_size=200))
def test_garbage_is_refused(frame):
    with pytest.raises(WireError):
        decode(frame)


json_trees = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.text(max_size=5)
    | st.floats()
    | st.sampled_from(
        ["<f4", "|O", "<V8", "f4,f4", "(2,)f4", "0x1p3", "0x1p99999", "<U4", "|S0", "<U0", "M8[s]"]
    ),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.sampled_from("fltdashcuyz"), inner, min_size=1, max_size=1)
        | st.tuples(
            st.sampled_from(["<f4", "|u1", "|O", "<U4", "|S0"]), st.lists(st.integers(-1, 4), max_size=3)
        ).map(lambda pair: {"a": list(pair)})
    ),
    max_leaves=15,
)


@settings(deadline=None, max_examples=200)
@given(json_trees, st.binary(max_size=64))
def test_a_header_of_any_shape_gives_a_value_or_a_wire_error(tree, body):
    header = json.dumps(tree).encode()
    try:
        value = decode(struct.pack("<II", len(header), len(body)) + header + body)
    except WireError:
        return
    assert exactly(decode(encode(value))) == exactly(value)


@settings(deadline=None)
@given(values(), st.data())
def test_a_frame_that_was_cut_or_lengthened_is_refused(value, data):
    frame = encode(value)
    cut = data.draw(st.integers(0, len(frame) - 1))
    for wrong in (frame[:cut], frame + b"\0"):
        with pytest.raises(WireError):
            decode(wrong)


@settings(deadline=None, max_examples=100)
@given(values(), st.data())
def test_a_frame_with_one_changed_byte_gives_a_value_or_a_wire_error(value, data):
    frame = bytearray(encode(value))
    frame[data.draw(st.integers(0, len(frame) - 1))] = data.draw(st.integers(0, 255))
    with contextlib.suppress(WireError):
        decode(bytes(frame))


@pytest.mark.parametrize(
    ("limits", "fits", "too_large"),
    [
        (Limits(text_characters=3), "abc", "abcd"),
        (Limits(items=4), [1, 2, 3], [1, 2, 3, 4]),
        (Limits(depth=2), [[1]], [[[1]]]),
        (Limits(depth=2), {"a": (1,)}, {"a": ([1],)}),
        (Limits(frame_bytes=100), np.zeros(10), np.zeros(20)),
        (Limits(header_bytes=30), [1, 2], list(range(20))),
        (Limits(), 2**128 - 1, 2**128),
        (Limits(odd_keys=2), {1.5: 0, (1,): 0, "a": 0, 7: 0}, {1.5: 0, (1,): 0, 2**61: 0}),
    ],
)
def test_limits_hold_on_both_sides(limits, fits, too_large):
    assert exactly(decode(encode(fits, limits), limits)) == exactly(fits)
    with pytest.raises(WireError):
        encode(too_large, limits)
    with pytest.raises(WireError):
        decode(encode(too_large) if type(too_large) is not int else huge_int_frame(too_large), limits)


def huge_int_frame(number):
    header = str(number).encode()
    return struct.pack("<II", len(header), 0) + header


@pytest.mark.parametrize(
    "thing",
    [
        {1},
        b"bytes",
        object(),
        1j,
        np.array([None]),
        np.array([1], dtype="M8[s]"),
        np.zeros(1, dtype=[("a", "f4")]),
        np.zeros(1, dtype=np.longdouble),
        "\ud800",
        Handle(1, "\ud800"),
        Handle(2**64, "model"),
        type("Sub", (int,), {})(3),
        type("Sub", (list,), {})(),
    ],
)
def test_what_is_no_value_does_not_cross(thing):
    with pytest.raises(WireError):
        encode(thing)


def test_of_an_array_subclass_only_the_data_cross():
    class Liar(np.ndarray):
        def tobytes(self, *args):
            return b"lie"

    value = decode(encode(np.arange(3).view(Liar)))
    assert type(value) is np.ndarray
    assert value.tolist() == [0, 1, 2]


@pytest.mark.parametrize("number", ["1" * 5000, "1e999", "NaN", "Infinity", "-Infinity"])
def test_numbers_that_json_alone_would_take_are_refused(number):
    header = number.encode()
    with pytest.raises(WireError):
        decode(struct.pack("<II", len(header), 0) + header)


def test_a_header_nested_beyond_the_parser_is_refused():
    header = b"[" * 100_000
    with pytest.raises(WireError):
        decode(struct.pack("<II", len(header), 0) + header)


def frame_of(dtype, shape, body):
    header = json.dumps({"a": [dtype, shape]}).encode()
    return struct.pack("<II", len(header), len(body)) + header + body


@pytest.mark.parametrize(
    "dtype", ["|O", "f4,f4", "(2,", "V8", "<U0", "|S0", "f4", "<f16", "=f4", "M8[s]", "<f4 "]
)
def test_a_dtype_that_does_not_cross_is_refused(dtype):
    with pytest.raises(WireError, match="dtype"):
        decode(frame_of(dtype, [1], b"\0" * 16))


@pytest.mark.parametrize("body", [b"\xff\xff\xff\xff", b"\x00\xd8\x00\x00", b"\x00\x00\x11\x00"])
def test_texts_of_impossible_characters_are_refused(body):
    with pytest.raises(WireError, match="whole characters"):
        decode(frame_of("<U1", [1], body))


@pytest.mark.parametrize("texts", ["\ud800", ["whole", "half \udfff"], [["a", "b"], ["c", "\ud800"]]])
def test_an_array_of_half_characters_is_not_sent(texts):
    for order in ("C", "F"):
        with pytest.raises(WireError, match="whole characters"):
            encode(np.array(texts, order=order))


def test_a_bool_is_true_or_false_whatever_its_byte():
    value = decode(frame_of("|b1", [3], b"\x00\x01\x07"))
    assert value.tobytes() == b"\x00\x01\x01"


@pytest.mark.parametrize("shape", [[2**62, 2**62, 0], [-1], [1] * 40, [2**70], ["1"], [True], 3])
def test_an_impossible_shape_is_refused(shape):
    with pytest.raises(WireError):
        decode(frame_of("<f4", shape, b""))


def test_an_announced_size_is_refused_before_anything_is_read():
    with pytest.raises(WireError, match=r"a value.s header may have 16777216 bytes \(got 4294967295\)"):
        decode(struct.pack("<II", 2**32 - 1, 0))


def test_an_error_ends_with_what_was_received():
    with pytest.raises(WireError, match=r"an int may have 128 bits \(got 201\)"):
        encode(2**200)
    with pytest.raises(WireError, match=r"a frame has at least 8 bytes \(got 3\)"):
        decode(b"abc")
