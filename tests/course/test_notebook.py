"""The source notebook of ex2_one_hot keeps the course's contract."""

import ast
import re
import shutil
import subprocess
import sys

import nbformat

POINTS = {
    "tokenize": 3,
    "build_vocab": 4,
    "encode": 2,
    "one_hot": 4,
    "multi_hot": 4,
    "build_onehot_classifier": 2,
}
SIGNATURES = {
    "tokenize": ["text"],
    "build_vocab": ["token_lists", "max_size"],
    "encode": ["token_lists", "vocab"],
    "one_hot": ["ids", "depth"],
    "multi_hot": ["sequences", "depth"],
    "build_onehot_classifier": ["depth"],
}


def mark(cell):
    return cell["metadata"].get("nbgrader", {})


def tags(cell):
    return cell["metadata"].get("tags", [])


def test_points_are_those_of_the_course(source):
    graded = {
        mark(cell)["grade_id"]: mark(cell)["points"] for cell in source.values() if mark(cell).get("grade")
    }
    assert graded == {f"{name}_checks": points for name, points in POINTS.items()} | {"memory_answer": 1}
    assert sum(graded.values()) == 20


def test_a_function_is_explained_written_and_checked_in_three_cells(source):
    ids = list(source)
    for name in POINTS:
        place = ids.index(name)
        text, solution, checks = (source[i] for i in ids[place - 1 : place + 2])
        assert text["cell_type"] == "markdown"
        assert f"`{name}`" in text["source"]
        assert "**Worked example**" in text["source"]
        assert "<details><summary>A hint</summary>" in text["source"]
        assert mark(solution) == {
            **mark(solution),
            "grade_id": name,
            "solution": True,
            "grade": False,
            "locked": False,
        }
        assert checks["id"] == f"{name}_checks"
        assert (mark(checks)["grade"], mark(checks)["locked"], mark(checks)["solution"]) == (
            True,
            True,
            False,
        )
        assert tags(checks) == ["raises-exception"]


def test_stubs_have_the_contract_s_signature_and_a_full_docstring(release):
    for name, parameters in SIGNATURES.items():
        (function,) = ast.parse(release[name]["source"]).body
        assert isinstance(function, ast.FunctionDef)
        assert function.name == name
        assert [argument.arg for argument in function.args.args] == parameters
        documented = ast.get_docstring(function) or ""
        for part in ("Args:", "Returns:", f">>> {name}("):
            assert part in documented, (name, part)


def test_what_students_only_look_at_is_tagged_demo(source):
    for cell in source.values():
        if cell["cell_type"] == "code" and not mark(cell):
            assert "demo" in tags(cell), cell["id"]
        if "plt.show" in cell["source"]:
            assert "demo" in tags(cell), cell["id"]


def test_the_notebook_ends_on_a_plot_and_is_then_handed_in(source):
    *_, plot, _, hand_in = source.values()
    assert "plt.show()" in plot["source"]
    assert hand_in["source"].endswith("hand_in()")


def test_code_cells_hold_no_prose(source):
    """So that another language needs other markdown cells only; docstrings of stubs are the exception."""
    for cell in source.values():
        if cell["cell_type"] == "code":
            assert not re.search(r"(?m)^\s*#(?! ?## (BEGIN|END) SOLUTION)", cell["source"]), cell["id"]


def test_the_source_has_no_outputs_and_is_valid(root):
    path = root / "source/ex2_one_hot/ex2_one_hot.ipynb"
    notebook = nbformat.read(path, as_version=4)
    nbformat.validate(notebook)
    for cell in notebook.cells:
        if cell.cell_type == "code":
            assert cell.outputs == []
            assert cell.execution_count is None


def test_answers_in_the_notebook_are_those_of_the_reference(source):
    """The notebook's own solutions and the reference agree on the worked examples of all docstrings."""
    from solutions import ex2_one_hot as reference

    scope = {"np": __import__("numpy")}
    for name in list(POINTS)[:5]:
        exec(source[name]["source"], scope)
    text = "The plot was  GOOD !\n"
    token_lists = [scope["tokenize"](text), scope["tokenize"]("good , good")]
    vocab = scope["build_vocab"](token_lists, 7)
    ids = scope["encode"]([*token_lists, ["zzz"]], vocab)
    assert token_lists[0] == reference.tokenize(text)
    assert vocab == reference.build_vocab(token_lists, 7)
    assert ids == reference.encode([*token_lists, ["zzz"]], vocab)
    assert (scope["one_hot"](ids[0], 7) == reference.one_hot(ids[0], 7)).all()
    assert (scope["multi_hot"](ids, 7) == reference.multi_hot(ids, 7)).all()


RUN = """
import sys, nbformat
from nbclient import NotebookClient
notebook = nbformat.read(sys.argv[1], as_version=4)
place = {"metadata": {"path": sys.argv[2]}}
NotebookClient(
    notebook, timeout=90, kernel_name="python3", resources=place, coalesce_streams=True
).execute()
nbformat.write(notebook, sys.argv[1])
"""


def test_a_solved_release_runs_without_the_kit(root, source, tmp_path):
    """In a copy of the release folder where the kit cannot be imported, all cells run and checks pass."""
    folder = tmp_path / "handed out"
    shutil.copytree(root / "release/ex2_one_hot", folder)
    (folder / "autograder.py").write_text("raise ImportError('students do not have the kit')\n")
    path = folder / "ex2_one_hot.ipynb"
    notebook = nbformat.read(path, as_version=4)
    for cell in notebook.cells:
        if mark(cell).get("solution"):
            cell.source = source[cell.id]["source"]
    nbformat.write(notebook, path)
    subprocess.run([sys.executable, "-c", RUN, str(path), str(folder)], check=True, capture_output=True)
    cells = {cell.id: cell for cell in nbformat.read(path, as_version=4).cells}
    outputs = {i: cell.outputs for i, cell in cells.items() if cell.cell_type == "code"}
    assert not [(i, out) for i, found in outputs.items() for out in found if out.output_type == "error"]
    for name in POINTS:
        (printed,) = outputs[f"{name}_checks"]
        assert printed.name == "stdout"
        passed, asked = re.search(
            r"visible checks (\d+)/(\d+) — hidden checks run at grading\n$", printed.text
        ).groups()
        assert passed == asked
    pictures = [i for i, found in outputs.items() for out in found if "image/png" in out.get("data", {})]
    assert pictures == ["zipf", "oov", "toy-image", "training", "further-families", "weights"]
