"""Downloads of Moodle and Canvas through the command, and through nbgrader's own zip_collect."""

from __future__ import annotations

import zipfile

import pytest
from nbgrader.apps import ZipCollectApp

from autograder.commands.collecting import collect_assignment
from autograder.errors import CourseError
from autograder.grading.nbgrader_plugin import roster
from tests.lms.samples import WORKSHEET

pytestmark = pytest.mark.filterwarnings("ignore:Object of type:sqlalchemy.exc.SAWarning")

STUDENTS = "id,first_name,last_name,email,lms_user_id\nada,Ada,Lovelace,ada@example.org,\nzoe,,,,7002\n"


@pytest.fixture
def known(toy):
    toy.change("INSERT INTO student (id, first_name, last_name) VALUES ('ada', 'Ada', 'Lovelace')")
    toy.change("INSERT INTO student (id, lms_user_id) VALUES ('zoe', '7002')")
    return toy


def notebook(toy):
    return (toy.root / "release/toy/toy.ipynb").read_bytes()


def download(path, entries):
    path.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in entries.items():
            archive.writestr(name, content)
    return path


def places(toy):
    return sorted(
        path.relative_to(toy.root / "submitted").as_posix() for path in toy.root.glob("submitted/*/toy/*")
    )


MARKED = ("submission_secret.txt", "timestamp.txt", "toy.ipynb")


def test_a_download_is_collected_as_a_zip_with_a_folder_around_it(known, capsys):
    content = notebook(known)
    file = download(
        known.root / "class.zip",
        {
            "Toy/Ada Lovelace_1_assignsubmission_file_/toy.ipynb": content,
            "Toy/somebody_7002_55_toy.ipynb": content,
            "Toy/Eve New_9_assignsubmission_file_toy.ipynb": content,
            "Toy/readme.txt": "x",
        },
    )
    assert collect_assignment(known.course, "toy", file) == 1
    assert places(known) == [f"{who}/toy/{name}" for who in ("ada", "zoe") for name in MARKED]
    said = capsys.readouterr().out
    for sentence in (
        "ada: collected.",
        "Eve New (Moodle's number 9): nothing was collected. No student of the course fits.",
        "2 collected, 1 not.",
        "Of 2 nobody says when they were handed in: they count as in time.",
        "Left alone, because it is no hand-in that is known: readme.txt.",
        "--add-unknown enters the others as new ones",
    ):
        assert sentence in said, said
    assert not list(known.course.state.glob("download-*"))


def test_whom_nobody_knows_can_be_entered_as_new(known):
    folder = known.root / "inbound"
    (folder / "Eve d'Été_9_assignsubmission_file_").mkdir(parents=True)
    (folder / "Eve d'Été_9_assignsubmission_file_/toy.ipynb").write_bytes(notebook(known))
    (folder / "doejane_7009_55_toy.ipynb").write_bytes(notebook(known))
    assert collect_assignment(known.course, "toy", folder, add_unknown=True) == 0
    new = {person.student: person for person in roster.people_of(known.course)}
    assert (new["eve-d-été"].last_name, new["canvas-7009"].lms_user_id) == ("Eve d'Été", "7009")
    assert collect_assignment(known.course, "toy", folder) == 0  # known by name and number from now on
    assert {place.split("/")[0] for place in places(known)} == {"eve-d-été", "canvas-7009"}


def test_a_list_and_the_platforms_sheet_say_who_it_is(toy, tmp_path, capsys):
    (tmp_path / "students.csv").write_text(STUDENTS)
    (tmp_path / "sheet.csv").write_text(WORKSHEET)
    folder = toy.root / "inbound"
    (folder / "Ada Lovelace_101_assignsubmission_file_").mkdir(parents=True)
    (folder / "Ada Lovelace_101_assignsubmission_file_/toy.ipynb").write_bytes(notebook(toy))
    (toy.root / "late.toml").write_text('timezone = "UTC"\n[assignment.toy]\ndeadline = "2026-03-01 12:00"\n')
    lists = {"sheet_file": tmp_path / "sheet.csv", "students_file": tmp_path / "students.csv"}
    assert collect_assignment(toy.course, "toy", folder, **lists) == 0
    assert "ada: handed in 2026-03-03 22:05 UTC (late)." in capsys.readouterr().out


@pytest.mark.parametrize("name", ["nowhere", "nbgrader_config.py"])
def test_what_is_neither_folder_nor_zip_is_told(toy, name):
    with pytest.raises(CourseError, match=name):
        collect_assignment(toy.course, "toy", toy.root / name)


def test_an_empty_folder_is_told(toy, capsys):
    (toy.root / "inbound").mkdir()
    assert collect_assignment(toy.course, "toy", toy.root / "inbound") == 0
    assert "Nothing was handed in here for this assignment." in capsys.readouterr().out


def test_nbgraders_zip_collect_understands_both(known, terminal, capfd):
    content = notebook(known)
    download(
        known.root / "downloaded/toy/archive/class.zip",
        {
            "Ada Lovelace_1_assignsubmission_file_/TP.ipynb": content,
            "Ada Lovelace_1_assignsubmission_file_/../../../../evil.ipynb": content,
            "somebody_LATE_7002_55_toy-1.ipynb": content,
            "Eve New_9_assignsubmission_file_toy.ipynb": content,
            "strange.ipynb": content,
        },
    )
    assert terminal(ZipCollectApp, "toy") == 0
    assert places(known) == ["ada/toy/TP.ipynb", "zoe/toy/toy.ipynb"]
    said = capfd.readouterr().err
    assert "Eve New: no student of the gradebook fits" in said
    assert "Neither Moodle nor Canvas names a file so: strange.ipynb" in said
    assert "leads elsewhere" in said
    assert not list(known.root.rglob("evil.ipynb"))
