"""What is read of a submission, and what is refused, each with its sentence."""

import json
import os
import random

import nbformat
import pytest

from autograder.grading.intake import read_submission
from autograder.grading.intake.files import MAX_BYTES

DOUBLE = "def double(x):\n    return 2 * x  # déjà\n"


def text_of(toy):
    return json.dumps(toy.notebook(toy.solved(double=DOUBLE)), ensure_ascii=False)


def read(toy):
    return read_submission(toy.submitted, toy.assignment)


def test_a_missing_folder_is_unreadable(toy):
    assert "Nothing was handed in" in read(toy).unreadable


def test_a_folder_without_a_notebook_is_unreadable(toy):
    toy.write(b"hello", "notes.txt")
    assert "no notebook" in read(toy).unreadable


def test_the_only_notebook_counts_whatever_its_name(toy):
    toy.write(text_of(toy).encode(), "mon devoir (1).ipynb")
    intake = read(toy)
    assert intake.unreadable == ""
    assert "mon devoir (1).ipynb instead of toy.ipynb" in intake.repairs[0].what


def test_the_right_name_counts_among_several(toy):
    toy.write(text_of(toy).encode())
    toy.write(b"{}", "old.ipynb")
    intake = read(toy)
    assert intake.unreadable == ""
    assert "toy.ipynb counts" in intake.repairs[0].what


def test_several_notebooks_without_the_right_name_are_unreadable(toy):
    toy.write(text_of(toy).encode(), "a.ipynb")
    toy.write(text_of(toy).encode(), "b.ipynb")
    assert "not clear which one" in read(toy).unreadable


def test_a_notebook_in_a_folder_of_its_own_is_found(toy):
    (toy.submitted / "toy").mkdir(parents=True)
    toy.write(text_of(toy).encode(), "toy/toy.ipynb")
    assert read(toy).unreadable == ""


def test_one_file_can_be_read_by_its_path(toy):
    toy.write(text_of(toy).encode(), "mine.ipynb")
    assert read_submission(toy.submitted / "mine.ipynb", toy.assignment).unreadable == ""


def test_a_link_is_not_followed(toy):
    toy.write(text_of(toy).encode(), "secret.txt")
    (toy.submitted / "toy.ipynb").symlink_to(toy.submitted / "secret.txt")
    assert "link" in read(toy).unreadable


def test_a_linked_folder_is_not_followed(toy):
    other = toy.folder / "other"
    other.mkdir()
    (other / "toy.ipynb").write_text(text_of(toy))
    toy.submitted.parent.mkdir(parents=True)
    toy.submitted.symlink_to(other)
    assert read(toy).unreadable != ""


def test_a_pipe_is_not_waited_for(toy):
    toy.submitted.mkdir(parents=True)
    os.mkfifo(toy.submitted / "toy.ipynb")
    assert "special file" in read(toy).unreadable
    assert read_submission(toy.submitted / "toy.ipynb", toy.assignment).unreadable != ""


def test_a_file_that_is_too_large_is_not_read(toy):
    toy.write(b"")
    os.truncate(toy.submitted / "toy.ipynb", MAX_BYTES + 1)
    assert "MB" in read(toy).unreadable


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "empty"),
        (b"<!DOCTYPE html><html>", "web page"),
        (b"PK\x03\x04rest", "zip"),
        (b'{"cells": [', "breaks off"),
        (b'{"cells": [}', "not JSON"),
        (b'{\n<<<<<<< HEAD\n"cells": []}', "merge"),
        (b"[1, 2]", "no notebook"),
        (b'{"a": 1}', "no cells"),
        (b'{"cells": []}', "is empty"),
        (b'{"cells": [' + b"9" * 5000 + b"]}", "is empty"),
        (b'{"cells": [' + b"[]," * 3_000_000 + b"[]]}", "more than 3000000 parts"),
        (b'{"worksheets": [' + b"[" * 500 + b"]" * 500 + b"]}", "nested"),
        (b"[" * 200_000, "nested"),
        (b'{"cells": [' + b"[" * 500 + b"]" * 500 + b"]}", "is empty"),
    ],
)
def test_what_is_no_notebook_has_a_sentence(toy, content, sentence):
    toy.write(content)
    intake = read(toy)
    assert sentence in intake.unreadable
    assert intake.notebook is None
    assert intake.cells == ()


def test_a_notebook_of_another_assignment_is_named_so(toy):
    other = [toy.marked("code", "def pad(x):\n    return x", "pad", solution=True)]
    toy.write(json.dumps(toy.notebook(other)).encode())
    assert "none of its cells belongs to toy" in read(toy).unreadable


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_other_unicode_encodings_are_read(toy, encoding):
    toy.write(text_of(toy).encode(encoding))
    assert DOUBLE in [cell.source for cell in read(toy).cells]


def test_an_old_windows_encoding_is_read_and_said(toy):
    toy.write(text_of(toy).encode("cp1252"))
    intake = read(toy)
    assert DOUBLE in [cell.source for cell in intake.cells]
    assert "UTF-8" in intake.repairs[0].what


def test_nbformat_3_is_upgraded(toy):
    current = nbformat.from_dict(toy.notebook(toy.solved(double=DOUBLE)))
    old = nbformat.convert(current, 3)
    assert old.nbformat == 3
    toy.write(json.dumps(old).encode())
    intake = read(toy)
    assert intake.unreadable == ""
    assert DOUBLE in [cell.source.rstrip() + "\n" for cell in intake.cells]


def test_metadata_of_wrong_types_is_ignored(toy):
    data = toy.notebook(toy.solved(double=DOUBLE))
    data["metadata"] = ["kernelspec"]
    data["cells"][0]["metadata"] = "demo"
    data["cells"][2]["source"] = [DOUBLE, 7, None]
    data["cells"][5]["metadata"] |= {"tags": ["", "a,b", 3]}
    data["cells"][4]["metadata"] = {"tags": {"demo": 1}, "nbgrader": 3}
    data["cells"][7] |= {"attachments": [1], "id": [], "source": "\ud800"}
    data["cells"] += [None, 3, {}, {"cell_type": 4, "source": {"a": 1}}]
    toy.write(json.dumps(data).encode())
    intake = read(toy)
    assert {cell.name: cell.source for cell in intake.cells}["double"] == DOUBLE
    nbformat.validate(intake.notebook)
    nbformat.writes(intake.notebook).encode()


@pytest.mark.parametrize(
    "path", [("worksheets",), ("worksheets", 0), ("worksheets", 0, "cells"), ("nbformat",)]
)
def test_a_damaged_old_notebook_has_a_sentence(toy, path):
    data = {
        "nbformat": 3,
        "nbformat_minor": 0,
        "metadata": {},
        "worksheets": [{"cells": [{"cell_type": "code"}]}],
    }
    target = data
    for step in path[:-1]:
        target = target[step]
    target[path[-1]] = "wrong"
    toy.write(json.dumps(data).encode())
    assert read(toy).unreadable != ""


def test_worksheets_in_a_notebook_that_calls_itself_new_are_read(toy):
    data = toy.notebook(toy.solved(double=DOUBLE))
    data["worksheets"] = [{"cells": data.pop("cells")}]
    toy.write(json.dumps(data).encode())
    assert DOUBLE in [cell.source for cell in read(toy).cells]


@pytest.mark.parametrize("number", range(60))
def test_no_damage_to_a_field_stops_the_intake(toy, number):
    """Whatever is put in place of a field: a sentence, or a valid notebook with all of its marks."""
    rng = random.Random(number)
    data = toy.notebook(toy.solved(double=DOUBLE))
    for _ in range(rng.choice([1, 3, 12])):
        holder, key = rng.choice(list(fields_of(data)))
        holder[key] = rng.choice(
            [None, True, -1, "", "a,b", "code", "\ud800", [], {}, ["a", 1], {"tags": ["demo"]}]
        )
    if rng.random() < 0.2 and "cells" in data:
        data["worksheets"] = [{"cells": data.pop("cells")}]
    toy.write(json.dumps(data).encode())
    intake = read(toy)
    if intake.unreadable:
        assert intake.notebook is None
    else:
        nbformat.validate(intake.notebook)
        nbformat.writes(intake.notebook).encode()
        marks = [
            c.metadata["nbgrader"]["grade_id"] for c in intake.notebook.cells if "nbgrader" in c.metadata
        ]
        assert marks == ["setup", "double", "double_checks", "triple", "triple_checks", "size_answer"]


def fields_of(value):
    """Every (container, key) of a JSON tree."""
    keys = value.keys() if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else ()
    for key in keys:
        yield value, key
        yield from fields_of(value[key])
