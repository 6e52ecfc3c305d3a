"""What is kept of a cell's outputs, and how much."""

from __future__ import annotations

import pytest

from autograder.worker.outputs import Outputs, Stream


def test_writes_to_one_stream_become_one_output():
    outputs = Outputs(1000)
    for text in ("a", "", "b\n"):
        outputs.stream("stdout", text)
    outputs.stream("stderr", "c")
    outputs.stream("stdout", "d")
    assert [(item["name"], item["text"]) for item in outputs.nbformat()] == [
        ("stdout", "ab\n"),
        ("stderr", "c"),
        ("stdout", "d"),
    ]


def test_beyond_the_limit_there_is_one_note_and_nothing_more():
    outputs = Outputs(5)
    for _ in range(10):
        outputs.stream("stdout", "abc")
    outputs.display({"text/plain": "late"})
    text = outputs.nbformat()[0]["text"]
    assert text == "abcab\n[output cut here: it is longer than what is kept]\n"
    assert outputs.nbformat()[1:] == [
        {
            "output_type": "display_data",
            "data": {"text/plain": "[output cut here: it is longer than what is kept]"},
            "metadata": {},
        }
    ]


def test_no_single_text_is_longer_than_the_wire_carries():
    outputs = Outputs(10_000_000)
    for _ in range(40):
        outputs.stream("stdout", "x" * 99_999)
    assert max(len(item["text"]) for item in outputs.nbformat()) < 600_000
    assert sum(len(item["text"]) for item in outputs.nbformat()) == 40 * 99_999


def test_of_a_display_only_text_and_pictures_are_kept():
    outputs = Outputs(1000)
    outputs.display(
        {"text/html": "<b>", "text/plain": "b", "image/png": b"\x89PNG", "image/svg+xml": "<svg/>"}
    )
    outputs.display({"text/html": "<b>"})
    outputs.display("no bundle")
    assert [item["data"] for item in outputs.nbformat()] == [{"text/plain": "b", "image/png": "iVBORw=="}]


def test_a_display_is_replaced_by_its_name():
    outputs = Outputs(1000)
    outputs.display({"text/plain": "0 %"}, name="bar")
    outputs.stream("stdout", "x")
    outputs.update({"text/plain": "100 %"}, "bar")
    outputs.update({"text/plain": "lost"}, "unknown")
    assert outputs.nbformat()[0]["data"] == {"text/plain": "100 %"}
    assert len(outputs.nbformat()) == 2


def test_half_a_surrogate_pair_is_replaced_so_that_the_outputs_can_cross():
    outputs = Outputs(1000)
    outputs.stream("stdout", "a\ud83d")
    outputs.display({"text/plain": "\ude00"})
    assert [item.get("text") or item["data"]["text/plain"] for item in outputs.nbformat()] == ["a?", "?"]


def test_clearing_waits_for_the_next_output_when_asked():
    outputs = Outputs(1000)
    outputs.stream("stdout", "old")
    outputs.clear(wait=True)
    assert outputs.nbformat()[0]["text"] == "old"
    outputs.stream("stdout", "new")
    assert [item["text"] for item in outputs.nbformat()] == ["new"]
    outputs.clear(wait=False)
    assert outputs.nbformat() == []


def test_a_stream_takes_text_only_and_cannot_be_closed():
    stream = Stream("stdout", 1)
    assert stream.write("nowhere to go") == 13
    stream.outputs = Outputs(100)
    stream.close()
    print("still", file=stream, flush=True)
    assert stream.outputs.nbformat()[0]["text"] == "still\n"
    assert (stream.fileno(), stream.isatty(), stream.encoding) == (1, False, "utf-8")
    with pytest.raises(TypeError, match="must be str, not bytes"):
        stream.write(b"bytes")
