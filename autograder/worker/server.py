"""The warm fork server: imports the heavy libraries once, then forks a worker per connection.

Started as a script by ``launcher``, in an interpreter whose path holds no course.  It makes no
thread, no tensor and no model: a child forked after one of these hangs.  It runs no student's code.
"""

from __future__ import annotations

import contextlib
import gc
import importlib
import json
import os
import select
import socket
import sys
from pathlib import Path
from typing import Any

# The imports of the kit stand inside functions: the path is only right once main() has set it.

PARENT_MS = 1000
WIRE = 3  # the descriptor of a worker's wire
ORDER_BYTES = 1 << 16
FIRST_USED = (
    "autograder.worker.agent",
    "autograder.worker.keeper",
    "numpy.random",
    "IPython.core.logger",
    "tensorflow.python.data.ops.concatenate_op",
    "tensorflow.python.data.ops.flat_map_op",
    "tensorflow.python.data.ops.from_tensors_op",
    "tensorflow.python.data.ops.range_op",
    "tensorflow.python.data.ops.zip_op",
)
"""What every worker would import by itself, at the latest when it trains; some names are the libraries' own
business, and may go."""


def main() -> None:
    """Take the order and the listening socket from descriptor 0, warm up, serve until that closes."""
    control = socket.socket(fileno=os.dup(0))
    line, descriptors, _, _ = socket.recv_fds(control, ORDER_BYTES, 1)
    order = json.loads(line)
    sys.path[:] = [*order["path"], *sys.path]
    for name in ("PWD", "OLDPWD"):  # put there by what started us, and soon wrong
        os.environ.pop(name, None)
    from autograder.worker import processes

    if order["level"] == "sandbox":
        _try_namespaces()
    shell = _warm(order["warm"])
    own = processes.pidfds(os.getpid())
    with contextlib.suppress(BrokenPipeError):  # a launcher that is gone is noticed below
        socket.send_fds(control, [b"ready\n"], own)
    for descriptor in own:
        os.close(descriptor)
    _serve(control, socket.socket(fileno=descriptors[0]), shell, order)


def _try_namespaces() -> None:
    """End at once, before the slow imports, where a worker could not be given its namespaces."""
    from autograder.worker import namespaces

    child = os.fork()
    if child == 0:
        try:
            namespaces.separate()
        except OSError as error:
            os.write(2, f"{error}\n".encode())
            os._exit(1)
        os._exit(0)
    if os.waitpid(child, 0)[1] != 0:
        os._exit(1)


def _warm(names: list[str]) -> Any:
    from autograder.worker.shell import make_shell

    shell = make_shell()
    for name in names:
        importlib.import_module(name)
    for name in FIRST_USED:
        if name.partition(".")[0] in sys.modules:
            with contextlib.suppress(ImportError):
                importlib.import_module(name)
    if "matplotlib" in names:
        shell.enable_matplotlib("inline")
    tasks = Path("/proc/self/task")
    threads = len(list(tasks.iterdir())) if tasks.is_dir() else 1
    if threads != 1:
        raise SystemExit(f"a warm server has one thread, or its forks hang (got {threads})")
    gc.collect()
    gc.freeze()  # the collector would otherwise touch, and so copy, every shared page in the child
    return shell


def _serve(control: socket.socket, listener: socket.socket, shell: Any, order: dict[str, Any]) -> None:
    from autograder.worker import processes

    server, parent = os.getpid(), os.getppid()
    processes.adopt_orphans()
    keepers: set[int] = set()
    poller = select.poll()
    poller.register(control, select.POLLIN | select.POLLHUP)
    poller.register(listener, select.POLLIN)
    while True:
        events = dict(poller.poll(PARENT_MS))
        keepers.difference_update(processes.reap())
        processes.end_orphans(keepers)
        if control.fileno() in events or os.getppid() != parent:
            break
        if listener.fileno() not in events:
            continue
        connection, _ = listener.accept()
        with contextlib.suppress(BlockingIOError):  # no process can be made now: the caller sees a hang-up
            pid = os.fork()
            if pid == 0:
                _keep([control, listener], connection, shell, server, order)
            keepers.add(pid)
        connection.close()
    processes.end_descendants()


def _keep(
    others: list[socket.socket], connection: socket.socket, shell: Any, server: int, order: dict[str, Any]
) -> None:
    """Be the keeper of one worker, and nothing after that."""
    from autograder.worker import keeper

    try:
        for other in others:
            other.close()
        nowhere = os.open(os.devnull, os.O_RDWR)
        for descriptor in (0, 1, 2):
            os.dup2(nowhere, descriptor)
        os.close(nowhere)

        def work(wire: socket.socket, level: str) -> None:
            _work(wire, shell, level)

        keeper.keep(connection, work, server, order["level"], order["readable"])
    finally:
        os._exit(1)


def _work(connection: socket.socket, shell: Any, level: str) -> None:
    """Be a worker: hold no descriptor but the wire (0, 1 and 2 lead nowhere), then answer the judge."""
    from autograder.wire import Channel
    from autograder.worker.agent import Agent
    from autograder.worker.processes import MOST_DESCRIPTORS

    wire = connection.detach()
    if wire != WIRE:
        os.dup2(wire, WIRE, inheritable=False)
    os.closerange(WIRE + 1, MOST_DESCRIPTORS)
    Agent(Channel(socket.socket(fileno=WIRE)), shell, level).run()


if __name__ == "__main__":
    main()
