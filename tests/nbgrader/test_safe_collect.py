"""``nbgrader collect``, the buttons Collect and "Manage Submissions": no hand-in stops or misleads them."""

from __future__ import annotations

import os
import shutil

import pytest
from nbgrader.apps import CollectApp
from nbgrader.apps.api import NbGraderAPI

from autograder.grading.nbgrader_plugin.running import nbgrader_app

EARLY, LATE = "2026-03-01 10:00:00.000000 UTC", "2026-03-03 10:00:00.000000 UTC"


@pytest.fixture
def exchange(toy, tmp_path):
    """The exchange of the toy course; gives the folder to which students hand in."""
    root = tmp_path / "exchange"
    inbound = root / "toy" / "inbound"
    inbound.mkdir(parents=True)
    root.chmod(0o777)
    with (toy.root / "nbgrader_config.py").open("a") as config:
        config.write(f'c.Exchange.root = "{root}"\nc.CourseDirectory.course_id = "toy"\n')
    return inbound


def hand_in(exchange, student, time=EARLY, text="{}"):
    folder = exchange / f"{student}+toy+{time}+0123"
    folder.mkdir()
    (folder / "toy.ipynb").write_text(text)
    (folder / "timestamp.txt").write_text(time)
    return folder


def collected(toy):
    return {folder.parent.name: folder for folder in (toy.root / "submitted").glob("*/toy")}


def text_of(toy, student):
    return (collected(toy)[student] / "toy.ipynb").read_text()


def test_what_stops_nbgrader_stops_nobody(toy, exchange, terminal, tmp_path):
    (tmp_path / "secret").write_text("a secret")
    hand_in(exchange, "zoe")
    pipe = hand_in(exchange, "ada")
    os.mkfifo(pipe / "pipe")
    (pipe / "timestamp.txt").unlink()
    os.mkfifo(pipe / "timestamp.txt")
    link = hand_in(exchange, "bob")
    (link / "notes.txt").symlink_to(tmp_path / "secret")
    (link / "all").symlink_to(tmp_path)
    (link / "timestamp.txt").write_text("yesterday, or so")
    with (hand_in(exchange, "eve") / "large.bin").open("wb") as file:
        file.truncate(2 * 10**8)
    hand_in(exchange, "mal", "no time")
    (exchange / f"odd+toy+{EARLY}").symlink_to(tmp_path)
    (exchange / f"ody+toy+{EARLY}").write_text("no folder")

    assert terminal(CollectApp, "toy") == 0
    assert set(collected(toy)) == {"ada", "bob", "eve", "mal", "zoe"}
    names = {path.name for folder in collected(toy).values() for path in folder.rglob("*")}
    assert names == {"toy.ipynb", "timestamp.txt", "submission_secret.txt"}
    for student in ("ada", "bob", "zoe"):
        assert (collected(toy)[student] / "timestamp.txt").read_text() == EARLY


STOCK = "--ExchangeFactory.collect=nbgrader.exchange.default.ExchangeCollect"


def test_a_pipe_stops_nbgraders_own_collecting_and_a_link_is_followed(toy, exchange, terminal, tmp_path):
    """Why it is replaced: when this fails, nbgrader has changed, not we."""
    (tmp_path / "secret").write_text("a secret")
    (hand_in(exchange, "ada") / "notes.txt").symlink_to(tmp_path / "secret")
    assert terminal(CollectApp, f"toy {STOCK}") == 0
    assert (collected(toy)["ada"] / "notes.txt").read_text() == "a secret"
    os.mkfifo(hand_in(exchange, "bob") / "pipe")
    with pytest.raises(shutil.Error, match="is a named pipe"):
        terminal(CollectApp, f"toy {STOCK}")


def test_those_who_have_a_submission_keep_it_unless_a_newer_one_is_asked_for(toy, exchange, terminal):
    hand_in(exchange, "ada", EARLY, "first")
    terminal(CollectApp, "toy")
    hand_in(exchange, "ada", LATE, "second")
    hand_in(exchange, "bob", LATE, "of bob")
    terminal(CollectApp, "toy")
    assert (text_of(toy, "ada"), text_of(toy, "bob")) == ("first", "of bob")
    terminal(CollectApp, "toy --update")
    assert text_of(toy, "ada") == "second"
    (kept,) = (toy.root / ".autograder/attempts/toy/ada").iterdir()
    assert (kept / "toy.ipynb").read_text() == "first"


def test_one_student_alone(toy, exchange, terminal):
    hand_in(exchange, "ada")
    hand_in(exchange, "bob")
    assert terminal(CollectApp, "toy --student=bob") == 0
    assert set(collected(toy)) == {"bob"}


def test_the_last_one_before_the_due_date(toy, exchange, terminal):
    with (toy.root / "nbgrader_config.py").open("a") as config:
        config.write('c.Autograder.attempt = "last"\n')
    toy.change("UPDATE assignment SET duedate = '2026-03-02 00:00:00.000000'")
    hand_in(exchange, "ada", EARLY, "in time")
    hand_in(exchange, "ada", LATE, "late")
    terminal(CollectApp, "toy")
    assert text_of(toy, "ada") == "late"
    terminal(CollectApp, "toy --before-duedate")
    assert text_of(toy, "ada") == "in time"


def test_a_due_date_that_cannot_be_read_is_one_sentence(toy, exchange, terminal, capfd):
    (toy.root / "late.toml").write_text("[toy\n")
    hand_in(exchange, "ada")
    assert terminal(CollectApp, "toy") == 1
    assert "late.toml" in capfd.readouterr().err
    assert collected(toy) == {}


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can hand in as somebody else")
@pytest.mark.parametrize("check", [True, False])
def test_nobody_hands_in_under_the_name_of_another(toy, exchange, terminal, capfd, check):
    hand_in(exchange, "daemon", EARLY, "her own")
    shutil.chown(exchange / f"daemon+toy+{EARLY}+0123", "daemon")
    shutil.chown(hand_in(exchange, "daemon", LATE, "another's"), "nobody")
    shutil.chown(hand_in(exchange, "a-name-of-no-user", EARLY), "nobody")
    assert terminal(CollectApp, f"toy --ExchangeCollect.check_owner={check}") == 0
    assert set(collected(toy)) == {"daemon", "a-name-of-no-user"}
    assert text_of(toy, "daemon") == ("her own" if check else "another's")
    told = f"daemon+toy+{LATE}+0123 was handed in by nobody, under this name; ask both."
    assert (told in capfd.readouterr().err) is check


def test_the_group_of_the_staff_may_write_what_was_collected(toy, exchange, terminal):
    (hand_in(exchange, "ada") / "toy.ipynb").chmod(0o400)
    assert terminal(CollectApp, "toy --CourseDirectory.groupshared=True") == 0
    folder = collected(toy)["ada"]
    assert {path.stat().st_mode & 0o660 for path in folder.iterdir()} == {0o660}
    assert {path.stat().st_mode & 0o2770 for path in (folder, folder.parent)} == {0o2770}


def test_the_buttons_collect_and_list_whatever_was_handed_in(toy, exchange):
    for student in ("ada", "bob", "eve"):
        hand_in(exchange, student)
    app = nbgrader_app(toy.course)
    api = NbGraderAPI(coursedir=app.coursedir, parent=app)
    done = api.collect("toy")
    assert done["success"], done
    # and what somebody put there by hand
    (collected(toy)["bob"] / "timestamp.txt").unlink()
    os.mkfifo(collected(toy)["bob"] / "timestamp.txt")
    (collected(toy)["eve"] / "timestamp.txt").write_text("a quarter past")
    listed = {one["student"]: one["timestamp"] for one in api.get_submissions("toy")}
    assert set(listed) == {"ada", "bob", "eve"}
    assert listed["ada"].startswith("2026-03-01T10:00:00")
    assert listed["bob"] is listed["eve"] is None
