"""Cells run as in a Jupyter kernel, and their outputs come back as data."""

from __future__ import annotations

import base64

from autograder.worker import hiring


def streams(reply, name="stdout"):
    return "".join(item["text"] for item in reply["outputs"] if item.get("name") == name)


def test_prints_and_the_last_value_come_back_as_outputs(session):
    reply = session.cell("print('hello')\n1 + 1")
    assert reply["outcome"] == "ok"
    assert reply["outputs"] == [
        {"output_type": "stream", "name": "stdout", "text": "hello\n"},
        {
            "output_type": "execute_result",
            "execution_count": 1,
            "data": {"text/plain": "2"},
            "metadata": {},
        },
    ]


def test_names_live_on_from_cell_to_cell(session):
    session.cell("x = 20")
    assert streams(session.cell("print(x + 1)")) == "21\n"


def test_stdout_and_stderr_keep_their_order(session):
    reply = session.cell("import sys\nprint('a')\nprint('b', file=sys.stderr)\nprint('c')")
    assert [(item["name"], item["text"]) for item in reply["outputs"]] == [
        ("stdout", "a\n"),
        ("stderr", "b\n"),
        ("stdout", "c\n"),
    ]


def test_an_error_is_told_with_its_cell_and_line(session):
    reply = session.cell("def f():\n    return 1 / 0\n\nf()", "division")
    assert reply["outcome"] == "raised"
    assert reply["error"] == {
        "type": "ZeroDivisionError",
        "builtin": True,
        "ancestors": ["ZeroDivisionError", "ArithmeticError", "Exception", "BaseException"],
        "cell": "division",
        "line": 2,
        "text": "return 1 / 0",
    }
    assert reply["outputs"][-1] == {
        "output_type": "error",
        "ename": "ZeroDivisionError",
        "evalue": "division by zero",
        "traceback": [],
    }


def test_a_syntax_error_is_told_with_its_line(session):
    error = session.cell("x = 1\ny = = 2", "typing")["error"]
    assert (error["type"], error["cell"], error["line"], error["text"]) == (
        "SyntaxError",
        "typing",
        2,
        "y = = 2",
    )


def test_a_bad_indentation_is_told_with_its_line(session):
    error = session.cell("def f():\nreturn 1")["error"]
    assert (error["type"], error["line"]) == ("IndentationError", 2)


def test_magics_and_shell_lines_work(session):
    reply = session.cell("%%capture caught\nprint('inside')")
    assert reply["outcome"] == "ok"
    assert reply["outputs"] == []
    assert "caught is 'inside" in streams(session.cell("print('caught is', repr(caught.stdout))"))
    assert "from the shell" in streams(session.cell("!echo from the shell"))
    assert session.cell("%timeit -n1 -r1 1+1")["outcome"] == "ok"


def test_an_unknown_magic_is_an_error_of_the_cell(session):
    assert session.cell("%no_such_magic")["outcome"] in ("ok", "raised")
    assert streams(session.cell("print('alive')")) == "alive\n"


def test_displays_are_kept_and_updated_in_place(session):
    reply = session.cell("h = display('first', display_id=True)\ndisplay('other')\nh.update('second')")
    assert [item["data"] for item in reply["outputs"]] == [
        {"text/plain": "'second'"},
        {"text/plain": "'other'"},
    ]


def test_clear_output_removes_what_was_shown(session):
    reply = session.cell("from IPython.display import clear_output\nprint(1)\nclear_output()\nprint(2)")
    assert streams(reply) == "2\n"


def test_only_text_and_png_cross(session):
    source = "from IPython.display import HTML\nHTML('<script>1</script>')"
    (item,) = session.cell(source)["outputs"]
    assert set(item["data"]) == {"text/plain"}


def test_a_plot_comes_back_as_a_picture(keras_session):
    reply = keras_session.cell(
        "import matplotlib.pyplot as plt\nplt.plot([1, 3, 2])\nplt.title('one')\nplt.show()"
    )
    (picture,) = [item for item in reply["outputs"] if "image/png" in item.get("data", {})]
    assert base64.b64decode(picture["data"]["image/png"]).startswith(b"\x89PNG")


def test_a_plot_without_show_comes_back_too(keras_session):
    keras_session.cell("%matplotlib inline\nimport matplotlib.pyplot as plt")
    reply = keras_session.cell("plt.plot([1, 3, 2]);")
    assert sum("image/png" in item.get("data", {}) for item in reply["outputs"]) == 1
    assert keras_session.cell("plt.get_fignums()")["outputs"][0]["data"]["text/plain"] == "[]"


def test_input_is_a_plain_error_at_once(session):
    reply = session.cell("name = input('who? ')", seconds=5.0)
    assert reply["error"]["type"] == "RuntimeError"
    assert reply["outputs"][-1]["evalue"].startswith("input() cannot be used here")


def test_a_cell_that_loops_is_interrupted_and_the_next_one_runs(session):
    assert session.cell("while True:\n    pass", seconds=0.3)["outcome"] == "interrupted"
    assert streams(session.cell("print('next')")) == "next\n"


def test_a_cell_that_swallows_one_interrupt_meets_the_next(session):
    source = "try:\n    while True: pass\nexcept BaseException:\n    pass\nwhile True: pass"
    assert session.cell(source, seconds=0.2)["outcome"] == "interrupted"


def test_except_exception_does_not_swallow_the_interrupt(session):
    source = "while True:\n    try:\n        while True: pass\n    except Exception:\n        pass"
    assert session.cell(source, seconds=0.2)["outcome"] == "interrupted"


def test_exit_and_keyboard_interrupt_end_a_cell_only(session):
    assert session.cell("import sys; sys.exit(3)")["error"]["type"] == "SystemExit"
    assert session.cell("raise KeyboardInterrupt")["error"]["type"] == "KeyboardInterrupt"
    session.cell("exit()")
    assert streams(session.cell("print('alive')")) == "alive\n"


def test_an_error_whose_text_loops_is_told_without_it(session):
    session.cell("class Odd(Exception):\n    def __str__(self):\n        while True: pass")
    reply = session.cell("raise Odd", seconds=5.0)
    assert reply["error"]["type"] == "Odd"
    assert not reply["error"]["builtin"]
    assert reply["outputs"][-1]["evalue"] == ""


def test_odd_characters_in_prints_and_errors_do_not_end_the_worker(session):
    reply = session.cell("print('\\ud83d')\nraise ValueError('\\ud83d')")
    assert streams(reply) == "?\n"
    assert reply["outputs"][-1]["evalue"] == "?"


def test_a_flood_of_prints_is_cut_with_a_note(session):
    reply = session.cell("for _ in range(200_000):\n    print('x' * 100)", seconds=60.0)
    assert reply["outcome"] == "ok"
    text = streams(reply)
    assert len(text) < 3 * 2**20
    assert "output cut here" in text


def test_output_of_threads_and_processes_never_reaches_the_wire(session):
    source = (
        "import os, subprocess, sys, threading\n"
        "os.write(1, b'raw'); os.write(2, b'raw')\n"
        "subprocess.run(['echo', 'child'])\n"
        "thread = threading.Thread(target=print, args=('from a thread',)); thread.start(); thread.join()\n"
        "sys.stdout.close(); sys.stderr.close()\n"
    )
    assert "from a thread" in streams(session.cell(source))
    assert streams(session.cell("print('still here')")) == "still here\n"


def test_top_level_await_works(session):
    assert streams(session.cell("import asyncio\nawait asyncio.sleep(0)\nprint('awaited')")) == "awaited\n"


def test_files_beside_the_notebook_can_be_imported(light_server, tmp_path):
    from autograder.worker.launcher import hire

    (tmp_path / "loader.py").write_text("LABEL = 'from the release folder'\n")
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "words.txt").write_text("good bad")
    (tmp_path / "link").symlink_to("/etc/hostname")
    with hire(light_server.address, files=tmp_path) as worker:
        source = (
            "import loader, os\nprint(loader.LABEL, open('data/words.txt').read(), os.path.lexists('link'))"
        )
        question = {"ask": "run_cell", "name": "c", "source": source, "seconds": 5.0}
        reply = worker.ask(question, lambda _: {}, 10.0)
    assert streams(reply) == "from the release folder good bad False\n"


def test_several_questions_about_defined_names(session):
    session.cell("def f(): pass\ng = 3\nclass C: pass")
    assert session.ask({"ask": "defined", "names": ["f", "g", "h", "C"]}) == {"defined": ["f", "C"]}


def test_a_worker_lives_whose_judge_has_cores_that_the_server_has_not(light_server, monkeypatch):
    monkeypatch.setattr(hiring.os, "sched_getaffinity", lambda _: set(range(4000, 8000)))
    with hiring.hire(light_server.address) as worker:
        question = {"ask": "run_cell", "name": "first", "source": "print(1)", "seconds": 10.0}
        assert streams(worker.ask(question, lambda _: {}, 20.0)) == "1\n"
