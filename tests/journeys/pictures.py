"""The pictures of the docs, made anew: a feedback page, the formgrader, visible checks in JupyterLab.

    python -m tests.journeys.pictures [the folder of an autograder demo]

Everything that they show is really graded, of the made-up class of ``autograder demo``: of a small part of
it, made for the purpose, or of a demo that was made before.
"""

from __future__ import annotations

import io
import shutil
import sys
import tempfile
from pathlib import Path

from PIL import Image
from playwright.sync_api import Locator, Page
from rich.console import Console

from autograder.assurance.toy_class import ASSIGNMENT, CLASS
from autograder.commands.demo import run_demo
from autograder.course import find_course
from tests.journeys.browsing import MISSING, PHONE, Browsing, browsing, chromium
from tests.journeys.courses import KIT
from tests.journeys.formgrading import Formgrader
from tests.journeys.lab import Lab
from tests.journeys.places import Place
from tests.journeys.serving import Server, jupyterlabs

FOLDER = KIT / "docs/pictures"
MOST_BYTES = 150_000
SHOWN, OTHERS = "theo", ("bruno", "jules")
WRONG = "words = text.lower()\nreturn words.split(' ')"


def main(demo: str = "") -> int:
    """Take the pictures; the exit code is 2 without a browser."""
    if chromium() is None:
        print(MISSING, file=sys.stderr)
        return 2
    with tempfile.TemporaryDirectory(prefix="pictures-") as name:
        folder = Path(name)
        course = Path(demo).resolve() if demo else make_class(folder / "course")
        student = folder / "student"
        shutil.copytree(KIT / "release" / ASSIGNMENT, student / ASSIGNMENT)
        FOLDER.mkdir(exist_ok=True)
        page = course / f"feedback/{SHOWN}/{ASSIGNMENT}/{ASSIGNMENT}.html"
        places = (Place(course, folder / "teacher"), Place(student, student))
        with browsing() as browser, jupyterlabs(*places) as (teacher, ada):
            of_feedback(browser, page)
            of_the_formgrader(browser, teacher)
            of_visible_checks(browser, ada)
    return 0


def make_class(folder: Path) -> Path:
    members = [member for member in CLASS if member.student in (SHOWN, *OTHERS)]
    run_demo(find_course(KIT), folder=folder, jobs=0, console=Console(stderr=True), members=members)
    return folder


def of_feedback(browser: Browsing, file: Path) -> None:
    page = browser.window(size=(820, 900))
    page.goto(file.as_uri())
    keep(page.screenshot(), "feedback")
    page = browser.window(size=PHONE, scheme="dark")
    page.goto(f"{file.as_uri()}#multi_hot")
    keep(page.screenshot(), "feedback-phone")


def of_the_formgrader(browser: Browsing, server: Server) -> None:
    page = browser.window(size=(1000, 640))
    teacher = Formgrader(page, server).enter()
    teacher.find(ASSIGNMENT, SHOWN)
    keep_around(page, teacher.panel("multi_hot_checks"), "formgrader")


def of_visible_checks(browser: Browsing, server: Server) -> None:
    page = browser.window(size=(1000, 620))
    notebook = Lab(page, server).enter().open(f"{ASSIGNMENT}/{ASSIGNMENT}.ipynb")
    notebook.run_cell("environment")
    notebook.write_answer("tokenize", WRONG)
    notebook.run_cell("tokenize")
    notebook.run_cell("tokenize_checks")
    keep_around(page, notebook.cell("tokenize_checks"), "visible-checks")


def keep_around(page: Page, what: Locator, name: str) -> None:
    """What the window shows once this stands near its top."""
    what.evaluate("element => { element.scrollIntoView({block: 'start'}); scrollBy(0, -80); }")
    keep(page.screenshot(), name)


def keep(png: bytes, name: str) -> None:
    """Write a picture in few colours and few bytes."""
    picture = Image.open(io.BytesIO(png)).convert("RGB").quantize(128, dither=Image.Dither.NONE)
    file = FOLDER / f"{name}.png"
    picture.save(file, optimize=True)
    size = file.stat().st_size
    if size > MOST_BYTES:
        raise ValueError(f"a picture of the docs has at most {MOST_BYTES} bytes (got {size} for {name})")
    print(f"{file.relative_to(KIT)}: {picture.width} × {picture.height}, {size // 1000} kB")


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
