"""What the student's side is given: a few files of the kit, the released files, an environment.

Trusted, and never staged itself.  It gives no path of the course and nothing of the caller's environment.
"""

from __future__ import annotations

import contextlib
import importlib.util
import os
import shutil
import site
import stat
import subprocess
import sys
import tarfile
from pathlib import Path
from typing import IO

KIT = Path(__file__).resolve().parent.parent
_STAGED = ("__init__.py", "errors.py", "wire", "worker")
_UNSTAGED = (
    "box.py",
    "doors.py",
    "escapes.py",
    "folders.py",
    "hiring.py",
    "launcher.py",
    "selftest.py",
    "sharing.py",
    "staging.py",
    "__pycache__",
)


def pack_regular_files(source: Path, packed: IO[bytes]) -> None:
    """Write the regular files below ``source`` into an archive; links, pipes and devices are left out.

    Raises OSError where a folder cannot be read.
    """
    with tarfile.open(fileobj=packed, mode="w:") as archive:
        for folder, names, files in os.walk(source, onerror=_raise):
            names[:] = [name for name in names if not (Path(folder) / name).is_symlink()]
            for name in (*names, *files):
                path = Path(folder) / name
                if name in names or stat.S_ISREG(path.lstat().st_mode):
                    archive.add(path, str(path.relative_to(source)), recursive=False)
    packed.seek(0)


def _raise(error: OSError) -> None:
    raise error


def remove(folder: Path) -> None:
    """Remove a folder in which a student's code has lived: closed to us, or nested thousands deep."""
    with contextlib.suppress(RecursionError):
        shutil.rmtree(folder, ignore_errors=True)
    if folder.exists():
        # both go down by descriptors, follow no link, and need no stack
        command = 'chmod -R u+rwx -- "$1"; rm -rf -- "$1"'
        quiet = subprocess.DEVNULL
        subprocess.run(["/bin/sh", "-c", command, "sh", str(folder)], stderr=quiet, stdout=quiet, check=False)


def stage_kit(target: Path) -> None:
    """Copy the few files of the kit that the student's side needs; nothing else of it is there."""
    target.mkdir()
    for name in _STAGED:
        path = KIT / name
        if path.is_dir():
            shutil.copytree(path, target / name, ignore=shutil.ignore_patterns(*_UNSTAGED))
        else:
            shutil.copyfile(path, target / name)


def stage_accounts(target: Path) -> None:
    """The only account that there is in a sandbox, for what asks who it is."""
    target.mkdir()
    (target / "passwd").write_text("nobody:x:65534:65534:nobody:/box:/bin/sh\n")
    (target / "group").write_text("nogroup:x:65534:\n")


def open_to_others(folder: Path) -> None:
    """Let every user read what is below ``folder``, whatever our umask made of it."""
    for place, _, files in os.walk(folder):
        Path(place).chmod(0o755)
        for name in files:
            (Path(place) / name).chmod(0o644)


def clean_environment(home: Path) -> dict[str, str]:
    """The whole environment of the server and its workers; nothing is taken from ours."""
    return {
        "PATH": os.pathsep.join([str(Path(sys.executable).parent), "/usr/local/bin", "/usr/bin", "/bin"]),
        "LANG": "C.UTF-8",
        "HOME": str(home),
        "TMPDIR": str(home),
        "MPLCONFIGDIR": str(home / "matplotlib"),
        "MPLBACKEND": "module://matplotlib_inline.backend_inline",
        "IPYTHONDIR": str(home / "ipython"),
        "KERAS_HOME": str(home / "keras"),
        "KERAS_BACKEND": "tensorflow",
        "CUDA_VISIBLE_DEVICES": "-1",
        "TF_CPP_MIN_LOG_LEVEL": "3",
        # one thread per worker: workers run side by side, and training repeats bit by bit
        "TF_NUM_INTRAOP_THREADS": "1",
        "TF_NUM_INTEROP_THREADS": "1",
        "OMP_NUM_THREADS": "1",
        "OPENBLAS_NUM_THREADS": "1",
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONNOUSERSITE": "1",
        # the order of a set of words is then the same in every run: so is the grade that hangs on it
        "PYTHONHASHSEED": "0",
    }


def library_folders() -> list[str]:
    """Where the libraries lie: site-packages, and wherever else one of them was found."""
    folders = [Path(folder) for folder in site.getsitepackages()]
    for name in ("numpy", "tensorflow", "keras", "matplotlib", "IPython"):
        spec = importlib.util.find_spec(name)
        if spec is not None and spec.origin is not None:
            folders.append(Path(spec.origin).parent.parent)
    known = dict.fromkeys(str(folder) for folder in folders if folder.is_dir() and folder != KIT.parent)
    return list(known)
