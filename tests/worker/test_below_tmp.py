"""An environment below /tmp has the sandbox too: the box's own /tmp covers the system's, but not that."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from autograder.worker import box, levels

KIT = Path(box.__file__).parents[1]
# an ordinary user must reach the interpreter, which may lie in a folder that is root's alone
OPEN_THE_WAY = """
set -e
if [ -n "$1" ]; then
    mount -t tmpfs none /mnt && mkdir /mnt/base && mount --bind "$2" /mnt/base
    mount -t tmpfs -o mode=755 none "$1" && mkdir -p "$2" && mount --bind /mnt/base "$2"
fi
shift 2
exec setpriv --reuid 1000 --regid 1000 --clear-groups --inh-caps=-all --bounding-set=-all "$@"
"""
ASK = r"""
import json, sys
from pathlib import Path
from autograder.worker.launcher import WarmServer, hire
from autograder.errors import IsolationError

SEEN = '''
import json, os, sys
def refused(path):
    try:
        open(path, "w")
    except OSError:
        return True
os.chdir("/tmp")
open("own", "w").write("x")
print(json.dumps([os.path.isfile(ROOT + "/venv/bin/activate"), refused(ROOT + "/venv/x"),
                  sorted(os.listdir("/tmp")), sorted(os.listdir(ROOT)), os.getuid()]))
'''
question = {"ask": "run_cell", "name": "c", "source": f"ROOT = {sys.argv[1]!r}\n{SEEN}", "seconds": 20.0}
try:
    with WarmServer.start(("numpy",), level="sandbox", hidden=[Path(sys.argv[1])]) as server:
        for _ in range(2):
            with hire(server.address) as worker:
                reply = worker.ask(question, lambda _: {}, 30.0)
                print(reply["outputs"][0]["text"] if reply["outcome"] == "ok" else reply["error"])
except IsolationError as error:
    print(error)
"""


@pytest.fixture
def checkout() -> Iterator[Path]:
    """A copy of the kit with an environment of its own, in a folder below the system's /tmp."""
    with tempfile.TemporaryDirectory(prefix="check out ", dir="/tmp") as name:
        root = Path(name)
        root.chmod(0o755)
        shutil.copytree(KIT, root / "autograder", ignore=shutil.ignore_patterns("__pycache__"))
        (root / "secret.txt").write_text("a canary")
        subprocess.run([sys.executable, "-m", "venv", "--without-pip", root / "venv"], check=True)
        (libraries,) = (root / "venv").glob("lib/python*/site-packages")
        here = [path for path in sys.path if path.endswith("site-packages")]
        (libraries / "more.pth").write_text("\n".join([str(root), *here]))
        yield root


def as_an_ordinary_user() -> list[str]:
    """How root starts a command as user 1000; skips where that cannot be done."""
    base = Path(sys.base_prefix).resolve()
    closed = next((str(p) for p in reversed(base.parents) if not p.stat().st_mode & 0o001), "")
    start = ["unshare", "--mount", "/bin/sh", "-c", OPEN_THE_WAY, "sh", closed, str(base)]
    if os.getuid() != 0 or subprocess.run([*start, "true"], capture_output=True, check=False).returncode:
        pytest.skip("only root, with all its rights, can become somebody else here")
    return start


@pytest.mark.parametrize("start", [list, as_an_ordinary_user])
def test_a_checkout_below_tmp_has_the_sandbox(checkout: Path, start: Callable[[], list[str]]) -> None:
    if box.missing(levels.SANDBOX):
        pytest.skip(box.missing(levels.SANDBOX))
    command = [*start(), checkout / "venv/bin/python", "-c", ASK, checkout]
    done = subprocess.run(command, cwd="/", capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    if "cannot be had here" in done.stdout:
        pytest.skip(done.stdout)
    lines = list(filter(None, done.stdout.splitlines()))
    assert len(lines) == 2
    for line in lines:
        there, refused, in_tmp, beside, user = json.loads(line)
        assert (there, refused) == (True, True)
        assert in_tmp == sorted([checkout.name, "own"])  # nothing of the first worker's
        assert beside == ["venv"]  # neither the kit nor the secret
        assert user == box.NOBODY
