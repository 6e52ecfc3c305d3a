"""What trained checks draw: generated reviews as ever, or samples of a file's two sets, which never mix."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from autograder import reviews
from autograder.reviews import prepare as preparing
from autograder.reviews.student.film_reviews import ReviewsError, load_reviews
from tests.reviews.test_loader import npy, object_array, write

TRAIN = [[i, i + 100, 7] for i in range(1, 31)]
TEST = [[1000 + i] for i in range(12)]


def made_up_file(folder: Path, y_test: list[int] | None = None) -> Path:
    """A small file like Keras' own, with ten positive reviews among thirty and six among twelve."""
    y_train = np.array([1, 0, 0] * 10)
    return write(
        folder / "imdb.npz",
        {
            "x_train": npy(object_array(TRAIN)),
            "y_train": npy(y_train),
            "x_test": npy(object_array(TEST)),
            "y_test": npy(np.array(y_test or [1, 0] * 6)),
        },
    )


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    preparing.prepare(str(made_up_file(tmp_path)), tmp_path / "prepared.npz")
    return tmp_path / "prepared.npz"


@pytest.mark.parametrize("seed", [5, np.random.PCG64], ids=["int", "generator"])
def test_generated_samples_are_the_draws_of_the_same_seed(seed: Any) -> None:
    def again() -> int | np.random.Generator:
        return seed if isinstance(seed, int) else np.random.Generator(seed(5))

    for sample, drawn in (
        (reviews.for_training(60, again(), None), reviews.draw(60, again())),
        (reviews.for_testing(60, again(), None), reviews.hidden_draw(60, again())),
    ):
        assert sample.tokens == drawn.tokens
        assert sample.labels.tolist() == drawn.labels.tolist()
        assert sample.families is not None
        assert sample.families.tolist() == drawn.families.tolist()


def test_samples_of_a_file_come_from_its_own_two_sets(corpus: Path, tmp_path: Path) -> None:
    held = load_reviews(tmp_path / "imdb.npz")
    of_train = {tuple(tokens): label for tokens, label in zip(held.train_tokens, held.y_train, strict=True)}
    of_test = {tuple(tokens): label for tokens, label in zip(held.test_tokens, held.y_test, strict=True)}
    for sample, known in (
        (reviews.for_training(20, 3, corpus), of_train),
        (reviews.for_testing(12, 3, corpus), of_test),
    ):
        assert [known[tuple(tokens)] for tokens in sample.tokens] == sample.labels.tolist()
        assert len({tuple(tokens) for tokens in sample.tokens}) == len(sample.tokens)
        assert sample.families is None


def test_half_of_a_sample_is_positive_in_random_order(corpus: Path) -> None:
    labels = [reviews.for_training(20, seed, corpus).labels.tolist() for seed in range(4)]
    assert [sum(row) for row in labels] == [10] * 4
    assert len({tuple(row) for row in labels}) == 4


def test_a_seed_gives_its_sample_and_another_seed_another(corpus: Path) -> None:
    first, again, other = (reviews.for_training(8, seed, corpus).tokens for seed in (1, 1, 2))
    assert first == again != other


def test_a_file_with_too_few_reviews_of_a_label_is_named(corpus: Path) -> None:
    with pytest.raises(ValueError, match=r"train set .* must hold 11 reviews of label 1 \(got 10\)"):
        reviews.for_training(22, 1, corpus)


def test_a_set_without_one_of_the_labels_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ReviewsError, match=r"the test set must hold both labels \(got \[1\]\)"):
        preparing.prepare(str(made_up_file(tmp_path, [1] * 12)), tmp_path / "prepared.npz")
    assert [path.name for path in tmp_path.iterdir()] == ["imdb.npz"]
