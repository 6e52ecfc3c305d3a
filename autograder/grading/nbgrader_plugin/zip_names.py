"""nbgrader's ``zip_collect`` for downloads of Moodle and Canvas: a safe extractor, and whose each file is.

Both are named in nbgrader_config.py.  ``autograder collect`` does more: it tells who was left out and why,
writes the secret that feedback is released with, and never stops at one student.
"""

from __future__ import annotations

import shutil
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import Any

from nbgrader.plugins import ExtractorPlugin, FileNameCollectorPlugin

from autograder.course import find_course
from autograder.errors import CourseError
from autograder.grading.copying import MAX_FILE, read_plain_file
from autograder.grading.intake.belonging import other_assignment, released_marks
from autograder.grading.nbgrader_plugin import roster
from autograder.grading.unpacking import CLASS, HAND_IN, Bounds, unpack
from autograder.lms.filenames import LmsName, identity_of, own_name, read_name
from autograder.lms.people import Person, match


class SafeExtractor(ExtractorPlugin):  # type: ignore[misc]  # nbgrader carries no types
    """Unpacks plain files within limits; a zip that somebody handed in too, but not one inside of that."""

    def extract(self, archive_path: str, extracted_path: str) -> None:
        """Unpack the archives of one folder into another; copy what is no archive."""
        for path in sorted(Path(archive_path).iterdir()):
            target = Path(extracted_path) / path.name
            if path.suffix.lower() != ".zip":
                if path.is_file() and not path.is_symlink():
                    shutil.copy(path, target)
                continue
            self._unpack(path, target.with_suffix(""), CLASS)
            for inner in sorted(target.with_suffix("").rglob("*.zip")):
                inner.rename(handed_in := inner.with_name(f"{inner.name}.original"))
                self._unpack(handed_in, inner, HAND_IN)

    def _unpack(self, archive: Path, target: Path, bounds: Bounds) -> None:
        try:
            left_out = unpack(archive, target, bounds)
        except CourseError as error:
            left_out = [str(error)]
        for sentence in left_out:
            self.log.error("%s", sentence)


class LmsNames(FileNameCollectorPlugin):  # type: ignore[misc]  # nbgrader carries no types
    """Whose a file of a download is; only students that the gradebook knows are collected."""

    def __init__(self, **kw: Any) -> None:
        super().__init__(**kw)
        self.taken: set[tuple[str, str]] = set()

    def collect(self, submitted_file: str) -> dict[str, str] | None:
        """``student_id`` and ``file_id`` of a file; None, with a sentence on the log, for what is left."""
        path = Path(submitted_file)
        if path.suffix not in self.valid_ext:
            return None
        name = _name_in(path, Path(self.parent._format_collect_path(self.parent.extracted_directory)))
        if name is None:
            self.log.error("Neither Moodle nor Canvas names a file so: %s", path.name)
            return None
        matches = match([identity_of(name)], self.people)
        if 0 not in matches.found:
            doubt = matches.doubts.get(0)
            self.log.error("%s: %s", name.name, doubt.why if doubt else "no student of the gradebook fits")
            return None
        ours = self.parent.coursedir.assignment_id
        other = other_assignment(read_plain_file(path, MAX_FILE) or b"", ours, self.marks)
        if other:
            self.log.error("%s handed in the notebook of %s", matches.found[0], other)
            return None
        return self._place(matches.found[0], name.file or path.name, path.name)

    @cached_property
    def people(self) -> list[Person]:
        """The students of the gradebook."""
        return roster.people_in(self.parent.coursedir)

    @cached_property
    def marks(self) -> dict[str, frozenset[str]]:
        """The marks of the cells of each assignment."""
        return released_marks(find_course(Path(self.parent.coursedir.root)))

    def _place(self, student: str, file: str, raw: str) -> dict[str, str] | None:
        """Where the file goes; nbgrader stops for everybody at a second file of one name."""
        for candidate in (own_name(file), file, raw):
            if (student, candidate) not in self.taken:
                self.taken.add((student, candidate))
                return {"student_id": student, "file_id": candidate}
        self.log.error("%s handed in %s twice; the first is taken", student, file)
        return None


def _name_in(path: Path, extracted: Path) -> LmsName | None:
    """What the file's own name tells, or that of a folder around it, below the folder of this download."""
    inside = path.relative_to(extracted) if path.is_relative_to(extracted) else Path(path.name)
    for part in inside.parts[::-1]:
        found = read_name(part, folder=False)
        if found is not None:
            return found if part == path.name else replace(found, file=path.name)
    return None
