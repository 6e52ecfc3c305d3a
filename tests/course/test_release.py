"""release/ is what the source gives today, and holds nothing that students must not have."""

import ast
import re
import shutil

import pytest

from autograder.commands.release import make_release
from autograder.errors import CourseError

NAME = "ex2_one_hot"


def test_release_is_fresh(fresh_release):
    names, _ = fresh_release(NAME)
    assert names == [f"{NAME}.ipynb", "film_reviews.py", "film_reviews.tsv.gz"]


def test_a_source_that_is_not_there_changes_nothing(root, tmp_path):
    shutil.copy(root / "nbgrader_config.py", tmp_path)
    with pytest.raises(CourseError, match=r"source/ex9/ex9.ipynb is missing \(got ex9\)"):
        make_release(tmp_path, ["ex9"])
    assert [path.name for path in tmp_path.iterdir()] == ["nbgrader_config.py"]


def test_release_holds_plain_files_only(root):
    paths = [path for path in (root / "release" / NAME).iterdir() if path.name != "__pycache__"]
    assert all(path.is_file() and not path.is_symlink() for path in paths)


def released_text(root):
    folder = root / "release" / NAME
    return "\n".join(
        path.read_text(encoding="utf-8") for path in folder.iterdir() if path.suffix in (".py", ".ipynb")
    )


def test_release_holds_no_solution_line(root, source, release):
    text = released_text(root)
    for name, cell in source.items():
        for region in re.findall(r"### BEGIN SOLUTION\n(.*?)### END SOLUTION", cell["source"], re.DOTALL):
            lines = [line.strip() for line in region.splitlines() if line.strip()]
            assert lines
            stub = release[name]["source"]
            assert "YOUR CODE HERE" in stub or "YOUR ANSWER HERE" in stub
            assert not [line for line in lines if len(line) > 8 and line in stub], name
            assert not [line for line in lines if len(line) > 40 and line in text], name
    assert "SOLUTION" not in text


def test_release_holds_no_hidden_check(root):
    text = released_text(root)
    checks = ast.parse((root / "tests/hidden" / f"test_{NAME}.py").read_text(encoding="utf-8"))
    sentences = [
        n.value for n in ast.walk(checks) if isinstance(n, ast.Constant) and isinstance(n.value, str)
    ]
    sentences = [sentence for sentence in sentences if len(sentence) > 40]
    assert len(sentences) > 50
    assert not [sentence for sentence in sentences if sentence in text]
    assert not [name for name in re.findall(r"def (test_\w+)", ast.unparse(checks)) if name in text]


def test_release_holds_no_variant(root):
    text = released_text(root)
    tree = ast.parse((root / "solutions" / f"{NAME}.py").read_text(encoding="utf-8"))
    variants = [node for node in tree.body if isinstance(node, ast.FunctionDef) and "__" in node.name]
    assert len(variants) > 60
    for node in variants:
        assert node.name not in text
        assert (ast.get_docstring(node) or node.name) not in text
