"""The solutions file: enough right and wrong answers, each with its sentence."""

import ast
from collections import Counter

import pytest

from solutions import ex2_one_hot as reference

FUNCTIONS = ["tokenize", "build_vocab", "encode", "one_hot", "multi_hot", "build_onehot_classifier"]


@pytest.fixture(scope="module")
def functions(root):
    tree = ast.parse((root / "solutions/ex2_one_hot.py").read_text(encoding="utf-8"))
    return [node for node in tree.body if isinstance(node, ast.FunctionDef)]


def test_every_function_has_right_and_wrong_answers(functions):
    for name in FUNCTIONS:
        right = [node.name for node in functions if node.name.startswith(f"{name}__right_")]
        wrong = [node.name for node in functions if node.name.startswith(f"{name}__wrong_")]
        assert callable(getattr(reference, name))
        assert len(right) >= 2, name
        assert len(wrong) >= 4, name


def test_every_answer_says_in_one_sentence_what_it_is(functions):
    for node in functions:
        if "__" in node.name:
            sentence = ast.get_docstring(node) or ""
            assert sentence.endswith("."), node.name
            assert "\n" not in sentence, node.name


def test_no_answer_calls_another_answer(functions):
    """An answer is carried into a notebook alone, with the private helpers that it needs."""
    for node in functions:
        called = {inner.id for inner in ast.walk(node) if isinstance(inner, ast.Name)}
        assert not [name for name in called if "__right_" in name or "__wrong_" in name], node.name


def test_names_are_different(functions):
    counted = Counter(node.name for node in functions)
    assert [name for name, count in counted.items() if count > 1] == []
