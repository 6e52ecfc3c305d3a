"""The IPython session that runs a student's cells: a Jupyter kernel without its sockets.

Made in the warm server, before any fork; it starts no thread and opens no file.
"""

from __future__ import annotations

import _sitebuiltins
import builtins
import contextlib
import subprocess
import sys
import time
from typing import Any, NoReturn

from IPython.core.compilerop import CachingCompiler
from IPython.core.displayhook import DisplayHook
from IPython.core.displaypub import DisplayPublisher
from IPython.core.interactiveshell import InteractiveShell
from traitlets.config import Config

from autograder.worker.alarm import Alarm, Interrupted
from autograder.worker.outputs import Outputs, Stream
from autograder.worker.raised import error_of_cell, plain_text

NO_INPUT = "input() cannot be used here: the notebook is run without anybody at the keyboard"


class CellCompiler(CachingCompiler):  # type: ignore[misc]
    """Compiles each cell under a file name that leads back to the cell's own name and source."""

    def __init__(self) -> None:
        super().__init__()
        self.cell = ""
        self.sources: dict[str, tuple[str, list[str]]] = {}

    def get_code_name(self, raw_code: str, transformed_code: str, number: int) -> str:
        file_name = f"<cell {number} {self.cell}>"
        self.sources[file_name] = (self.cell, raw_code.splitlines())
        return file_name

    def format_code_name(self, name: str) -> tuple[str, str] | None:
        return ("Cell", self.sources[name][0]) if name in self.sources else None


class Publisher(DisplayPublisher):  # type: ignore[misc]
    """Sends what a cell displays to its outputs."""

    def publish(  # the signature is IPython's
        self,
        data: Any,
        metadata: Any = None,
        source: Any = None,
        *,
        transient: Any = None,
        update: bool = False,
        **kwargs: Any,
    ) -> None:
        outputs = self.shell.outputs
        name = transient.get("display_id") if isinstance(transient, dict) else None
        if outputs is None:
            return
        if update:
            outputs.update(data, name)
        else:
            outputs.display(data, name=name)

    def clear_output(self, wait: bool = False) -> None:  # noqa: FBT001, FBT002 - the signature is IPython's
        if self.shell.outputs is not None:
            self.shell.outputs.clear(wait=wait)


class ResultHook(DisplayHook):  # type: ignore[misc]
    """Turns a cell's last value into an execute_result."""

    def write_output_prompt(self) -> None:
        pass

    def write_format_data(self, format_dict: Any, md_dict: Any = None) -> None:
        if self.shell.outputs is not None:
            self.shell.outputs.display(format_dict, count=self.prompt_count)

    def finish_displayhook(self) -> None:
        self._is_active = False


class Shell(InteractiveShell):  # type: ignore[misc]
    """IPython with its outputs collected, and tracebacks kept as exceptions instead of texts."""

    compiler_class = CellCompiler
    display_pub_class = Publisher
    displayhook_class = ResultHook

    def __init__(self, **settings: Any) -> None:
        self.outputs: Outputs | None = None
        super().__init__(**settings)

    def enable_gui(self, gui: Any = None) -> None:
        """Nothing to enable: pictures are made inline."""

    def system(self, cmd: str) -> None:
        """Run a ``!`` line.  IPython's own way wants a terminal, and a student's code has none."""
        process = subprocess.Popen(
            self.var_expand(cmd, depth=1),
            shell=True,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
        )
        with process:
            try:
                assert process.stdout is not None
                for line in process.stdout:
                    sys.stdout.write(line)
                self.user_ns["_exit_code"] = process.wait()
            except BaseException:  # the time of the cell is over
                process.kill()
                raise

    def showtraceback(self, *args: Any, **kwargs: Any) -> None:
        """Nothing: making IPython's text would run the student's repr once more."""

    def showsyntaxerror(self, *args: Any, **kwargs: Any) -> None:
        """Nothing: see showtraceback."""

    def _format_exception_for_storage(self, *args: Any, **kwargs: Any) -> list[str]:
        return []


def make_shell() -> Shell:
    """The session, with no history thread and no database; safe to make before a fork."""
    config = Config()
    config.HistoryManager.enabled = False
    config.InteractiveShell.colors = "nocolor"
    config.InteractiveShell.xmode = "Minimal"
    config.DisplayFormatter.active_types = ["text/plain", "image/png"]
    shell: Shell = Shell.instance(config=config)
    shell.db = {}  # what %cd and %store keep is this session's: no file, and nobody else's
    builtins.input = _no_input
    builtins.help = _sitebuiltins._Helper()  # the interpreter was started without the module site
    return shell


def attach_streams() -> tuple[Stream, Stream]:
    """Put the collecting streams in place of sys.stdout and sys.stderr."""
    sys.stdout, sys.stderr = Stream("stdout", 1), Stream("stderr", 2)
    return sys.stdout, sys.stderr


def run_cell(
    shell: Shell, alarm: Alarm, outputs: Outputs, name: str, source: str, seconds: float
) -> dict[str, Any]:
    """Run one cell as a kernel would; the reply of the protocol's ``run_cell``."""
    started = time.monotonic()
    shell.compile.cell = name
    error: BaseException | None = None
    with _collecting(shell, outputs):
        try:
            done = alarm.limited(seconds, lambda: shell.run_cell(source, store_history=True))
            error = done.error_before_exec or done.error_in_exec
        except BaseException as caught:  # the wall: whatever a cell raises is an answer
            error = caught
    reply: dict[str, Any] = {"outcome": "ok", "error": None}
    if type(error) is Interrupted:
        reply["outcome"] = "interrupted"
    elif error is not None:
        reply["outcome"] = "raised"
        reply["error"] = error_of_cell(error, shell.compile.sources)
        outputs.error(reply["error"]["type"], _text_of(error, alarm))
    return reply | {"outputs": outputs.nbformat(), "seconds": time.monotonic() - started}


def close_figures() -> None:
    """Forget the figures that a call has left open; a cell's are shown and closed at its end."""
    figures = sys.modules.get("matplotlib._pylab_helpers")
    if figures is not None:
        figures.Gcf.destroy_all()


def _text_of(error: BaseException, alarm: Alarm) -> str:
    try:
        return alarm.limited(1.0, lambda: plain_text(error))
    except BaseException:  # the wall: their __str__ may raise anything, or take for ever
        return ""


@contextlib.contextmanager
def _collecting(shell: Shell, outputs: Outputs) -> Any:
    out, err = attach_streams()
    shell.outputs = out.outputs = err.outputs = outputs
    try:
        yield
    finally:
        shell.outputs = out.outputs = err.outputs = None
        attach_streams()


def _no_input(*_prompt: object) -> NoReturn:
    raise RuntimeError(NO_INPUT)
