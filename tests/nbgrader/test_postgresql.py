"""The gradebook in a real PostgreSQL server on loopback holds what it holds in SQLite.

The server is Debian's package; where there is none the test says what to install.
"""

from __future__ import annotations

import getpass
import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.exc import OperationalError

from autograder.checking.verdicts import Outcome
from autograder.grading.nbgrader_plugin import gradebook, record
from autograder.grading.nbgrader_plugin.connection import one_connection
from autograder.grading.nbgrader_plugin.running import nbgrader_app

pytestmark = pytest.mark.filterwarnings("ignore:Object of type:sqlalchemy.exc.SAWarning")

GRADES = """
    SELECT sa.student_id, bc.name, g.auto_score, g.manual_score, g.extra_credit, g.needs_manual_grade, ''
    FROM grade g JOIN base_cell bc ON bc.id = g.cell_id
    JOIN submitted_notebook sn ON sn.id = g.notebook_id
    JOIN submitted_assignment sa ON sa.id = sn.assignment_id
    UNION ALL
    SELECT sa.student_id, bc.name, NULL, NULL, NULL, NULL, c.manual_comment
    FROM comment c JOIN base_cell bc ON bc.id = c.cell_id
    JOIN submitted_notebook sn ON sn.id = c.notebook_id
    JOIN submitted_assignment sa ON sa.id = sn.assignment_id
    UNION ALL
    SELECT sa.student_id, 'penalty', sn.late_submission_penalty, NULL, NULL, NULL, ''
    FROM submitted_notebook sn JOIN submitted_assignment sa ON sa.id = sn.assignment_id
"""


def of(student, cell):
    """The condition, in SQL, for the grade or the comment of one cell."""
    return f"""
        notebook_id IN (SELECT sn.id FROM submitted_notebook sn JOIN submitted_assignment sa
        ON sa.id = sn.assignment_id WHERE sa.student_id = '{student}')
        AND cell_id IN (SELECT id FROM base_cell WHERE name = '{cell}')
    """


def programs():
    """The folder of PostgreSQL's programs; None where it is not installed."""
    known = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    found = known[-1] if known else shutil.which("initdb")
    return Path(found).parent if found else None


@pytest.fixture(scope="module")
def server():
    """The address of a fresh database cluster that only this test uses."""
    place = programs()
    if place is None:
        pytest.skip("PostgreSQL is not installed: apt-get install postgresql")
    user = "postgres" if os.getuid() == 0 else getpass.getuser()  # it refuses to be run by root
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with tempfile.TemporaryDirectory(prefix="pg-") as folder:
        if os.getuid() == 0:
            os.chown(folder, pwd.getpwnam(user).pw_uid, -1)
        data = Path(folder) / "data"

        def run(program, *options):
            command = [str(place / program), *options]
            as_user = ["setpriv", f"--reuid={user}", f"--regid={user}", "--clear-groups"]
            done = subprocess.run(
                [*as_user, *command] if os.getuid() == 0 else command,
                cwd=folder,
                capture_output=True,
                text=True,
                check=False,
                stdin=subprocess.DEVNULL,
            )
            assert done.returncode == 0, done.stderr

        run("initdb", "--auth=trust", "--username=grader", "--encoding=UTF8", "-D", str(data))
        own = f"-c port={port} -c listen_addresses=127.0.0.1 -c unix_socket_directories='' -c fsync=off"
        run("pg_ctl", "-D", str(data), "-o", own, "-l", f"{folder}/log", "-w", "start")
        try:
            yield f"postgresql://grader@127.0.0.1:{port}/postgres"
        finally:
            run("pg_ctl", "-D", str(data), "-m", "immediate", "stop")


def a_term(toy):
    """Grade, correct by hand, set a due date, change the submission and the checks, and grade again."""
    config = toy.root / "nbgrader_config.py"
    config.write_text(config.read_text() + "c.LateSubmissionPlugin.penalty_method = 'zero'\n")
    toy.hand_in("ada", {"why_answer": "Because."}, timestamp="2026-03-01 12:00:00 UTC")
    toy.hand_in("bob", {"double": "def double(x):\n    return x"}, timestamp="2026-03-09 12:00:00 UTC")
    toy.prepare("ada", Outcome.FAILED, Outcome.PASSED, Outcome.PASSED)
    toy.prepare("bob")
    record(toy.course, "toy")
    app = nbgrader_app(toy.course)
    with gradebook.opened(app.coursedir) as book:
        book.update_or_create_assignment("toy", duedate="2026-03-05 12:00:00 UTC")
        for statement in (
            f"UPDATE grade SET manual_score = 0.5 WHERE {of('ada', 'why_answer')}",
            f"UPDATE comment SET manual_comment = 'Né à Orléans' WHERE {of('ada', 'double')}",
        ):
            assert book.db.execute(text(statement)).rowcount == 1
        book.db.commit()
    (toy.root / "tests/hidden/test_toy.py").write_text("# another check\n")
    toy.prepare("ada")
    toy.prepare("bob")
    record(toy.course, "toy")
    with gradebook.opened(app.coursedir) as book:
        rows = sorted((tuple(row) for row in book.db.execute(text(GRADES))), key=repr)
    app.deinit_logging()
    return rows


@pytest.fixture
def database(server, request):
    """The address of an empty database in that server."""
    name = request.node.name
    engine = create_engine(server, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    engine.dispose()
    return f"{server.rpartition('/')[0]}/{name}"


@pytest.fixture
def other(toy, database, tmp_path):
    """The toy course with its gradebook in that database."""
    course = type(toy)(tmp_path / "other", toy.generated)
    shutil.copytree(toy.root, course.root)
    (course.root / "gradebook.db").unlink()
    config = course.root / "nbgrader_config.py"
    config.write_text(config.read_text() + f"c.CourseDirectory.db_url = {database!r}\n")
    return course


def test_who_grades_by_hand_waits_until_it_is_recorded(other, database):
    other.hand_in("ada")
    other.prepare("ada")
    record(other.course, "toy")
    app = nbgrader_app(other.course)
    somebody = create_engine(database)
    touch = text(f"SELECT 1 FROM grade WHERE {of('ada', 'double_checks')} FOR UPDATE NOWAIT")
    with one_connection() as save, gradebook.opened(app.coursedir) as book:
        book.find_grade("double_checks", "toy", "toy", "ada")
        with somebody.connect() as person, pytest.raises(OperationalError, match="could not obtain lock"):
            person.execute(touch)
        save()
        with somebody.connect() as person:
            assert person.execute(touch).scalar_one() == 1
    app.deinit_logging()
    somebody.dispose()


def test_postgresql_holds_what_sqlite_holds(toy, other):
    here, there = a_term(toy), a_term(other)
    assert there == here
    by_name = {(row[0], row[1], row[6]): row[2:6] for row in here}
    assert by_name["ada", "why_answer", ""][1] == 0.5
    assert by_name["ada", "double_checks", ""][0] == 3
    assert ("ada", "double", "Né à Orléans") in by_name
    assert by_name["bob", "penalty", ""][0] == 5
    assert not (other.root / "gradebook.db").exists()
