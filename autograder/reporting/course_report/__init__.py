"""The report on a course: progress per student and per learning goal, across assignments."""
