"""Handing in as one file: what is found in the notebook, the receipt, and a sentence for everything else."""

import hashlib
import json
import os
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from autograder.classroom import hand_in as tool
from autograder.classroom.hand_in import NotPacked, pack

GOLDEN = Path(__file__).parent / "golden"
STUB = 'def {0}(x):\n    """What {0} does."""\n    # YOUR CODE HERE\n    raise NotImplementedError()'
DOUBLE = "def double(x):\n    return 2 * x"
NAMES = ("double", "halve", "triple", "square")
COURSE = {
    "assignment": "toy",
    "exercises": {name: STUB.format(name) for name in NAMES},
    "answers": {"why_answer": "YOUR ANSWER HERE", "how_answer": "YOUR ANSWER HERE"},
}


def cell(name, source, *, kind=new_code_cell, **more):
    return kind(source, metadata={"nbgrader": {"grade_id": name, "solution": True}}, **more)


def notebook(**sources):
    """A notebook of the toy assignment; None leaves a cell out."""
    stubs = {name: STUB.format(name) for name in NAMES} | {"why_answer": "YOUR ANSWER HERE"}
    written = {name: source for name, source in (stubs | sources).items() if source is not None}
    kinds = {name: new_markdown_cell if name.endswith("answer") else new_code_cell for name in written}
    cells = [cell(name, source, kind=kinds[name]) for name, source in written.items()]
    return new_notebook(cells=[new_markdown_cell("# Toy"), *cells])


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "assignment.json").write_text(json.dumps(COURSE))
    return tmp_path


def save(folder, book, name="toy.ipynb"):
    nbformat.write(book, folder / name)
    return folder / name


def receipt_in(folder):
    with zipfile.ZipFile(folder / "toy-hand-in.zip") as archive:
        assert archive.namelist() == ["toy.ipynb", "receipt.json"]
        return archive.read("toy.ipynb"), json.loads(archive.read("receipt.json"))


def test_the_zip_holds_the_notebook_as_it_is_and_the_receipt_its_hash(folder):
    path = save(folder, notebook(double=DOUBLE))
    text = pack(folder=folder)
    content, receipt = receipt_in(folder)
    assert content == path.read_bytes()
    assert receipt["sha256"] == hashlib.sha256(content).hexdigest()
    assert receipt["sha256"] in text
    kept = folder / f"toy-receipt-{receipt['sha256'][:8]}.txt"
    assert kept.read_text(encoding="utf-8") == text
    assert sorted(path.name for path in folder.iterdir()) == sorted(
        ["assignment.json", "toy.ipynb", "toy-hand-in.zip", kept.name]
    )


def test_the_receipt_reads_like_this(folder):
    path = save(folder, notebook(double=DOUBLE, triple=None, square="def square(x:", why_answer="Because."))
    os.utime(path, (1_800_000_000, 1_800_000_000))
    text = pack(folder=folder)
    text = re.sub(r"\b[0-9a-f]{64}\b", "<sha256>", text)
    text = re.sub(r"receipt-[0-9a-f]{8}", "receipt-<beginning of sha256>", text)
    text = re.sub(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d[+-]\d\d:\d\d", "<time>", text)
    assert text == (GOLDEN / "receipt.txt").read_text(encoding="utf-8")


def test_each_function_is_in_one_state():
    book = notebook(
        double=f"# a comment\n{STUB.format('double')}",
        halve="%time\nhalve = lambda x: x / 2",
        triple="def thrice(x):\n    return 3 * x",
        square=None,
    )
    book.cells.append(new_code_cell("def square(x):\n    return x * x"))
    found = tool.look(
        tool._cells(nbformat.writes(book).encode(), "toy.ipynb"), COURSE["exercises"], COURSE["answers"]
    )
    assert found == {
        "written": ["halve", "square"],
        "untouched": ["double"],
        "syntax error": [],
        "missing": ["triple", "how_answer"],
        "answered": [],
        "unanswered": ["why_answer"],
    }


def test_a_value_of_the_same_name_elsewhere_is_no_answer(folder):
    book = notebook()
    book.cells.append(new_code_cell("double = 3"))
    save(folder, book)
    pack(folder=folder)
    assert receipt_in(folder)[1]["untouched"] == list(NAMES)


def test_the_first_receipt_of_a_notebook_is_kept_and_another_notebook_has_its_own(folder):
    save(folder, notebook())
    pack(folder=folder)
    (first,) = folder.glob("*receipt*")
    first.write_text("as it was")
    pack(folder=folder)
    assert first.read_text() == "as it was"
    save(folder, notebook(double=DOUBLE))
    pack(folder=folder)
    assert len(list(folder.glob("*receipt*"))) == 2


def test_a_notebook_with_another_name_is_packed_under_the_right_one_and_that_is_said(folder):
    save(folder, notebook(), "my work.ipynb")
    assert pack(folder=folder).startswith(
        "my work.ipynb was packed under the name toy.ipynb.\n\nReceipt for toy"
    )
    assert receipt_in(folder)[1]["notebook"] == "my work.ipynb"


def test_beside_other_notebooks_the_one_with_the_right_name_counts_and_that_is_said(folder):
    save(folder, notebook())
    save(folder, notebook(double=DOUBLE), "toy-Copy1.ipynb")
    assert pack(folder=folder).startswith("toy.ipynb was packed; beside it there is toy-Copy1.ipynb.\n\n")
    assert receipt_in(folder)[1]["untouched"] == list(NAMES)
    assert "toy-Copy1.ipynb was packed under the name toy.ipynb." in pack("toy-Copy1.ipynb", folder)
    assert receipt_in(folder)[1]["written"] == ["double"]


def prepare(folder, case):
    if case == "no notebook":
        (folder / ".hidden.ipynb").write_text("{}")
    elif case == "two notebooks":
        save(folder, notebook(), "a.ipynb")
        save(folder, notebook(), "b.ipynb")
    elif case == "another assignment":
        save(folder, new_notebook(cells=[cell("tokenize", "def tokenize(text):\n    return []")]))
    elif case == "no course":
        save(folder, notebook())
        (folder / "assignment.json").unlink()
    elif case == "a folder in the way":
        save(folder, notebook())
        (folder / "toy-hand-in.zip").mkdir()
    else:
        contents = {
            "empty": b" \n",
            "broken": b'{"cells": [',
            "no cells": b'{"nbformat": 4}',
            "odd cells": b'{"cells": [3]}',
            "a picture": b"\x89PNG\r\n",
            "nested": b"[" * 200_000,
        }
        (folder / "toy.ipynb").write_bytes(contents[case])


@pytest.mark.parametrize(
    ("case", "sentence"),
    [
        ("no notebook", "There is no notebook beside hand_in.py; toy.ipynb is expected there."),
        (
            "two notebooks",
            "There are 2 notebooks and none is called toy.ipynb (a.ipynb, b.ipynb). "
            'Say which one it is: python hand_in.py "a.ipynb"',
        ),
        ("empty", "toy.ipynb is empty. Save the notebook in Jupyter first."),
        (
            "broken",
            "toy.ipynb is damaged, or no notebook of Jupyter. Open it in Jupyter, save it, and try again.",
        ),
        (
            "no cells",
            "toy.ipynb is damaged, or no notebook of Jupyter. Open it in Jupyter, save it, and try again.",
        ),
        (
            "odd cells",
            "toy.ipynb is damaged, or no notebook of Jupyter. Open it in Jupyter, save it, and try again.",
        ),
        (
            "a picture",
            "toy.ipynb is damaged, or no notebook of Jupyter. Open it in Jupyter, save it, and try again.",
        ),
        (
            "nested",
            "toy.ipynb is damaged, or no notebook of Jupyter. Open it in Jupyter, save it, and try again.",
        ),
        ("another assignment", "toy.ipynb is the notebook of something else: it has no exercise of toy."),
        (
            "no course",
            "The file assignment.json, which came with the notebook, is missing or cannot be read. "
            "Unpack the zip again, or hand in the notebook itself.",
        ),
        (
            "a folder in the way",
            "toy-hand-in.zip cannot be written beside the notebook: Is a directory. "
            "Copy the whole folder to a place where you may write, and try again there.",
        ),
    ],
)
def test_what_cannot_be_packed_is_one_sentence_and_nothing_is_written(folder, case, sentence):
    prepare(folder, case)
    before = sorted(folder.iterdir())
    with pytest.raises(NotPacked) as caught:
        pack(folder=folder)
    assert str(caught.value) == sentence
    assert sorted(folder.iterdir()) == before


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_where_nothing_may_be_written_that_is_said(folder):
    save(folder, notebook())
    folder.chmod(0o500)
    with pytest.raises(NotPacked, match=r"cannot be written beside the notebook: Permission denied"):
        pack(folder=folder)
    folder.chmod(0o700)


@pytest.mark.parametrize("name", ["no.ipynb", "assignment.json"])
def test_a_notebook_that_is_named_must_be_one(folder, name):
    with pytest.raises(NotPacked, match=rf"a name that ends in \.ipynb \(got {name}\)"):
        pack(name, folder)


@pytest.fixture
def terminal(folder):
    (folder / "hand_in.py").write_bytes(Path(tool.__file__).read_bytes())

    def run(*words, cwd=folder, program=None, encoding="utf-8"):
        argv = [sys.executable, *(["-c", program] if program else [folder / "hand_in.py", *words])]
        names = {**os.environ, "PYTHONIOENCODING": encoding}
        return subprocess.run(argv, cwd=cwd, env=names, capture_output=True, text=True, check=False)

    return run


def test_in_a_terminal_it_works_from_any_folder_and_ends_with_0_or_2(folder, terminal, tmp_path_factory):
    refused = terminal()
    assert (refused.returncode, refused.stderr) == (2, "")
    assert refused.stdout.startswith("Nothing was packed. There is no notebook beside hand_in.py")
    save(folder, notebook())
    done = terminal(cwd=tmp_path_factory.mktemp("elsewhere"))
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("Receipt for toy\n")
    (folder / "toy.ipynb").rename(folder / "練習.ipynb")
    assert "??.ipynb was packed under the name toy.ipynb." in terminal(encoding="ascii").stdout
    assert terminal("--help").stdout == "Usage: python hand_in.py [notebook.ipynb]\n"


IN_A_NOTEBOOK = """
import json, sys, nbformat
from IPython.core.interactiveshell import InteractiveShell
from traitlets.config import Config
config = Config()
config.HistoryManager.enabled = False
shell = InteractiveShell.instance(config=config)
book = nbformat.read("toy.ipynb", as_version=4)

def run_all(count):
    for cell in book.cells:
        if cell.cell_type == "code":
            shell.run_cell(cell.source, store_history=True)
            cell.execution_count = count = count + 1
    return count

def hand_in():
    print("--")
    shell.run_cell("from hand_in import hand_in\\nhand_in()", store_history=True)

count = run_all(0)
hand_in()                                       # run, and not saved
nbformat.write(book, "toy.ipynb")
hand_in()                                       # saved
book.cells[1].source += "  # better"
run_all(count + 2)
hand_in()                                       # changed and run, and not saved
nbformat.write(book, "toy.ipynb")
hand_in()
"""


def test_in_a_notebook_nothing_is_packed_until_it_is_saved(folder, terminal):
    save(folder, notebook(double=DOUBLE))
    done = terminal(program=IN_A_NOTEBOOK)
    assert done.stderr == ""
    said = [part.strip() for part in done.stdout.split("--\n")[1:]]
    not_saved = (
        "Nothing was packed. toy.ipynb is not saved since you ran double. "
        "Save it (Ctrl+S, on a Mac Cmd+S), then run this cell again."
    )
    assert said[0] == said[2] == not_saved
    assert said[1].startswith("Receipt for toy")
    assert said[3].startswith("Receipt for toy")
    assert b"# better" in receipt_in(folder)[0]


def test_validating_packs_nothing(folder, monkeypatch, capsys):
    monkeypatch.setenv("NBGRADER_VALIDATING", "1")
    save(folder, notebook())
    tool.hand_in(folder=folder)
    assert capsys.readouterr().out == "Nothing is packed while nbgrader validates the notebook.\n"
    assert not (folder / "toy-hand-in.zip").exists()
