"""The first cell of the notebook asks this file whether Python and the packages fit the course.

You may read it; it needs nothing but Python, and runs on Pythons that are too old for the notebook.
What the course uses is told by assignment.json, which lies beside this file.
"""

from __future__ import annotations

import json
import platform
import re
from importlib import metadata, util
from pathlib import Path
from typing import Any, NamedTuple

HERE = Path(__file__).resolve().parent
SHOWN = {"numpy": "NumPy", "matplotlib": "Matplotlib", "keras": "Keras", "tensorflow": "TensorFlow"}
ALSO_CALLED = {"tensorflow": ["tensorflow-cpu", "tensorflow-macos", "tensorflow-intel", "tf-nightly"]}


class NotReady(Exception):
    """Says in one sentence why the notebook cannot start; Jupyter shows the sentence alone."""

    def _render_traceback_(self) -> list[str]:
        return [str(self)]


class Finding(NamedTuple):
    """About one package: how it is shown where it fits, a sentence where not, and what to install."""

    fits: str = ""
    sentence: str = ""
    install: str = ""


def check_environment(folder: Path = HERE) -> None:
    """Print one line about what fits, a sentence about what does not, and how to put it right.

    Raises NotReady, one sentence, when a package or a file of the notebook is missing.
    """
    try:
        course = json.loads((folder / "assignment.json").read_text(encoding="utf-8"))
        installed = {name: _installed(name, wanted["install"]) for name, wanted in course["packages"].items()}
        lines = _lines(course, platform.python_version(), installed)
        lost = [name for name in course["files"] if not (folder / name).exists()]
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        print(
            f"Python {platform.python_version()}. Nothing could be compared with the course: the file "
            "assignment.json, which belongs beside the notebook, is missing or cannot be read."
        )
        return
    print("\n".join(lines))
    missing = [SHOWN.get(name, name) for name, version in installed.items() if version is None]
    if missing:
        are = "is" if len(missing) == 1 else "are"
        raise NotReady(f"The notebook cannot start yet: {_listed(missing)} {are} not installed.")
    if lost:
        print("Unpack the zip again, and open the notebook in the folder that comes out of it.")
        raise NotReady(f"The notebook cannot start yet: {_listed(lost)} must lie beside it.")


def _installed(module: str, install: str) -> str | None:
    """The version of a package, without importing it; "" when only that is unknown, None without package."""
    for name in [install, module, *ALSO_CALLED.get(module, [])]:
        try:
            return metadata.version(name) or ""
        except metadata.PackageNotFoundError:
            continue
    return None if util.find_spec(module) is None else ""


def _lines(course: Any, python: str, installed: dict[str, str | None]) -> list[str]:
    """First what fits, then a sentence per difference, then how to put it right."""
    findings = [_about_python(python, course["python"])]
    for name, version in installed.items():
        findings.append(_about(SHOWN.get(name, name), version, **course["packages"][name]))
    fits = ", ".join(finding.fits for finding in findings if finding.fits)
    lines = [f"Fits the course: {fits}."] if fits else []
    lines += [finding.sentence for finding in findings if finding.sentence]
    install = " ".join(f'"{finding.install}"' for finding in findings if finding.install)
    if install:
        lines += [
            "To put it right, run this line in a cell of its own:",
            f"    %pip install {install}",
            "Then restart the kernel (menu Kernel, Restart Kernel) and run the notebook again from the top.",
        ]
    return lines


def _about(name: str, version: str | None, *, course: str, oldest: str, install: str) -> Finding:
    """What is to be said of one package, of which the course uses one version and accepts others."""
    wanted = f"{install}>={oldest}"
    if version is None:
        return Finding(sentence=f"{name} is missing; the course uses {course}.", install=wanted)
    found, used = _numbers(version), _numbers(course)
    if not found:
        return Finding(fits=f"{name} (its version is not known)")
    if found < _numbers(oldest):
        sentence = f"{name} {version} is older than {oldest}, the oldest that fits; the course uses {course}."
        return Finding(sentence=sentence, install=wanted)
    if found[0] > used[0]:
        sentence = (
            f"{name} {version} is a generation newer than {course}, which the course uses. Try it; if "
            f'something does not work: %pip install "{install}<{used[0] + 1}".'
        )
        return Finding(sentence=sentence)
    return Finding(f"{name} {version}" + ("" if found[:2] == used[:2] else f" (the course uses {course})"))


def _about_python(version: str, wanted: Any) -> Finding:
    oldest, newest = wanted["oldest"], wanted["newest"]
    if _numbers(version) < _numbers(oldest):
        return Finding(
            sentence=f"Python {version} is older than {oldest}, the oldest that fits: install Python "
            f"{newest} (python.org), then the packages, and open the notebook with it."
        )
    if _numbers(version)[:2] > _numbers(newest):
        return Finding(
            sentence=f"Python {version} is newer than {newest}, the newest that the course was tried with. "
            f"Try it; if something does not work, use Python {newest}."
        )
    return Finding(fits=f"Python {version}")


def _numbers(version: str) -> tuple[int, ...]:
    """(2, 20) of "2.20.0rc1": zeros at the end say nothing; () where a text begins with no number."""
    found = re.match(r"\d+(\.\d+)*", version)
    parts = [int(part) for part in found.group().split(".")] if found else []
    while len(parts) > 1 and parts[-1] == 0:
        del parts[-1]
    return tuple(parts)


def _listed(names: list[str]) -> str:
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)
