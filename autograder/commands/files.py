"""Files that commands write for people: each appears whole or not at all."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from autograder.errors import CourseError


def write_whole(path: Path, content: str | bytes) -> None:
    """Write a file, its folders too.  Raises CourseError where that cannot be done; what was there stays."""
    data = content.encode("utf-8") if isinstance(content, str) else content
    part: Path | None = None
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}-", suffix=".part")
        part = Path(name)
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        part.chmod(0o600)  # names and code of students: nobody else's to read
        part.replace(path)
    except OSError as error:
        if part is not None:
            part.unlink(missing_ok=True)
        raise CourseError(f"this file cannot be written: {error.strerror} (got {path})") from error
