"""The data file that students get: fresh, the same bytes for the same reviews, beside each notebook."""

import gzip
from pathlib import Path

import pytest

from autograder.reviews import course_draw
from autograder.reviews.bundle import DATA_FILE, STUDENT_FOLDER, packed, table

SOURCE = Path(__file__).parents[2] / "source"


def test_the_data_file_is_fresh() -> None:
    assert gzip.decompress(DATA_FILE.read_bytes()).decode("utf-8") == table(course_draw()), (
        "write it anew: python -m autograder.reviews.bundle"
    )


def test_the_data_file_tells_neither_when_nor_where_it_was_made() -> None:
    data = DATA_FILE.read_bytes()
    assert data[:4] == b"\x1f\x8b\x08\x00"  # gzip, deflate, no name inside
    assert data[4:8] == b"\0\0\0\0"  # no time
    assert packed("some text\n") == packed("some text\n")
    assert len(data) < 300_000


@pytest.mark.parametrize("assignment", sorted(path.name for path in SOURCE.iterdir() if path.is_dir()))
def test_every_assignment_that_has_the_loader_has_the_master_copy(assignment: str) -> None:
    held = [
        name for name in ("film_reviews.py", "film_reviews.tsv.gz") if (SOURCE / assignment / name).exists()
    ]
    assert len(held) in (0, 2)
    for name in held:
        assert (SOURCE / assignment / name).read_bytes() == (STUDENT_FOLDER / name).read_bytes()


def test_the_one_hot_assignment_has_the_loader() -> None:
    assert (SOURCE / "ex2_one_hot" / "film_reviews.py").is_file()
