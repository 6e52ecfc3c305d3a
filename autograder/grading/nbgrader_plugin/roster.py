"""The students that the gradebook knows, with what tells a learning platform's people apart."""

from __future__ import annotations

from collections.abc import Iterable

from nbgrader.api import Gradebook
from nbgrader.coursedir import CourseDirectory

from autograder.course import Course
from autograder.grading.nbgrader_plugin import gradebook
from autograder.grading.nbgrader_plugin.running import running
from autograder.lms.people import Person


def people_of(course: Course) -> list[Person]:
    """Everybody in the gradebook; nobody where there is none yet."""
    with running(course) as app:
        return people_in(app.coursedir)


def people_in(coursedir: CourseDirectory) -> list[Person]:
    """Everybody in the gradebook of this course directory."""
    if not gradebook.is_there(coursedir):
        return []
    with gradebook.opened(coursedir) as book:
        return _people(book)


def _people(book: Gradebook) -> list[Person]:
    return [
        Person(
            student=student.id,
            first_name=student.first_name or "",
            last_name=student.last_name or "",
            email=student.email or "",
            lms_user_id=student.lms_user_id or "",
        )
        for student in book.students
    ]


def add(course: Course, people: Iterable[Person]) -> None:
    """Enter new students; whoever is there already stays as they are."""
    with running(course) as app:
        gradebook.keep_copy(app.coursedir, course.state)
        with gradebook.opened(app.coursedir) as book:
            known = {student.id for student in book.students}
            for person in people:
                if person.student not in known:
                    book.add_student(
                        person.student,
                        first_name=person.first_name or None,
                        last_name=person.last_name or None,
                        email=person.email or None,
                        lms_user_id=person.lms_user_id or None,
                    )
