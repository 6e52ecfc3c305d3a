"""The locks pin every package exactly, for each Python and machine that we support, and hold no address."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet

ROOT = Path(__file__).parents[2]
LOCKS = sorted((ROOT / "requirements").glob("lock-py*.txt"))
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
X86 = {"sys_platform": "linux", "platform_machine": "x86_64"}
ARM = {"sys_platform": "linux", "platform_machine": "aarch64"}
BUILDS = {"tensorflow", "tensorflow-cpu"}

each_lock = pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.stem)


def entries(lock):
    """The requirements of a lock, each with its hashes."""
    joined = lock.read_text(encoding="utf-8").replace("\\\n", " ")
    lines = [line for line in joined.splitlines() if line and not line.startswith("#")]
    return [
        (Requirement(line.split("--hash")[0]), re.findall(r"--hash=sha256:[0-9a-f]{64}", line))
        for line in lines
    ]


def python_of(lock):
    return re.sub(r"lock-py3", "3.", lock.stem)


def pinned(lock, machine):
    """Versions by name, as installed on one kind of machine."""
    python = {"python_version": python_of(lock), "python_full_version": f"{python_of(lock)}.9", **machine}
    return {
        requirement.name: next(iter(requirement.specifier)).version
        for requirement, _ in entries(lock)
        if requirement.marker is None or requirement.marker.evaluate(python)
    }


def test_there_is_a_lock_for_each_python_of_the_project():
    supported = SpecifierSet(PROJECT["project"]["requires-python"])
    assert [python_of(lock) for lock in LOCKS] == [
        f"3.{minor}" for minor in range(9, 20) if f"3.{minor}.1" in supported
    ]


@each_lock
def test_every_package_is_pinned_with_its_hashes(lock):
    for requirement, hashes in entries(lock):
        assert [clause.operator for clause in requirement.specifier] == ["=="], requirement
        assert hashes, f"{requirement} has no hash"


@each_lock
def test_a_lock_holds_no_address_and_no_path(lock):
    text = lock.read_text(encoding="utf-8")
    assert not re.search(r"://|@|--(?!hash=)\w|(?<!\w)/\w", text)


@each_lock
@pytest.mark.parametrize("machine", [X86, ARM], ids=["x86_64", "aarch64"])
def test_a_lock_satisfies_every_dependency_of_the_project(lock, machine):
    versions = pinned(lock, machine)
    wanted = [*PROJECT["project"]["dependencies"], *PROJECT["dependency-groups"]["dev"]]
    for requirement in map(Requirement, wanted):
        if requirement.marker is None or requirement.marker.evaluate(machine):
            assert requirement.specifier.contains(versions[requirement.name]), requirement


@each_lock
def test_tensorflow_is_the_cpu_build_where_there_is_one(lock):
    assert BUILDS & set(pinned(lock, X86)) == {"tensorflow-cpu"}
    assert BUILDS & set(pinned(lock, ARM)) == {"tensorflow"}


@pytest.mark.parametrize("name", ["numpy", "tensorflow-cpu", "keras", "nbgrader", "pytest", "ipython"])
def test_what_decides_a_grade_has_one_version_on_every_python(name):
    assert len({pinned(lock, X86)[name] for lock in LOCKS}) == 1


def test_a_lock_was_made_by_the_makefile_and_says_so():
    for lock in LOCKS:
        assert "make lock" in lock.read_text(encoding="utf-8").split("\n", 2)[1]
