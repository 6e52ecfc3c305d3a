"""What the writer of a hidden check uses; a check imports from here and from nowhere deeper."""

from autograder.checking import expect
from autograder.checking.apart import apart
from autograder.checking.exercise import exercise, threshold
from autograder.checking.given import given_model
from autograder.checking.models import Model, TrainingRecipe
from autograder.checking.special import special
from autograder.checking.submission import Submission
from autograder.checking.training import reaches
from autograder.checking.wall import CallReport
from autograder.wire.values import LayerSpec

__all__ = [
    "CallReport",
    "LayerSpec",
    "Model",
    "Submission",
    "TrainingRecipe",
    "apart",
    "exercise",
    "expect",
    "given_model",
    "reaches",
    "special",
    "threshold",
]
