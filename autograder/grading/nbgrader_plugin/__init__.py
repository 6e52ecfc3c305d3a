"""The plug-in that lets nbgrader record our Reports; with reporting/exporters the only importer of nbgrader.

Its two seams are named in nbgrader_config.py: ``submissions.CleanSubmissions`` stands between the
students' files and nbgrader, ``verdicts.WriteVerdicts`` stands in for running the notebook.
"""

from autograder.grading.nbgrader_plugin.recording import Recorded, record

__all__ = ["Recorded", "record"]
