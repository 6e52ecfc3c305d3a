"""Gradescope's side, as its documentation lays it out: folders, metadata, and what it does with them.

https://gradescope-autograders.readthedocs.io/en/latest/specs/ and …/submission_metadata/ (January 2025).
The folders lie below a temporary one instead of /autograder; both scripts work from where they stand.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

METADATA = {
    "id": 123456,
    "created_at": "2026-03-01T14:22:32.365935-07:00",
    "assignment": {
        "due_date": "2026-03-31T23:00:00.000000-07:00",
        "group_size": None,
        "group_submission": False,
        "id": 25828,
        "course_id": 1234,
        "late_due_date": None,
        "release_date": "2026-02-02T00:00:00.000000-07:00",
        "title": "Exercise",
        "total_points": "20.0",
    },
    "submission_method": "upload",
    "users": [{"email": "student@example.com", "id": 1234, "name": "Student User"}],
    "previous_submissions": [],
}
PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
TEST_FIELDS = {
    "score", "max_score", "status", "name", "name_format", "number", "output", "output_format", "tags",
    "visibility", "extra_data",
}  # fmt: skip
TOP_FIELDS = {
    "score", "execution_time", "output", "output_format", "test_output_format", "test_name_format",
    "visibility", "stdout_visibility", "extra_data", "tests", "leaderboard",
}  # fmt: skip
VISIBILITIES = {"hidden", "after_due_date", "after_published", "visible"}
FORMATS = {"text", "html", "simple_format", "md", "ansi"}


@dataclass(frozen=True)
class Run:
    """What Gradescope has after a run: the results, None where there are none, and what staff can read."""

    results: dict[str, Any] | None
    stdout: str
    code: int


def build(root: Path, archive: Path) -> None:
    """What is done when the zip is uploaded, without setup.sh: its files unpacked, run_autograder copied."""
    (root / "source").mkdir(parents=True)
    with zipfile.ZipFile(archive) as packed:
        for entry in packed.infolist():
            target = Path(packed.extract(entry, root / "source"))
            target.chmod(entry.external_attr >> 16)
    shutil.copy(root / "source" / "run_autograder", root / "run_autograder")
    assert os.access(root / "run_autograder", os.X_OK)
    (root / "results").mkdir()


def with_environment(root: Path, python: str = sys.executable) -> None:
    """An environment like the one of setup.sh: the packages of ``python``'s, but the kit of the zip."""
    subprocess.run([python, "-m", "venv", "--without-pip", root / "env"], check=True)
    asked = [python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"]
    theirs = subprocess.run(asked, check=True, capture_output=True, text=True).stdout
    (packages,) = (root / "env" / "lib").glob("python*/site-packages")
    # a folder that is named so has its own .pth files left alone, by which this kit would be found
    (packages / "theirs.pth").write_text(theirs)
    (packages / "kit.pth").write_text(f"{root / 'source' / 'kit'}\n")


def submit(root: Path, files: dict[str, str | bytes], metadata: object = METADATA) -> None:
    """A fresh submission, with what is known of it."""
    shutil.rmtree(root / "submission", ignore_errors=True)
    (root / "submission").mkdir()
    for name, content in files.items():
        target = root / "submission" / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content.encode() if isinstance(content, str) else content)
    (root / "submission_metadata.json").write_text(json.dumps(metadata))


def path_without(tool: str, folder: Path) -> str:
    """A PATH on which everything of the system is found but ``tool``."""
    folder.mkdir()
    for place in PATH.split(":"):
        for file in Path(place).glob("*"):
            if file.name != tool and not (folder / file.name).exists():
                (folder / file.name).symlink_to(file)
    return str(folder)


def run(root: Path, *, seconds: float = 300, path: str = PATH) -> Run:
    """Run the autograder as Gradescope does, from its root; results count when they are valid."""
    with (root / "results" / "stdout").open("w+b") as stdout:
        done = subprocess.run(
            [root / "run_autograder"],
            cwd=root,
            stdin=subprocess.DEVNULL,
            stdout=stdout,
            stderr=subprocess.STDOUT,
            env={"PATH": path, "HOME": str(root)},
            timeout=seconds,
            check=False,
        )
        stdout.seek(0)
        said = stdout.read().decode("utf-8", "replace")
    file = root / "results" / "results.json"
    found = json.loads(file.read_text(encoding="utf-8")) if file.exists() else None
    if found is not None:
        must_be_valid(found)
    return Run(found, said, done.returncode)


def must_be_valid(results: dict[str, Any]) -> None:
    """What the documentation says of results.json."""
    assert set(results) <= TOP_FIELDS
    scored = [test for test in results.get("tests", ()) if "score" in test]
    assert "score" in results or scored
    assert results.get("visibility", "visible") in VISIBILITIES
    assert results.get("stdout_visibility", "hidden") in VISIBILITIES
    for name in ("output_format", "test_output_format", "test_name_format"):
        assert results.get(name, "text") in FORMATS
    for test in results.get("tests", ()):
        assert set(test) <= TEST_FIELDS
        assert test.get("visibility", "visible") in VISIBILITIES
        assert test.get("status", "passed") in {"passed", "failed"}
        assert isinstance(test.get("output", ""), str)
        assert isinstance(test.get("extra_data", {}), dict)
        if "score" in test:
            assert 0 <= test["score"] <= test["max_score"]
