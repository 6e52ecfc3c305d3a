"""What the plug-in relies on in nbgrader itself: when one of these fails, nbgrader has changed, not we."""

from __future__ import annotations

import sys

import nbformat
import pytest
from nbconvert.exporters import NotebookExporter
from nbformat.v4 import new_code_cell, new_markdown_cell, new_output
from nbgrader.apps import AutogradeApp
from nbgrader.converters import Autograde, BaseConverter, GenerateFeedback
from nbgrader.converters.base import NbGraderException
from nbgrader.coursedir import CourseDirectory
from nbgrader.preprocessors import NbGraderPreprocessor
from nbgrader.utils import compute_checksum, determine_grade
from traitlets.config import Config

pytestmark = pytest.mark.filterwarnings("ignore:Object of type:sqlalchemy.exc.SAWarning")


def graded(*outputs):
    mark = {"grade": True, "solution": False, "locked": True, "grade_id": "f_checks", "points": 5}
    return new_code_cell("", outputs=list(outputs), metadata={"nbgrader": mark})


def result(text):
    return new_output("execute_result", data={"text/plain": text}, execution_count=1)


ERROR = new_output("error", ename="E", evalue="", traceback=[])
STDERR = new_output("stream", name="stderr", text="a warning")
STDOUT = new_output("stream", name="stdout", text="4.0")
PICTURE = new_output("display_data", data={"text/plain": "1.0"})


@pytest.mark.parametrize(
    ("outputs", "points"),
    [
        ([], 5),
        ([result("nan")], 5),
        ([result("all good")], 5),
        ([result("np.float64(2.5)")], 5),
        ([PICTURE], 5),
        ([STDERR], 0),
        ([result("2.5")], 2.5),
        ([result("0.0")], 0),
        ([result("2.5"), ERROR], 2.5),
        ([result("2.5"), STDERR], 2.5),
        ([result("2.5"), STDOUT], 2.5),
        ([ERROR, result("2.5")], 0),
    ],
)
def test_the_first_result_or_error_is_the_grade_and_everything_else_is_full_points(outputs, points):
    assert determine_grade(graded(*outputs)) == (points, 5)


def test_a_result_above_the_maximum_raises():
    with pytest.raises(ValueError, match="greater than maximum"):
        determine_grade(graded(result("5.5")))


def test_an_untouched_manual_answer_is_zero_and_an_edited_one_waits():
    mark = {"grade": True, "solution": True, "locked": False, "grade_id": "why_answer", "points": 2}
    cell = new_markdown_cell("Your answer", metadata={"nbgrader": mark})
    cell.metadata.nbgrader["checksum"] = compute_checksum(cell)
    assert determine_grade(cell) == (0, 2)
    cell.source = "Because."
    assert determine_grade(cell) == (None, 2)


def converter_class(base: type[BaseConverter], seen: list) -> type[BaseConverter]:
    """A converter that opens nothing: what is asked of it is written down."""

    class Watched(base):
        def init_notebooks(self):
            seen.append("listed")
            self.assignments = {"a folder that does not exist": ["nothing.ipynb"]}

        def convert_notebooks(self):
            seen.append(("converted", dict(self.assignments), self.coursedir.submitted_directory, self.force))

    return Watched


@pytest.mark.parametrize("base", [Autograde, GenerateFeedback])
def test_the_exporter_is_built_with_its_converter_between_listing_and_opening(base, tmp_path):
    seen = []

    class Exporter(NotebookExporter):
        def __init__(self, **kw):
            super().__init__(**kw)
            seen.append(("built", self.parent))
            self.parent.assignments = {}
            self.parent.force = True
            self.parent.coursedir = CourseDirectory(root=str(tmp_path), submitted_directory="mirror")

    converter = converter_class(base, seen)(coursedir=CourseDirectory(root=str(tmp_path)))
    converter.exporter_class = Exporter
    converter.start()
    assert seen == ["listed", ("built", converter), ("converted", {}, "mirror", True)]


def test_convert_notebooks_is_looked_up_on_the_converter_after_the_exporter_is_built(tmp_path):
    seen = []

    class Exporter(NotebookExporter):
        def __init__(self, **kw):
            super().__init__(**kw)
            self.parent.convert_notebooks = lambda: seen.append("ours")

    converter = converter_class(Autograde, seen)(coursedir=CourseDirectory(root=str(tmp_path)))
    converter.exporter_class = Exporter
    converter.start()
    assert seen == ["listed", "ours"]


def test_a_preprocessor_is_built_with_the_exporter_as_its_parent():
    class Step(NbGraderPreprocessor):
        pass

    exporter = NotebookExporter()
    exporter.register_preprocessor(Step)
    (step,) = [each for each in exporter._preprocessors if isinstance(each, Step)]
    assert step.parent is exporter


def test_a_step_that_raises_costs_the_autograded_copy_and_ends_with_an_error(toy, terminal):
    """Why a BROKEN submission is taken out beforehand."""
    toy.hand_in("ada")
    config = toy.root / "nbgrader_config.py"
    config.write_text(
        "c = get_config()\nfrom nbgrader.preprocessors import NbGraderPreprocessor\n"
        "class Fails(NbGraderPreprocessor):\n"
        "    def preprocess(self, nb, resources):\n        raise ValueError\n"
        "c.Autograde.autograde_preprocessors = [Fails]\n"
    )
    old = toy.root / "autograded/ada/toy"
    old.mkdir(parents=True)
    nbformat.write(nbformat.v4.new_notebook(), old / "toy.ipynb")
    assert terminal(AutogradeApp, "toy --force") == 1
    assert not old.exists()


def test_an_absolute_submitted_folder_would_be_read_as_a_regular_expression(tmp_path):
    """Why the mirror is named relative to the course folder."""
    absolute = CourseDirectory(root=str(tmp_path), submitted_directory="/course (1)/mirror")
    assert r"\(" not in absolute.format_path(absolute.submitted_directory, "ada", "toy", escape=True)
    relative = CourseDirectory(root="/course (1)", submitted_directory=".autograder/mirror")
    assert relative.format_path(relative.submitted_directory, "ada", "toy", escape=True).startswith(
        r"/course\ \(1\)/"
    )


def test_a_timestamp_that_cannot_be_read_stops_nbgrader(tmp_path):
    """Why only a readable timestamp.txt is copied."""
    (tmp_path / "timestamp.txt").write_text("yesterday evening")
    with pytest.raises(AttributeError):
        CourseDirectory(root=str(tmp_path)).get_existing_timestamp(str(tmp_path))


def test_nothing_listed_stops_nbgrader_before_the_exporter_is_built(tmp_path):
    converter = Autograde(coursedir=CourseDirectory(root=str(tmp_path), assignment_id="toy"))
    with pytest.raises(NbGraderException, match="No notebooks were matched"):
        converter.start()
    assert not converter.trait_has_value("exporter")


def test_a_folder_without_a_notebook_stops_nbgrader_before_its_exporter_is_built(toy, terminal, capfd):
    """Why listing is replaced: the student would have no grade, and no reason."""
    (toy.hand_in("eve") / "toy.ipynb").unlink()
    (toy.root / "nbgrader_config.py").write_text("c = get_config()\n")
    assert terminal(AutogradeApp, "toy") == 1
    assert "No notebooks were matched" in capfd.readouterr().err


def test_the_class_that_the_configuration_names_is_imported_before_anything_is_listed(tmp_path):
    """Why the replacement can stand in our exporter's file."""
    (tmp_path / "named_in_the_configuration.py").write_text(
        "from nbconvert.exporters import NotebookExporter\nclass Ours(NotebookExporter): pass\n"
    )
    sys.path.insert(0, str(tmp_path))
    try:
        config = Config({"Autograde": {"exporter_class": "named_in_the_configuration.Ours"}})
        Autograde(coursedir=CourseDirectory(root=str(tmp_path)), config=config)
        assert "named_in_the_configuration" in sys.modules
    finally:
        sys.path.remove(str(tmp_path))
        sys.modules.pop("named_in_the_configuration", None)
