"""The two commands of the README: their targets exist, and a Python is chosen or refused in clear words."""

from __future__ import annotations

import hashlib
import re
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")


@pytest.fixture
def checkout(tmp_path):
    """A checkout as far as make-env sees it."""
    shutil.copytree(ROOT / "requirements", tmp_path / "requirements")
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


def pretend_python(folder, name, version):
    """A command that answers like a Python of some version, and can do nothing else."""
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / name
    file.write_text(
        f"#!/bin/sh\ncase $2 in *version_info*) echo {version};; *realpath*) echo $0;; *) exit 1;; esac\n"
    )
    file.chmod(0o755)
    return file


def make_env(checkout, python="", path="/usr/bin:/bin"):
    return subprocess.run(
        [checkout / "requirements/make-env"],
        env={"PATH": str(path), "PYTHON": str(python)},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize("version", ["3.10.13", "3.14.0", "2.7.18"])
def test_a_python_too_old_or_too_new_is_refused_by_its_version(checkout, version):
    python = pretend_python(checkout / "bin", "python3.x", version)
    done = make_env(checkout, python)
    assert done.returncode == 2
    assert "3.11, 3.12 or 3.13 is needed" in done.stderr
    assert version in done.stderr
    assert not (checkout / ".venv").exists()


def test_a_python_that_is_not_there_is_named(checkout):
    done = make_env(checkout, "python3.12.77")
    assert done.returncode == 2
    assert "got PYTHON=python3.12.77" in done.stderr


def test_a_python_without_venv_names_the_package_to_install(checkout):
    done = make_env(checkout, pretend_python(checkout / "bin", "python3.12", "3.12.4"))
    assert done.returncode == 2
    assert "sudo apt-get install python3.12-venv" in done.stderr


def test_an_environment_that_fits_is_left_alone(checkout):
    python = pretend_python(checkout / ".venv/bin", "python", "3.12.4")
    lock, project = checkout / "requirements/lock-py312.txt", checkout / "pyproject.toml"
    sums = [f"{hashlib.sha256(file.read_bytes()).hexdigest()}  -" for file in (lock, project)]
    (checkout / ".venv/made-from").write_text(f"{python.relative_to(checkout)} 3.12.4 {checkout} {sums[0]}\n")
    (checkout / ".venv/kit-from").write_text(f"{sums[1]}\n")
    done = make_env(checkout)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_another_lock_makes_the_environment_again(checkout):
    pretend_python(checkout / ".venv/bin", "python", "3.12.4")
    (checkout / ".venv/made-from").write_text("something older\n")
    done = make_env(checkout)
    assert "Making .venv with Python 3.12.4" in done.stderr


@pytest.mark.parametrize("target", ["demo", "test", "release", "lint", "bench", "prove", "clean", "help"])
def test_the_makefile_has_the_targets_that_the_pages_name(target):
    assert re.search(rf"^{target}:", MAKEFILE, re.MULTILINE)


def test_every_target_that_a_page_names_exists():
    targets = set(re.findall(r"^([a-z-]+):", MAKEFILE, re.MULTILINE))
    pages = [*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")]
    named = {
        name
        for page in pages
        for name in re.findall(r"(?:^|`)make ([a-z-]*[a-z])", page.read_text(encoding="utf-8"), re.MULTILINE)
    }
    assert {"demo", "test"} <= named <= targets


def test_help_names_every_target():
    shown = subprocess.run(
        ["make", "-s", "help"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout
    phony = re.search(r"^\.PHONY: (.*)", MAKEFILE, re.MULTILINE)
    assert phony is not None
    assert set(re.findall(r"^make ([a-z-]+)", shown, re.MULTILINE)) == set(phony.group(1).split())


def run_of_a_fresh_clone(tmp_path, failing=""):
    """Its exit code, and what it made; nothing is really made, and ``failing`` fails."""
    for name, text in (("make", MAKE), ("apt-get", "#!/bin/sh\n")):
        (tmp_path / name).write_text(text)
        (tmp_path / name).chmod(0o755)
    environment = {"PATH": f"{tmp_path}:/usr/bin:/bin", "MADE": str(tmp_path / "made"), "FAILING": failing}
    done = subprocess.run([ROOT / ".ci/run"], env=environment, capture_output=True, text=True, check=False)
    return done.returncode, sorted((tmp_path / "made").read_text().splitlines())


MAKE = """#!/bin/sh
echo "$*" >> "$MADE"
case "$*" in "$FAILING"*) test -z "$FAILING";; esac
"""


def test_the_run_of_a_fresh_clone_covers_style_tests_proof_and_demo(tmp_path):
    code, made = run_of_a_fresh_clone(tmp_path)
    assert code == 0
    assert [line.split()[0] for line in made] == ["demo", "env", "lint", "prove", "test", "test"]
    without, beside = (line.partition("CHOOSE=")[2] for line in made[-2:])
    assert without == f"--ignore={beside}"
    assert list((ROOT / beside).glob("test_*.py"))


@pytest.mark.parametrize("target", ["demo", "env", "lint", "prove", "test CHOOSE=-", "test CHOOSE=t"])
def test_the_run_of_a_fresh_clone_fails_with_any_of_them(tmp_path, target):
    code, made = run_of_a_fresh_clone(tmp_path, target)
    assert code != 0
    assert [line for line in made if line.startswith(target)]
