"""Which cells are run, found, restored, and what is said about them."""

import json

import nbformat
import pytest

from autograder.grading.intake import read_submission

DOUBLE = "def double(x):\n    return 2 * x\n"
TRIPLE = "def triple(x):\n    return 3 * x\n"


def names(intake):
    return [cell.name for cell in intake.cells]


def sources(intake):
    return {cell.name: cell.source for cell in intake.cells}


def said(intake, cell):
    return [repair.what for repair in intake.repairs if repair.cell == cell]


def order(intake):
    """The names of the marked cells of the rebuilt notebook, in order; "-" for a cell of the student's."""
    return [c.metadata.get("nbgrader", {}).get("grade_id", "-") for c in intake.notebook.cells]


SLOTS = ["-", "setup", "double", "double_checks", "-", "triple", "triple_checks", "-", "size_answer"]


def test_the_release_itself_is_untouched_and_needs_no_repair(toy):
    intake = toy.read(toy.release_cells())
    assert intake.untouched == {"double", "triple"}
    assert intake.absent == frozenset()
    assert intake.repairs == ()
    assert names(intake) == ["setup", "double", "triple"]
    assert order(intake) == SLOTS


def test_check_cells_and_demo_cells_are_not_run(toy):
    intake = toy.read(toy.solved(double=DOUBLE, triple=TRIPLE))
    assert sources(intake) == {"setup": "import numpy as np\n", "double": DOUBLE, "triple": TRIPLE}
    assert intake.untouched == frozenset()


def test_comments_white_space_and_a_new_docstring_leave_a_stub_untouched(toy):
    changed = (
        'def double(x):\n\n    # I tried\n    """Other words."""\n    raise NotImplementedError( )   # later'
    )
    assert toy.read(toy.solved(double=changed)).untouched == {"double", "triple"}


def test_any_other_statement_counts_as_an_attempt(toy):
    assert toy.read(toy.solved(double="def double(x):\n    pass\n")).untouched == {"triple"}


def test_a_demo_cell_runs_when_a_later_cell_reads_a_name_of_it(toy):
    cells = toy.solved(double=DOUBLE, triple="def triple(x):\n    return x + factor * x\n")
    cells[4]["source"] = "factor = 2\n"
    assert names(toy.read(cells)) == ["setup", "double", "cell 5", "triple"]


def test_a_demo_cell_that_only_binds_a_parameters_name_stays_skipped(toy):
    cells = toy.solved(double=DOUBLE, triple="def triple(ids):\n    return 3 * ids\n")
    assert names(toy.read(cells)) == ["setup", "double", "triple"]


def test_a_demo_cell_that_imports_what_is_imported_already_stays_skipped(toy):
    cells = toy.solved(double=DOUBLE, triple="def triple(x):\n    return np.multiply(3, x)\n")
    cells[4]["source"] = "import numpy as np\nhistory = [np.zeros(3)]\n"
    assert names(toy.read(cells)) == ["setup", "double", "triple"]


def test_a_demo_cell_runs_when_it_feeds_a_demo_cell_that_runs(toy):
    cells = toy.solved(double=DOUBLE, triple="def triple(x):\n    return helper(x)\n")
    cells[4]["source"] = "def helper(x):\n    return factor * x\n"
    cells.insert(4, toy.cell("code", "factor = 3\n", tags=["demo"]))
    assert names(toy.read(cells)) == ["setup", "double", "cell 5", "cell 6", "triple"]


def test_a_later_demo_cell_runs_when_a_function_written_before_it_reads_its_name(toy):
    cells = toy.solved(double="def double(x):\n    return factor * x\n")
    cells[4]["source"] = "%time factor = 2\n"
    assert names(toy.read(cells)) == ["setup", "double", "cell 5", "triple"]


def test_a_demo_cell_that_lost_its_tag_is_known_by_its_text(toy):
    cells = toy.without_marks(toy.solved(double=DOUBLE, triple=TRIPLE))
    assert names(toy.read(cells)) == ["setup", "double", "triple"]


def test_cells_whose_marks_are_lost_are_found_by_function_text_and_place(toy):
    cells = toy.without_marks(toy.solved(double=DOUBLE, triple=TRIPLE, size_answer="3 GB"))
    intake = toy.read(cells)
    assert order(intake) == SLOTS
    assert intake.notebook.cells[8].source == "3 GB"
    assert "lost the names" in said(intake, "notebook")[0]
    assert len(intake.repairs) == 1


def test_a_copy_that_was_edited_counts_and_the_stub_is_gone_from_the_run(toy):
    cells = toy.solved()
    cells.insert(4, toy.marked("code", DOUBLE, "double", solution=True))
    intake = toy.read(cells)
    assert sources(intake)["double"] == DOUBLE
    assert names(intake) == ["setup", "double", "triple"]
    assert intake.untouched == {"triple"}
    assert said(intake, "double") == [
        "There is more than one cell for this exercise; the one that you edited counts."
    ]


def test_of_two_edited_cells_the_last_counts_and_the_other_is_kept(toy):
    cells = toy.solved(double="def double(x):\n    return x\n")
    cells.insert(4, toy.cell("code", DOUBLE))
    intake = toy.read(cells)
    assert sources(intake)["double"] == DOUBLE
    assert "def double(x):\n    return x\n" in [c.source for c in intake.notebook.cells]
    assert said(intake, "double") == [
        "There are 2 cells for this exercise; the last one that you edited counts."
    ]


def test_the_cell_that_counts_runs_after_the_others_of_its_exercise(toy):
    wrong = "def double(x):\n    return x\n"
    for before, after in ((wrong, DOUBLE), (DOUBLE, wrong)):
        cells = toy.solved(double=before)
        cells.append(toy.cell("code", after))
        definitions = [cell.source for cell in toy.read(cells).cells if "def double" in cell.source]
        assert definitions == [before, after]


def test_one_cell_that_defines_every_function_attempts_every_exercise(toy):
    cells = toy.solved()
    cells.append(toy.cell("code", DOUBLE + TRIPLE))
    intake = toy.read(cells)
    assert intake.untouched == frozenset()
    assert [s for s in sources(intake).values() if "NotImplemented" in s] == []


def test_a_code_cell_that_became_text_is_code_again(toy):
    cells = toy.solved(double=DOUBLE)
    cells[2] = {**cells[2], "cell_type": "markdown"}
    intake = toy.read(cells)
    assert sources(intake)["double"] == DOUBLE
    assert intake.notebook.cells[2].cell_type == "code"
    assert "another type" in said(intake, "double")[0]


def test_a_moved_cell_goes_back_and_the_students_own_cells_stay(toy):
    cells = toy.solved(double=DOUBLE, triple=TRIPLE)
    cells.insert(5, toy.cell("code", "mine = 1\n"))
    cells.append(cells.pop(1))
    intake = toy.read(cells)
    assert order(intake)[0] == "setup"
    assert [name for name in order(intake) if name != "-"] == [name for name in SLOTS if name != "-"]
    assert names(intake) == ["setup", "double", "cell 5", "triple"]
    assert said(intake, "setup") == ["This cell had been moved; it was put back in its place."]


def test_a_deleted_locked_cell_comes_back_and_runs(toy):
    cells = toy.solved(double=DOUBLE)
    del cells[1]
    intake = toy.read(cells)
    assert names(intake)[0] == "setup"
    assert said(intake, "setup") == ["This cell was missing; the original was put back."]


def test_a_changed_locked_cell_is_restored_and_the_students_version_runs_after_it(toy):
    intake = toy.read(toy.solved(setup="import numpy as np\nimport re\n"))
    assert [cell.source for cell in intake.cells][:2] == [
        "import numpy as np\n",
        "import numpy as np\nimport re\n",
    ]
    assert intake.notebook.cells[1].source == "import numpy as np\n"
    assert "the original counts" in said(intake, "setup")[0]


def test_an_edited_check_cell_is_restored_and_never_run(toy):
    intake = toy.read(toy.solved(double_checks="print('all right')"))
    assert intake.notebook.cells[3].source == "assert double(1) == 2"
    assert "print('all right')" not in sources(intake).values()
    assert intake.notebook.cells[4].source == "print('all right')"


def test_a_deleted_answer_is_absent_and_its_empty_cell_is_put_back(toy):
    cells = toy.solved(triple=TRIPLE)
    del cells[2]
    intake = toy.read(cells)
    assert intake.absent == {"double"}
    assert intake.untouched == frozenset()
    assert names(intake) == ["setup", "triple"]
    assert order(intake) == SLOTS


def test_a_syntax_error_costs_only_its_own_cell(toy):
    intake = toy.read(toy.solved(double="def double(x)\n    return 2 * x\n", triple=TRIPLE))
    assert names(intake) == ["setup", "double", "triple"]
    assert intake.untouched == frozenset()


def test_a_cell_with_a_syntax_error_is_still_found_by_its_function(toy):
    cells = toy.without_marks(toy.solved(double="def double(x):\n    return 2 *\n", triple=TRIPLE))
    assert names(toy.read(cells)) == ["setup", "double", "triple"]


def test_a_renamed_function_is_named_to_the_student(toy):
    intake = toy.read(toy.solved(double="def twice(x):\n    return 2 * x\n"))
    assert said(intake, "double") == [
        "This cell defines `twice`, but the grader looks for `double`. Nothing was renamed."
    ]


def test_a_lambda_is_a_definition_too(toy):
    intake = toy.read(toy.without_marks(toy.solved(double="double = lambda x: 2 * x\n", triple=TRIPLE)))
    assert "double" in names(intake)
    assert intake.absent == frozenset()


def test_the_marks_of_the_rebuilt_notebook_are_the_releases(toy):
    cells = toy.solved(double=DOUBLE)
    cells[3]["metadata"]["nbgrader"] |= {"points": 300, "locked": "yes", "checksum": 7}
    cells.append(toy.marked("code", "x = 1", "of_another_course", grade=True, points=9))
    intake = toy.read(cells)
    assert intake.notebook.cells[3].metadata.nbgrader.points == 3
    assert "nbgrader" not in intake.notebook.cells[-1].metadata
    nbformat.validate(intake.notebook)


def test_the_rebuilt_notebook_has_no_outputs_and_no_cell_of_the_students_is_lost(toy):
    cells = toy.solved(double=DOUBLE, size_answer="3 GB")
    cells[2]["outputs"] = [{"output_type": "stream", "name": "stdout", "text": "seen"}]
    cells += [toy.cell("raw", "raw note"), toy.cell("markdown", "note"), toy.cell("code", "2 + 2")]
    intake = toy.read(cells)
    assert all(not cell.get("outputs") for cell in intake.notebook.cells)
    assert {"raw note", "note", "2 + 2", "3 GB", DOUBLE} <= {cell.source for cell in intake.notebook.cells}
    nbformat.validate(intake.notebook)


def test_reading_twice_gives_the_same_notebook(toy):
    cells = toy.without_marks(toy.solved(double=DOUBLE))
    assert toy.read(cells).notebook == toy.read(cells).notebook


@pytest.mark.parametrize("language", ["R", "julia-1.9"])
def test_a_kernel_of_another_language_is_said_and_changes_nothing(toy, language):
    intake = toy.read(toy.solved(double=DOUBLE), kernelspec={"name": language})
    assert language in said(intake, "notebook")[0]
    assert intake.notebook.metadata.kernelspec.name == "python3"
    assert sources(intake)["double"] == DOUBLE


def test_no_kernelspec_at_all_is_fine(toy):
    assert toy.read(toy.solved(double=DOUBLE), other=1).repairs == ()


def test_an_answer_that_was_merged_into_the_cell_of_its_checks_counts(toy):
    cells = toy.solved(double=DOUBLE, triple=TRIPLE)
    merged = f"{DOUBLE}\n\nassert double(1) == 2"
    cells[3]["source"] = merged
    del cells[2]
    intake = toy.read(cells)
    assert order(intake) == SLOTS
    assert sources(intake)["double"] == merged
    assert names(intake) == ["setup", "double", "triple"]
    assert intake.absent == frozenset()


def test_a_locked_cell_that_was_only_edited_takes_no_answers_place(toy):
    cells = toy.solved(double=DOUBLE)
    cells[3]["source"] = "def double(x):\n    return 7\nassert double(1) == 2"
    assert sources(toy.read(cells))["double"] == DOUBLE


def test_fifty_megabytes_of_outputs_cost_no_answer(toy):
    cells = toy.solved(double=DOUBLE, triple=TRIPLE)
    cells[2]["outputs"] = [{"output_type": "stream", "name": "stdout", "text": "0123456789,[\n" * 4_000_000}]
    intake = toy.read(cells)
    assert (names(intake), intake.repairs) == (["setup", "double", "triple"], ())
    assert intake.notebook.cells[2].outputs == []


def test_nan_and_a_number_of_thousands_of_digits_cost_no_answer(toy):
    text = json.dumps(toy.notebook(toy.solved(double=DOUBLE), a=float("nan"), b="many"))
    toy.write(text.replace('"many"', "9" * 5000).encode())
    intake = read_submission(toy.submitted, toy.assignment)
    assert sources(intake)["double"] == DOUBLE


def test_more_code_than_is_looked_into_is_refused_in_a_sentence(toy):
    cells = toy.solved(double=DOUBLE) + [toy.cell("code", "x = 1\n" * 8000) for _ in range(5)]
    assert toy.read(cells).unreadable.startswith("The notebook has 240")


def test_pasted_data_that_is_too_long_to_be_looked_into_is_run_all_the_same(toy):
    data = f"numbers = [{'1, ' * 40_000}]\n"
    intake = toy.read([*toy.solved(double=DOUBLE), toy.cell("code", data)])
    assert intake.cells[-1].source == data


def test_pasted_pictures_beyond_what_there_is_room_for_are_left_out_and_said(toy):
    cells = toy.solved(double=DOUBLE)
    for cell in (cells[0], cells[7]):
        cell["attachments"] = {"a.png": {"image/png": "A" * 6 * 2**20}}
    intake = toy.read(cells)
    assert ["attachments" in cell for cell in intake.notebook.cells].count(True) == 1
    assert "Pictures pasted into text cells were left out" in said(intake, "notebook")[0]
