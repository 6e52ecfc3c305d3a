"""What the doctor sees of the Python environment: versions, commands on the PATH, variables that mislead.

Reads the packages' metadata only: importing TensorFlow to learn its version would take seconds.
"""

from __future__ import annotations

import json
import os
import platform
import re
import shutil
import sys
from collections.abc import Mapping
from importlib import metadata
from pathlib import Path

from autograder.commands.doctor.finding import Finding, State

PACKAGES = ("numpy", "keras", "nbgrader", "nbconvert", "jupyterlab", "notebook", "ipykernel", "pytest")
TENSORFLOW = ("tensorflow-cpu", "tensorflow", "tensorflow-cpu-aws", "tensorflow-macos")
COMMANDS = ("alembic", "nbgrader", "jupyter", "python")
REINSTALL = "Remove .venv and run make env."
ROOT = Path(__file__).parents[3]
"""The checkout, when the kit is installed from one."""


def examine_environment(path: str) -> list[Finding]:
    """Findings about this process's own environment; commands are looked up on ``path``."""
    home = Path(os.environ.get("KERAS_HOME") or Path.home() / ".keras")
    here = Path(sys.prefix) / "bin"
    return [
        python(sys.version_info[:3]),
        *packages(_versions()),
        locked(ROOT / f"requirements/lock-py{sys.version_info.major}{sys.version_info.minor}.txt"),
        *commands(path, here),
        variables(os.environ),
        keras_backend(os.environ, home / "keras.json"),
    ]


def python(version: tuple[int, int, int]) -> Finding:
    """Whether this Python is one that the kit is tested on."""
    seen = ".".join(str(part) for part in version)
    if (3, 11) <= version[:2] <= (3, 13):
        return Finding("python", State.OK, seen)
    return Finding(
        "python", State.PROBLEM, seen, "Use Python 3.11, 3.12 or 3.13: make env PYTHON=python3.12."
    )


def packages(versions: Mapping[str, str | None]) -> list[Finding]:
    """A line per package that grading needs; None stands for one that is not installed."""
    return [
        Finding(name, State.OK, version)
        if version
        else Finding(name, State.PROBLEM, "not installed", REINSTALL)
        for name, version in versions.items()
    ]


def locked(lock: Path) -> Finding:
    """Whether what is installed is what the lock says; other versions can grade differently."""
    if not lock.is_file():
        return Finding("lock", State.OK, "none here: the kit is not installed from a checkout")
    pinned: dict[str, set[str]] = {}
    for name, version in re.findall(
        r"^([\w.-]+)==([\w.+!-]+)", lock.read_text(encoding="utf-8"), re.MULTILINE
    ):
        pinned.setdefault(name, set()).add(version)  # a name with two versions: one for another system
    found = {name: version for name in pinned if (version := _version(name))}
    others = [
        f"{name} {version} instead of {' or '.join(sorted(pinned[name]))}"
        for name, version in found.items()
        if version not in pinned[name]
    ]
    if not others:
        return Finding("lock", State.OK, f"{len(found)} packages, all as in {lock.name}")
    more = f" and {len(others) - 3} more" if len(others) > 3 else ""
    return Finding("lock", State.WARNING, "; ".join(others[:3]) + more, REINSTALL)


def commands(path: str, here: Path) -> list[Finding]:
    """Whether the commands found on ``path`` are those of the environment whose commands lie in ``here``.

    nbgrader starts alembic by its name; where that fails, a half-made gradebook stays behind.
    """
    findings = []
    remedy = "Run: source .venv/bin/activate (or put the environment's bin folder first on PATH)."
    for name in COMMANDS:
        found = shutil.which(name, path=path)
        if found is None:
            state = State.PROBLEM if name == "alembic" else State.WARNING
            findings.append(Finding(f"{name} on PATH", state, "not found", remedy))
        elif not Path(found).parent.samefile(here):
            findings.append(Finding(f"{name} on PATH", State.WARNING, f"another one: {found}", remedy))
        else:
            findings.append(Finding(f"{name} on PATH", State.OK, "the environment's own"))
    return findings


def variables(environ: Mapping[str, str]) -> Finding:
    """Whether a variable brings other code into every Python that grading starts."""
    seen = [name for name in ("PYTHONPATH", "PYTHONHOME", "PYTHONSTARTUP") if environ.get(name)]
    if not seen:
        return Finding("variables", State.OK, "none that changes what Python imports")
    remedy = f"Run: unset {' '.join(seen)} (it mixes other code into the environment)."
    return Finding("variables", State.WARNING, f"{', '.join(seen)} is set", remedy)


def keras_backend(environ: Mapping[str, str], file: Path) -> Finding:
    """Whether Keras would use TensorFlow, as the course does."""
    backend, where = environ.get("KERAS_BACKEND"), "KERAS_BACKEND"
    if not backend:
        where = file.name
        try:
            backend = json.loads(file.read_text(encoding="utf-8")).get("backend", "tensorflow")
        except (OSError, ValueError, AttributeError):
            backend = "tensorflow"  # Keras, too, falls back to it
    if backend == "tensorflow":
        return Finding("keras backend", State.OK, "tensorflow")
    remedy = f"Set the backend to tensorflow in {where}: the course's models are TensorFlow's."
    return Finding("keras backend", State.PROBLEM, f"{backend} (from {where})", remedy)


def _versions() -> dict[str, str | None]:
    tensorflow = next((version for name in TENSORFLOW if (version := _version(name))), None)
    system = {"system": f"{platform.system()} {platform.machine()}"}
    return {**system, "tensorflow": tensorflow, **{name: _version(name) for name in PACKAGES}}


def _version(name: str) -> str | None:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return None
