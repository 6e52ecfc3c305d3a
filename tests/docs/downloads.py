"""What docs/lms.md takes for granted: what Moodle and Canvas let somebody download."""

from __future__ import annotations

import zipfile
from pathlib import Path

STUDENTS = "id,first_name,last_name,email\nada,Ada,Lovelace,ada@example.org\nzoe,Zoé,d'Été,zoe@example.org\n"
WORKSHEET = (
    'Identifier,"Full name","Email address",Status,Grade,"Maximum grade","Last modified (submission)"\n'
    '"Participant 1","Ada Lovelace",ada@example.org,Submitted,,20.00,"Sunday, 1 March 2026, 9:00 AM"\n'
    '"Participant 2","Zoé d\'Été",zoe@example.org,Submitted,,20.00,"Sunday, 1 March 2026, 9:05 AM"\n'
)
CANVAS = (
    "Student,ID,SIS Login ID,Section,Exercise 2 (90210)\n    Points Possible,,,,20.00\n"
    '"Lovelace, Ada",7,ada,A,\n"d\'Été, Zoé",8,zoe,A,\n'
)


def lay_down(course: Path, home: Path, notebook: Path) -> None:
    """Write the files that the page names, below the course folder and in ``home``/Downloads."""
    downloads = home / "Downloads"
    downloads.mkdir()
    (course / "students.csv").write_text(STUDENTS, encoding="utf-8")
    (downloads / "Grades-CS-ex2-4711.csv").write_text(WORKSHEET, encoding="utf-8")
    (course / "Grades.csv").write_text(WORKSHEET, encoding="utf-8")
    (downloads / "2026_Grades-CS.csv").write_text(CANVAS, encoding="utf-8-sig")
    with zipfile.ZipFile(downloads / "CS-ex2-4711.zip", "w") as archive:
        for name in ("Ada Lovelace_1", "Zoé dÉté_2"):
            archive.write(notebook, f"{name}_assignsubmission_file_/{notebook.name}")
