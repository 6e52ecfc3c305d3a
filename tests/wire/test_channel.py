"""The conversation: questions inside questions, deadlines, hang-ups."""

from __future__ import annotations

import socket
import struct
import threading
import time

import pytest

from autograder.errors import WireError, WorkerLost
from autograder.wire import Channel, Limits, encode


@pytest.fixture
def pair():
    left, right = socket.socketpair()
    channels = Channel(left), Channel(right)
    yield channels
    for channel in channels:
        channel.close()


def nothing(_):
    raise AssertionError("nothing was to be asked")


def answering(channel, serve, times=1):
    def work():
        for _ in range(times):
            channel.answer(serve)

    thread = threading.Thread(target=work)
    thread.start()
    return thread


def test_a_question_gets_its_reply(pair):
    judge, worker = pair
    thread = answering(worker, lambda question: {"twice": question["n"] * 2})
    assert judge.ask({"ask": "double", "n": 21}, nothing, 5.0) == {"twice": 42}
    thread.join()


def test_questions_nest_in_both_directions(pair):
    judge, worker = pair

    def on_worker(question):
        n = question["n"]
        return {"sum": n + worker.ask({"n": n - 1}, on_worker, 5.0)["sum"]} if n else {"sum": 0}

    def on_judge(question):
        n = question["n"]
        return {"sum": n + judge.ask({"n": n - 1}, on_judge, 5.0)["sum"]} if n else {"sum": 0}

    thread = answering(worker, on_worker)
    assert judge.ask({"n": 6}, on_judge, 5.0) == {"sum": 21}
    thread.join()


def test_a_large_value_crosses_whole(pair):
    judge, worker = pair
    thread = answering(worker, lambda question: {"back": question["text"]})
    text = ["é" * 900_000] * 3
    assert judge.ask({"text": text}, nothing, 20.0) == {"back": text}
    thread.join()


def test_no_reply_in_time_is_a_timeout(pair):
    with pytest.raises(TimeoutError, match="no complete message in time"):
        pair[0].ask({"ask": "wait"}, nothing, 0.05)


def test_a_reply_that_drips_is_a_timeout_too():
    left, right = socket.socketpair()
    stop = threading.Event()
    frame = encode({"reply": {"text": "x" * 1000}})

    def drip():
        for byte in frame:
            if stop.wait(0.01):
                return
            right.send(bytes([byte]))

    thread = threading.Thread(target=drip)
    thread.start()
    started = time.monotonic()
    with pytest.raises(TimeoutError):
        Channel(left).ask({}, nothing, 0.2)
    assert time.monotonic() - started < 5
    stop.set()
    thread.join()
    left.close()
    right.close()


def test_a_reader_who_does_not_read_is_a_timeout():
    left, right = socket.socketpair()
    with pytest.raises(TimeoutError):
        Channel(left).ask({"text": ["x" * 900_000] * 5}, nothing, 0.2)
    left.close()
    right.close()


@pytest.mark.parametrize("sent", [b"", b"\x05\x00", encode({"reply": {}})[:-1]])
def test_a_hang_up_is_a_lost_worker(sent):
    left, right = socket.socketpair()
    right.send(sent)
    right.close()
    with pytest.raises(WorkerLost):
        Channel(left).ask({}, nothing, 5.0)
    left.close()


def test_answering_ends_when_the_other_side_has_hung_up(pair):
    pair[0].close()
    assert pair[1].answer(nothing) is False


@pytest.mark.parametrize(
    "value",
    [
        {"answer": {}},
        {"reply": []},
        {"reply": {}, "question": {}},
        {"reply": {1: 2}},
        {},
        None,
        [{"reply": {}}],
    ],
)
def test_a_message_of_another_form_breaks_the_protocol(value):
    left, right = socket.socketpair()
    right.send(encode(value))
    with pytest.raises(WireError, match="a message is a question or a reply"):
        Channel(left).ask({}, nothing, 5.0)
    left.close()
    right.close()


def test_a_reply_without_a_question_breaks_the_protocol(pair):
    pair[0]._socket.send(encode({"reply": {}}))
    with pytest.raises(WireError, match="a reply came to no question"):
        pair[1].answer(nothing)


def test_a_frame_beyond_the_limits_is_refused_before_it_is_read():
    left, right = socket.socketpair()
    right.send(struct.pack("<II", 10, 5000))
    with pytest.raises(WireError, match="a value may have 1000 bytes"):
        Channel(left, Limits(frame_bytes=1000)).ask({}, nothing, 5.0)
    left.close()
    right.close()
