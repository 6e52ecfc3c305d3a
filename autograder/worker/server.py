"""The warm fork server: imports the heavy libraries once, then forks a worker per connection.

Started as a script by ``launcher``, in an interpreter whose path holds no course.  It makes no
thread, no tensor and no model: a child forked after one of these hangs.  It runs no student's code.
"""

from __future__ import annotations

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


def main() -> None:
    """Read the order from descriptor 0, warm up, serve until that descriptor closes."""
    control = socket.socket(fileno=os.dup(0))
    order = json.loads(control.makefile("rb").readline())
    sys.path[:] = [*order["path"], *sys.path]
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(order["socket"])
    shell = _warm(order["warm"])
    listener.listen(64)
    control.sendall(b"ready\n")
    _serve(control, listener, shell, parent=os.getppid())


def _warm(names: list[str]) -> Any:
    from autograder.worker.shell import make_shell

    shell = make_shell()
    for name in names:
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


def _serve(control: socket.socket, listener: socket.socket, shell: Any, parent: int) -> None:
    from autograder.worker import keeper, processes

    server = os.getpid()
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
        pid = os.fork()
        if pid == 0:
            control.close()
            listener.close()
            try:
                keeper.keep(connection, lambda wire: _work(wire, shell), server)
            finally:
                os._exit(1)
        keepers.add(pid)
        connection.close()
    processes.end_descendants()


def _work(connection: socket.socket, shell: Any) -> None:
    """Be a worker: hold no descriptor but the wire, then answer the judge."""
    from autograder.wire import Channel
    from autograder.worker.agent import Agent

    wire = os.dup2(connection.fileno(), 3, inheritable=False) if connection.fileno() != 3 else 3
    nowhere = os.open(os.devnull, os.O_RDWR)
    for descriptor in (0, 1, 2):
        os.dup2(nowhere, descriptor)
    os.closerange(4, 4096)
    channel = Channel(socket.socket(fileno=os.dup(wire)))
    os.close(wire)
    connection.detach()
    Agent(channel, shell).run()


if __name__ == "__main__":
    main()
