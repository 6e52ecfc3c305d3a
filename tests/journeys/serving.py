"""JupyterLab servers on loopback, with nbgrader's extensions: started, waited for, ended with their kernels.

Settings, running files and the token lie in the home of whoever is served, which its maker removes.
"""

from __future__ import annotations

import json
import re
import secrets
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil

from tests.journeys.places import Place

START_SECONDS, STOP_SECONDS = 300, 30
READY = re.compile(r"(http://127\.0\.0\.1:\d+)/lab")
USER_SETTINGS = {
    # every cell stays on the page, wherever it is scrolled to: a test reads the last as well as the first
    "@jupyterlab/notebook-extension/tracker": {"windowingMode": "none"},
    "@jupyterlab/apputils-extension/notification": {"fetchNews": "false", "checkForUpdates": False},
}


@dataclass(frozen=True)
class Server:
    """A running server; whoever opens ``door`` in a browser is let in."""

    url: str
    token: str
    root: Path

    @property
    def door(self) -> str:
        return f"{self.url}/lab?token={self.token}"


@contextmanager
def jupyterlabs(*places: Place) -> Iterator[list[Server]]:
    """A server for each of these, all started before the first is waited for."""
    with ExitStack() as stack:
        started = [stack.enter_context(_started(place)) for place in places]
        yield [_ready(place, *each) for place, each in zip(places, started, strict=True)]


@contextmanager
def _started(place: Place) -> Iterator[tuple[subprocess.Popen[str], str]]:
    token = secrets.token_hex(16)
    _write_settings(place)
    command = [*(place.run_as or _with_me()), sys.executable, "-m", "jupyterlab"]
    command += ["--no-browser", "--ip=127.0.0.1", "--port=0", "--allow-root"]
    command += [
        f"--ServerApp.root_dir={place.root}",
        "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
    ]
    process = subprocess.Popen(
        command,
        cwd=place.root,
        env={**place.environment, "JUPYTER_TOKEN": token},
        text=True,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    try:
        yield process, token
    finally:
        end_with_all_it_started(process)


def end_with_all_it_started(process: subprocess.Popen[str]) -> None:
    """Ask the process to end, then end whatever is left of it and of its kernels."""
    try:
        family = [psutil.Process(process.pid), *psutil.Process(process.pid).children(recursive=True)]
    except psutil.NoSuchProcess:
        family = []
    process.terminate()
    _, left = psutil.wait_procs(family, timeout=STOP_SECONDS)
    for one in left:
        one.kill()
    process.wait()


def _with_me() -> list[str]:
    """Words before a command that has to end also when this process is killed."""
    return ["setpriv", "--pdeathsig", "TERM"] if shutil.which("setpriv") else []


def _ready(place: Place, process: subprocess.Popen[str], token: str) -> Server:
    """Read what the server says for as long as it runs; give its address once it has one."""
    address: list[str] = []
    said: list[str] = []
    known = threading.Event()

    def read() -> None:
        assert process.stdout is not None
        with process.stdout as lines:
            for line in lines:
                said.append(line)
                found = READY.search(line)
                if found and not address:
                    address.append(found[1])
                    known.set()
        known.set()

    threading.Thread(target=read, name="what the server says", daemon=True).start()
    known.wait(START_SECONDS)
    if not address:
        raise RuntimeError(f"JupyterLab did not start; it said last: {''.join(said)[-2000:]}")
    return Server(address[0], token, place.root)


def _write_settings(place: Place) -> None:
    folder = Path(place.environment["JUPYTER_CONFIG_DIR"]) / "lab/user-settings"
    for name, content in USER_SETTINGS.items():
        file = folder / f"{name}.jupyterlab-settings"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(json.dumps(content), encoding="utf-8")
