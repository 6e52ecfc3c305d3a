"""The film reviews that a course is graded on: real ones are made ready here, once, for all judges.

It never reads a review itself: that takes seconds (and Keras, for "imdb"), so another process does it.
"""

from __future__ import annotations

import functools
import hashlib
import subprocess
import sys
from pathlib import Path

from autograder.course import GENERATED, IMDB, Course
from autograder.errors import CourseError

FORMAT = "1"
"""Rises whenever what `autograder.reviews.prepare` writes would look different."""


def prepared_corpus(course: Course) -> Path | None:
    """The real reviews of the course, as `autograder.reviews.for_training` takes them; None: generated ones.

    They are kept in the course's state folder, by the content of the file that they come from.

    Raises:
        CourseError: they cannot be read, or Keras cannot download them.
    """
    chosen = course.settings.corpus
    if chosen == GENERATED:
        return None
    source = IMDB if chosen == IMDB else str(course.root / chosen)
    target = course.state / "corpus" / f"{corpus_hash(course)}.npz"
    if not target.is_file():
        command = [sys.executable, "-m", "autograder.reviews.prepare", source, str(target)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            said = done.stderr.strip().splitlines() or [f"it ended with {done.returncode}"]
            raise CourseError(f"the corpus {chosen!r} cannot be used: {said[-1]}")
    return target


def corpus_hash(course: Course) -> str:
    """The hash of the real reviews' files; "" for generated ones, which are a part of the engine."""
    chosen = course.settings.corpus
    if chosen == GENERATED:
        return ""
    if chosen == IMDB:  # Keras has its files' hashes in its code, and refuses any other
        return _hash(IMDB)
    source = course.root / chosen
    beside = (source.with_name(f"{source.stem}_word_index.json"), source.with_name("imdb_word_index.json"))
    return _hash(*(_signature(file) for file in (source, *beside) if file.is_file()))


def corpus_name(course: Course) -> str:
    """What a Report calls the reviews: "generated", "imdb", or the name of their file."""
    chosen = course.settings.corpus
    return chosen if chosen in (GENERATED, IMDB) else Path(chosen).name


def _hash(*parts: str) -> str:
    return hashlib.sha256(" ".join([FORMAT, *parts]).encode()).hexdigest()


def _signature(file: Path) -> str:
    seen = file.stat()
    return _hash_once(file, seen.st_mtime_ns, seen.st_size)


@functools.lru_cache(maxsize=16)
def _hash_once(file: Path, _changed: int, _size: int) -> str:
    """The hash of a file that is asked for with every submission."""
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
