"""The loader that students get: three sources, one answer; a file is read and never run."""

import io
import json
import os
import pickle
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from autograder.reviews import course_draw
from autograder.reviews.bundle import STUDENT_FOLDER
from autograder.reviews.student import film_reviews
from autograder.reviews.student.film_reviews import ReviewsError, load_details, load_reviews

ROWS = [[4, 1, 17], [2], [], [1, 1, 3]]
LABELS = [1, 0, 0, 1]


def object_array(rows: list[Any]) -> np.ndarray:
    array = np.empty(len(rows), dtype=object)
    array[:] = rows
    return array


def npy(array: np.ndarray, protocol: int = 4) -> bytes:
    """The bytes of a .npy file; an object array is pickled with the given protocol."""
    buffer = io.BytesIO()
    if array.dtype.hasobject:
        header = {"descr": "|O", "fortran_order": False, "shape": array.shape}
        np.lib.format.write_array_header_1_0(buffer, header)
        pickle.dump(array, buffer, protocol=protocol)
    else:
        np.lib.format.write_array(buffer, array)
    return buffer.getvalue()


def write(path: Path, members: dict[str, bytes], compression: int = zipfile.ZIP_DEFLATED) -> Path:
    with zipfile.ZipFile(path, "w", compression) as archive:
        for name, data in members.items():
            archive.writestr(f"{name}.npy", data)
    return path


def imdb_file(folder: Path, x_train: bytes | None = None, y_train: bytes | None = None) -> Path:
    """An npz with frequency ranks, like Keras' own; a part of it may be replaced."""
    x, y = npy(object_array(ROWS)), npy(np.array(LABELS))
    return write(
        folder / "imdb.npz",
        {"x_train": x_train or x, "y_train": y_train or y, "x_test": x, "y_test": y},
    )


def test_the_bundled_reviews_are_the_course_draw() -> None:
    course = course_draw()
    reviews = load_reviews()
    assert reviews.train_tokens == course.train.tokens
    assert reviews.test_tokens == course.test.tokens
    assert np.array_equal(reviews.y_train, course.train.labels)
    assert np.array_equal(reviews.y_test, course.test.labels)
    assert reviews.y_train.dtype == np.int64


def test_details_stand_beside_the_bundled_reviews_row_by_row() -> None:
    course = course_draw()
    for details, part in zip(load_details(), (course.train, course.test), strict=True):
        assert details.texts == part.texts
        assert details.tags == part.tags
        assert np.array_equal(details.families, part.families)
        assert np.array_equal(details.films, part.films)


def test_the_same_sample_is_drawn_for_reviews_and_details() -> None:
    reviews = load_reviews(n_train=50, n_test=20, seed=3)
    train, test = load_details(n_train=50, n_test=20, seed=3)
    assert [text.lower().split() for text in train.texts] == reviews.train_tokens
    assert [text.lower().split() for text in test.texts] == reviews.test_tokens
    assert len(reviews.y_train) == 50
    assert reviews.train_tokens != load_reviews(n_train=50, n_test=20, seed=4).train_tokens


@pytest.mark.parametrize("n", [0, -1, 4001, 2.0, True, "all"])
def test_a_sample_size_that_does_not_fit_is_refused(n: Any) -> None:
    with pytest.raises(ReviewsError, match="n_train must be an int between 1 and 4000") as refusal:
        load_reviews(n_train=n)
    assert str(refusal.value).endswith(f"(got {n!r})")


def test_ranks_without_a_word_index_read_as_numbered_words(tmp_path: Path) -> None:
    reviews = load_reviews(imdb_file(tmp_path))
    assert reviews.train_tokens == [["w4", "w1", "w17"], ["w2"], [], ["w1", "w1", "w3"]]
    assert reviews.y_train.tolist() == LABELS


def test_a_file_that_numpy_saved_is_read(tmp_path: Path) -> None:
    x, y = object_array(ROWS), np.array(LABELS)
    np.savez(tmp_path / "mine.npz", x_train=x, y_train=y, x_test=x[:2], y_test=y[:2])
    assert load_reviews(str(tmp_path / "mine.npz")).test_tokens == [["w4", "w1", "w17"], ["w2"]]


@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
def test_rows_are_read_whatever_the_pickle_protocol(tmp_path: Path, protocol: int) -> None:
    path = imdb_file(tmp_path, npy(object_array(ROWS), protocol))
    assert load_reviews(path).train_tokens[0] == ["w4", "w1", "w17"]


def test_keras_coding_drops_pad_and_start_and_names_the_unknown(tmp_path: Path) -> None:
    x = npy(object_array([[1, 4, 2, 20], [0, 0, 1, 5], [1], [1, 3]]))
    y = npy(np.array(LABELS))
    path = write(tmp_path / "keras.npz", {"arr_0": x, "arr_1": y, "arr_2": x, "arr_3": y})
    assert load_reviews(path).train_tokens == [["w1", "<unknown>", "w17"], ["w2"], [], ["<unknown>"]]


def test_keras_coding_may_be_a_padded_array(tmp_path: Path) -> None:
    x, y = npy(np.array([[1, 4, 0], [1, 5, 6]], dtype=np.int32)), npy(np.array([1, 0]))
    path = write(tmp_path / "keras.npz", {"arr_0": x, "arr_1": y, "arr_2": x, "arr_3": y})
    assert load_reviews(path).train_tokens == [["w1"], ["w2", "w3"]]


def test_a_word_index_decodes_ranks(tmp_path: Path) -> None:
    index = {"the": 1, "film": 2, "is": 3, "great": 4}
    expected = [["great", "the", "w17"], ["film"], [], ["the", "the", "is"]]
    path = imdb_file(tmp_path)
    assert load_reviews(path, word_index=index).train_tokens == expected
    (tmp_path / "other.json").write_text(json.dumps(index))
    assert load_reviews(path, word_index=tmp_path / "other.json").train_tokens == expected
    (tmp_path / "imdb_word_index.json").write_text(json.dumps(index))
    assert load_reviews(path).train_tokens == expected


class Runs:
    """Pickles as a call of any function."""

    def __init__(self, function: Any, *arguments: Any) -> None:
        self.call = (function, arguments)

    def __reduce__(self) -> tuple[Any, tuple[Any, ...]]:
        return self.call


@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
def test_a_pickle_that_asks_to_run_something_is_refused_and_not_run(tmp_path: Path, protocol: int) -> None:
    trace = tmp_path / "it_ran"
    path = imdb_file(tmp_path, npy(object_array([[1], Runs(Path.touch, trace), [], [2]]), protocol))
    with pytest.raises(ReviewsError, match=r"asks to run something and was not read \(got .*\)$"):
        load_reviews(path)
    assert not trace.exists()


@pytest.mark.parametrize(
    ("call", "named"),
    [
        (Runs(eval, "1"), "builtins.eval"),
        (Runs(getattr, "a", "upper"), "builtins.getattr"),
        (Runs(np.frombuffer, b"12345678"), "frombuffer"),
        (Runs(pickle.loads, b"N."), "loads"),
        (np.int64(3), "scalar"),
    ],
)
def test_the_refusal_names_what_was_asked_for(tmp_path: Path, call: Any, named: str) -> None:
    path = imdb_file(tmp_path, npy(object_array([[call]])))
    with pytest.raises(ReviewsError, match=named):
        load_reviews(path)


def test_a_label_array_may_not_hold_pickles_that_run(tmp_path: Path) -> None:
    trace = tmp_path / "it_ran"
    path = imdb_file(tmp_path, y_train=npy(object_array([Runs(Path.touch, trace)])))
    with pytest.raises(ReviewsError, match=r"y_train must be an array of numbers \(got dtype object"):
        load_reviews(path)
    assert not trace.exists()


@pytest.mark.parametrize(
    ("part", "data", "said"),
    [
        ("x_train", npy(object_array([[1], "words", [], [2]])), r"x_train\[1\] must be a list of ints"),
        ("x_train", npy(object_array([[1], [2.5], [], [2]])), r"x_train\[1\] must be a list of ints"),
        ("x_train", npy(object_array([[1], [True], [], [2]])), r"x_train\[1\] must be a list of ints"),
        ("x_train", npy(object_array([np.ones(2, int), [2]])), r"x_train\[0\] must be .* \(got _Array\)"),
        ("x_train", npy(object_array([{}, [2]])), r"x_train\[0\] must be a list of ints \(got dict\)"),
        (
            "x_train",
            npy(object_array([[10**5000]])),
            r"x_train\[0\] must hold ids .* \(got a larger number\)",
        ),
        (
            "x_train",
            npy(object_array([[1], [0], [], [2]])),
            r"x_train\[1\] must hold ids from 1 .* \(got 0\)",
        ),
        (
            "x_train",
            npy(object_array([[1]])),
            r"y_train must hold one label per review, 1 \(got shape \(4,\)\)",
        ),
        ("x_train", npy(np.ones((4, 2))), r"x_train must hold a row of ints per review"),
        ("x_train", npy(np.array(["a", "b", "c", "d"])), "x_train must be an array of numbers"),
        ("y_train", npy(np.array([1, 0, 2, 0])), r"y_train must hold labels 0 and 1 \(got 2\)"),
        ("y_train", npy(np.array([1, 0, np.nan, 0])), r"y_train must hold labels 0 and 1 \(got nan\)"),
        ("y_train", b"not an array", "not an .npz file, or it is damaged"),
        ("x_train", npy(object_array(ROWS))[:-9], "not an .npz file, or it is damaged"),
        ("x_train", npy(np.arange(4))[:-1], "x_train must be an array of numbers"),
    ],
)
def test_wrong_arrays_are_named(tmp_path: Path, part: str, data: bytes, said: str) -> None:
    with pytest.raises(ReviewsError, match=said):
        load_reviews(imdb_file(tmp_path, **{part: data}))


def test_a_truncated_file_is_named(tmp_path: Path) -> None:
    path = imdb_file(tmp_path)
    path.write_bytes(path.read_bytes()[:200])
    with pytest.raises(ReviewsError, match=r"'imdb.npz' is not an .npz file, or it is damaged \(got "):
        load_reviews(path)


def test_a_damaged_member_is_named(tmp_path: Path) -> None:
    path = imdb_file(tmp_path)
    data = bytearray(path.read_bytes())
    data[100:110] = b"\xff" * 10
    path.write_bytes(data)
    with pytest.raises(ReviewsError, match="is damaged"):
        load_reviews(path)


def test_a_file_that_would_unzip_to_too_much_is_refused_before(tmp_path: Path, monkeypatch: Any) -> None:
    monkeypatch.setattr(film_reviews, "LARGEST_ARRAY", 1000)
    path = imdb_file(tmp_path, npy(np.zeros((4, 10_000), dtype=np.int8)))
    with pytest.raises(ReviewsError, match=r"x_train must hold at most 1000 bytes \(got 40128\)"):
        load_reviews(path)


def test_a_small_file_that_repeats_one_long_review_is_bounded(tmp_path: Path) -> None:
    long = [1] * 30_000
    path = imdb_file(tmp_path, npy(object_array([long] * 4000)), npy(np.ones(4000)))
    with pytest.raises(ReviewsError, match=r"x_train must hold at most 50000000 words \(got 120000000\)"):
        load_reviews(path)


def test_a_file_without_the_four_arrays_is_refused(tmp_path: Path) -> None:
    path = write(tmp_path / "part.npz", {"x_train": npy(object_array(ROWS)), "foo": npy(np.array(LABELS))})
    with pytest.raises(
        ReviewsError, match=r"it must hold x_train, .* or arr_0 to arr_3 \(got foo, x_train\)"
    ):
        load_reviews(path)


def test_a_missing_or_damaged_data_file_is_named(tmp_path: Path, monkeypatch: Any) -> None:
    monkeypatch.setattr(film_reviews, "BUNDLED_FILE", tmp_path / "film_reviews.tsv.gz")
    said = "film_reviews.tsv.gz must lie beside film_reviews.py, whole"
    with pytest.raises(ReviewsError, match=said):
        load_reviews()
    (tmp_path / "film_reviews.tsv.gz").write_bytes(
        (STUDENT_FOLDER / "film_reviews.tsv.gz").read_bytes()[:5000]
    )
    with pytest.raises(ReviewsError, match=said):
        load_reviews()


def test_a_source_that_is_no_source_is_refused(tmp_path: Path) -> None:
    (tmp_path / "text.npz").write_text("film,label\n")
    for source, said in [
        ("imbd", r'source must be "bundled", "imdb" or an existing .npz file \(got \'imbd\'\)'),
        (7, r"\(got 7\)"),
        (None, r"\(got None\)"),
        ("nowhere/imdb.npz", r"an existing .npz file \(got 'nowhere/imdb.npz'\)"),
        (tmp_path, r'source must be "bundled", "imdb" or an existing .npz file'),
        (tmp_path / "text.npz", "'text.npz' is not an .npz file"),
    ]:
        with pytest.raises(ReviewsError, match=said):
            load_reviews(source)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("word_index", "said"),
    [
        ({"the": 0}, r"a rank of 1 or more \(got 'the': 0\)"),
        ({"the": "1"}, r"a rank of 1 or more"),
        ([1, 2], r"must be a dict {word: rank} \(got list\)"),
        ("missing.json", r"cannot be read as a .json file \(got 'missing.json'\)"),
    ],
)
def test_a_word_index_that_does_not_fit_is_refused(tmp_path: Path, word_index: Any, said: str) -> None:
    with pytest.raises(ReviewsError, match=said):
        load_reviews(imdb_file(tmp_path), word_index=word_index)


def test_the_two_files_work_alone_and_need_neither_the_kit_nor_keras(tmp_path: Path) -> None:
    for name in ("film_reviews.py", "film_reviews.tsv.gz"):
        shutil.copy(STUDENT_FOLDER / name, tmp_path)
    code = (
        "import sys, film_reviews; r = film_reviews.load_reviews(n_train=5);"
        "print(len(r.train_tokens), len(r.y_test));"
        "print([m for m in ('autograder', 'keras', 'tensorflow') if m in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", code], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert (done.stdout.split("\n")[:2], done.stderr) == (["5 2000", "[]"], "")


def test_imdb_without_a_network_says_what_to_do(tmp_path: Path) -> None:
    code = (
        "from autograder.reviews.student.film_reviews import ReviewsError, load_reviews\n"
        "try:\n    load_reviews('imdb')\nexcept ReviewsError as error:\n    print(error, error.__cause__)"
    )
    # Nothing listens on port 9, so the download fails here as it does without a network.
    nowhere = {"https_proxy": "http://127.0.0.1:9", "KERAS_HOME": str(tmp_path)}
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, **nowhere},
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        check=False,
    )
    said = done.stdout.splitlines()[-1]
    assert said.startswith("the IMDB reviews could not be downloaded: connect to the network once")
    assert said.endswith(") None")
