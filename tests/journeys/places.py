"""A folder that somebody works in: who, where, and what a command sees that is typed there."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

COMMAND_SECONDS = 600


@dataclass(frozen=True)
class Place:
    """A folder with an nbgrader_config.py, and the person who works in it.

    Args:
        root: the folder.
        home: the person's home.
        run_as: words before each command, where that person is another Unix user.
    """

    root: Path
    home: Path
    run_as: Sequence[str] = ()

    @property
    def environment(self) -> dict[str, str]:
        """The kit's own commands first, and nothing of whoever runs the tests."""
        kept = {name: os.environ[name] for name in ("LANG", "LC_ALL", "TERM", "TZ") if name in os.environ}
        private = {kind: str(self.home / f".jupyter/{kind}") for kind in ("config", "data", "runtime")}
        commands = str(Path(sys.executable).parent)
        return {
            **kept,
            **{f"JUPYTER_{kind.upper()}_DIR": folder for kind, folder in private.items()},
            "HOME": str(self.home),
            "PATH": f"{commands}{os.pathsep}{os.environ['PATH']}",
            "PYTHONUNBUFFERED": "1",
        }

    def run(self, line: str) -> subprocess.CompletedProcess[str]:
        """A command as it is typed in a terminal there, whatever its exit code."""
        return subprocess.run(
            [*self.run_as, "bash", "-c", line],
            cwd=self.root,
            env=self.environment,
            text=True,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            timeout=COMMAND_SECONDS,
            check=False,
        )

    def type(self, line: str) -> str:
        """A command that has to succeed; gives what it printed."""
        done = self.run(line)
        assert done.returncode == 0, f"{line} ended with {done.returncode}:\n{done.stdout}"
        return done.stdout
