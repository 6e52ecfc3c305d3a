"""Writes the file of reviews that students get: python -m autograder.reviews.bundle

It holds what students may know: no clean label, and nothing of how a review was made.
"""

import gzip
import io
import sys
from pathlib import Path

from autograder.reviews.corpus import Course, course_draw

STUDENT_FOLDER = Path(__file__).with_name("student")
DATA_FILE = STUDENT_FOLDER / "film_reviews.tsv.gz"
COLUMNS = ("set", "label", "family", "film", "tags", "text")


def table(course: Course) -> str:
    """The course draw as tab-separated lines under a line of column names."""
    lines = ["\t".join(COLUMNS)]
    for name, part in (("train", course.train), ("test", course.test)):
        for i, text in enumerate(part.texts):
            tags = "".join(map(str, part.tags[i]))
            lines.append("\t".join((name, str(part.labels[i]), part.families[i], part.films[i], tags, text)))
    return "\n".join(lines) + "\n"


def packed(text: str) -> bytes:
    """The text gzipped without name and time, so that equal texts give equal bytes (for one zlib)."""
    buffer = io.BytesIO()
    with gzip.GzipFile(filename="", mode="wb", fileobj=buffer, compresslevel=9, mtime=0) as file:
        file.write(text.encode("utf-8"))
    return buffer.getvalue()


def main() -> int:
    """Writes the file anew, unless its content is the same already."""
    content = table(course_draw())
    if DATA_FILE.is_file() and gzip.decompress(DATA_FILE.read_bytes()) == content.encode("utf-8"):
        print(f"{DATA_FILE.name} is up to date")
        return 0
    DATA_FILE.write_bytes(packed(content))
    print(f"{DATA_FILE.name} written: {DATA_FILE.stat().st_size} bytes")
    return 0


if __name__ == "__main__":
    sys.exit(main())
