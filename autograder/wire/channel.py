"""One conversation over a socket, the same at both ends: ask and answer, with questions inside questions.

Either side may ask while the other is working on an answer (a student's function that calls
back into the judge), so a channel is a stack: an answer always belongs to the innermost open
question.  Every read and write has a deadline; what arrives is data, checked by ``values``.
"""

from __future__ import annotations

import select
import socket
import time
from collections.abc import Callable, Mapping

from autograder.errors import WireError, WorkerLost
from autograder.wire.reading import decode, frame_sizes
from autograder.wire.values import HEAD, Limits, Value
from autograder.wire.writing import encode

Message = Mapping[str, Value]
Serve = Callable[[Message], Message]


class Channel:
    """A socket that carries messages (dicts of values); ``close`` it when done."""

    def __init__(self, sock: socket.socket, limits: Limits | None = None) -> None:
        sock.setblocking(False)
        self._socket = sock
        self._limits = limits or Limits()

    def ask(self, question: Message, serve: Serve, seconds: float | None = None) -> Message:
        """Send a question, answer what the other side asks meanwhile, return the reply.

        Args:
            question: the message; its key "ask" names what is wanted.
            serve: answers a question of the other side; called in between.
            seconds: until the whole reply is here; None waits for ever.
        Raises:
            TimeoutError: the reply was not complete in time.
            WireError: the other side broke the protocol.
            WorkerLost: the other side is gone.
        """
        deadline = None if seconds is None else time.monotonic() + seconds
        self._write({"question": dict(question)}, deadline)
        while True:
            kind, message = self._read(deadline)
            if kind == "reply":
                return message
            self._write({"reply": dict(serve(message))}, deadline)

    def answer(self, serve: Serve) -> bool:
        """Wait for one question and reply to it; False when the other side has hung up."""
        try:
            kind, message = self._read(None)
        except WorkerLost:
            return False
        if kind != "question":
            raise WireError("a reply came to no question")
        self._write({"reply": dict(serve(message))}, None)
        return True

    def fileno(self) -> int:
        return self._socket.fileno()

    def close(self) -> None:
        self._socket.close()

    def _write(self, message: Message, deadline: float | None) -> None:
        rest = memoryview(encode(dict(message), self._limits))
        while rest:
            self._wait(deadline, for_reading=False)
            try:
                rest = rest[self._socket.send(rest) :]
            except BlockingIOError:
                continue
            except OSError:
                raise WorkerLost("the other side hung up while it was being written to") from None

    def _read(self, deadline: float | None) -> tuple[str, Message]:
        frame = bytearray()
        self._receive(frame, HEAD.size, deadline)
        self._receive(frame, HEAD.size + sum(frame_sizes(bytes(frame), self._limits)), deadline)
        message = decode(frame, self._limits)
        if type(message) is dict and len(message) == 1:
            ((kind, inner),) = message.items()
            if (
                kind in ("question", "reply")
                and type(inner) is dict
                and all(type(key) is str for key in inner)
            ):
                return kind, inner
        raise WireError("a message is a question or a reply")

    def _receive(self, received: bytearray, size: int, deadline: float | None) -> None:
        """Read on until ``received`` has ``size`` bytes; memory is taken as they come, not as announced."""
        while len(received) < size:
            self._wait(deadline, for_reading=True)
            try:
                piece = self._socket.recv(min(size - len(received), 1 << 20))
            except BlockingIOError:
                continue
            except OSError:
                raise WorkerLost("the connection broke") from None
            if not piece:
                raise WorkerLost("the other side hung up")
            received += piece

    def _wait(self, deadline: float | None, *, for_reading: bool) -> None:
        remaining = None if deadline is None else deadline - time.monotonic()
        if remaining is not None and remaining <= 0:
            raise TimeoutError("no complete message in time")
        # poll, unlike select, also works beyond descriptor 1023
        poller = select.poll()
        poller.register(self._socket, select.POLLIN if for_reading else select.POLLOUT)
        if not poller.poll(None if remaining is None else max(1, int(remaining * 1000))):
            raise TimeoutError("no complete message in time")
