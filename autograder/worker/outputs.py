"""What a cell printed and displayed, as nbformat outputs, up to a size; never written to a descriptor."""

from __future__ import annotations

import base64
import io
import threading
from typing import Any

from autograder.worker.raised import whole

CUT = "\n[output cut here: it is longer than what is kept]\n"
PIECE_CHARACTERS = 500_000  # one text of the wire holds more


class Outputs:
    """Collects the outputs of one cell; several threads may write."""

    def __init__(self, limit_bytes: int) -> None:
        self.items: list[dict[str, Any]] = []
        self.left = limit_bytes
        self._displays: dict[str, int] = {}
        self._piece = 0  # characters in the last stream item
        self._clear_next = False
        self._lock = threading.RLock()

    def stream(self, name: str, text: str) -> None:
        """Add ``text`` to the stream "stdout" or "stderr"; beyond the limit it is dropped, with a note."""
        with self._lock:
            self._start()
            if self.left <= 0 or not text:
                return
            kept = whole(text[: min(self.left, PIECE_CHARACTERS)])
            self.left -= len(kept)
            if len(kept) < len(text) or self.left <= 0:
                self.left = 0
                kept += CUT
            last = self.items[-1] if self.items else {}
            if last.get("name") == name and self._piece + len(kept) < PIECE_CHARACTERS:
                last["text"].append(kept)
                self._piece += len(kept)
            else:
                self.items.append({"output_type": "stream", "name": name, "text": [kept]})
                self._piece = len(kept)

    def display(self, data: Any, *, count: int | None = None, name: str | None = None) -> None:
        """Add a display, or an execute_result when there is a ``count``; only text and PNG are kept."""
        bundle = _bundle(data)
        with self._lock:
            self._start()
            size = sum(len(part) for part in bundle.values())
            if size > min(self.left, PIECE_CHARACTERS):
                bundle, size = {"text/plain": CUT.strip()}, 0
            if not bundle or len(self.items) > 1000:
                return
            self.left -= size
            item: dict[str, Any] = {"output_type": "display_data", "data": bundle, "metadata": {}}
            if count is not None:
                item |= {"output_type": "execute_result", "execution_count": count}
            if name is not None:
                self._displays[name] = len(self.items)
            self.items.append(item)

    def update(self, data: Any, name: str) -> None:
        """Replace the display called ``name``; one of an earlier cell stays as it was."""
        bundle = _bundle(data)
        with self._lock:
            place = self._displays.get(name)
            if place is not None and sum(map(len, bundle.values())) <= PIECE_CHARACTERS:
                self.items[place]["data"] = bundle

    def error(self, kind: str, text: str) -> None:
        with self._lock:
            self._start()
            self.items.append({"output_type": "error", "ename": kind, "evalue": text, "traceback": []})

    def clear(self, *, wait: bool) -> None:
        with self._lock:
            self._clear_next = True
            if not wait:
                self._start()

    def nbformat(self) -> list[dict[str, Any]]:
        """The outputs, each stream one text."""
        with self._lock:
            return [
                item | {"text": "".join(item["text"])} if item["output_type"] == "stream" else dict(item)
                for item in self.items
            ]

    def _start(self) -> None:
        if self._clear_next:
            self._clear_next = False
            self.items.clear()
            self._displays.clear()


class Stream(io.TextIOBase):
    """Stands for sys.stdout or sys.stderr; writes to ``outputs``, or nowhere while there are none."""

    def __init__(self, name: str, descriptor: int) -> None:
        self.name = name
        self.outputs: Outputs | None = None
        self._descriptor = descriptor

    encoding = "utf-8"
    errors = "replace"

    def write(self, text: str) -> int:
        if not isinstance(text, str):
            raise TypeError(f"write() argument must be str, not {type(text).__name__}")
        if self.outputs is not None:
            self.outputs.stream(self.name, str(text))
        return len(text)

    def writable(self) -> bool:
        return True

    def fileno(self) -> int:
        # a real descriptor (it leads to /dev/null): faulthandler and subprocess want one
        return self._descriptor

    def close(self) -> None:
        # closing sys.stdout must not take it from the next cell
        self.flush()


def _bundle(data: Any) -> dict[str, str]:
    if type(data) is not dict:
        return {}
    bundle = {}
    text = data.get("text/plain")
    if isinstance(text, str):
        bundle["text/plain"] = whole(text)
    picture = data.get("image/png")
    if isinstance(picture, bytes):
        bundle["image/png"] = base64.b64encode(picture).decode("ascii")
    elif isinstance(picture, str):
        bundle["image/png"] = whole(picture)
    return bundle
