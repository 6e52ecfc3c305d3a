"""The course's secret: made at first use, kept beside the gradebook, never printed and never committed."""

from __future__ import annotations

import contextlib
import hashlib
import os
import secrets
from pathlib import Path

from autograder.errors import CourseError
from autograder.grading.files import mode_inside

FILE = "course_secret"
OPEN_SECRET = b"the checks of an open repository"
"""Hidden inputs are drawn with it where a result must be the same for everybody; no grade depends on it."""


def course_secret(state: Path) -> bytes:
    """The 32 bytes that hidden inputs are drawn with; two first runs at once agree on one.

    Raises CourseError when the file is there and is not one of ours, or cannot be read.
    """
    path = state / FILE
    if not path.exists():
        state.mkdir(parents=True, exist_ok=True)
        mine = state / f".{FILE}.{os.getpid()}"
        mine.write_text(secrets.token_hex(32) + "\n", encoding="ascii")
        mine.chmod(mode_inside(state))
        with contextlib.suppress(FileExistsError):
            path.hardlink_to(
                mine
            )  # link, unlike rename, never replaces a secret that somebody made meanwhile
        mine.unlink()
    try:
        secret = bytes.fromhex(path.read_text(encoding="ascii").strip())
    except PermissionError:
        raise CourseError(
            "the course secret belongs to another user, and only who may read it can grade: "
            f"see docs/exchange.md (got {path.name})"
        ) from None
    except ValueError:
        secret = b""
    if len(secret) != 32:
        raise CourseError(f"the course secret is damaged: restore it from your backup (got {path.name})")
    return secret


def gradescope_secret(secret: bytes, assignment: str) -> bytes:
    """What inputs are drawn with on Gradescope: derived from ours, so that they can be drawn again here.

    Who reads it there learns nothing about ours, and nothing about another assignment's.
    """
    purpose = f"gradescope {assignment}".encode()
    return hashlib.blake2b(purpose, key=secret, digest_size=32, person=b"autograder").digest()


def fingerprint(secret: bytes) -> str:
    """A name for the secret that tells nothing about it, for a Report's content hashes."""
    return hashlib.blake2b(b"fingerprint", key=secret, digest_size=8).hexdigest()
