# The settings of this course: read by nbgrader, by the formgrader and by `autograder`.  No logic here.
c = get_config()  # noqa: F821 -- nbgrader puts it there

c.CourseDirectory.course_id = "recurrent-networks"

# The lowest isolation of students' code that you accept: sandbox, restricted or process.
c.Autograder.isolation = "process"
# Which submission counts when a student hands in twice: last_before_deadline, last or first.
c.Autograder.attempt = "last_before_deadline"
# Keep the server that has TensorFlow loaded (0.4 GB) for so long after a run: the formgrader's button then
# need not wait for the import.  Without this line, it ends with the run.
# c.Autograder.warm_seconds = 300

# The exchange, where students use this machine, too (docs/exchange.md): a folder that everybody may write.
# c.Exchange.root = "/srv/nbgrader/exchange"

# Between the students' files and nbgrader: it sees clean copies, and the verdicts of the kit's own judge
# where it would run the notebooks itself.
c.Autograde.exporter_class = "autograder.grading.nbgrader_plugin.submissions.CleanSubmissions"
c.Autograde.autograde_preprocessors = [
    "autograder.grading.nbgrader_plugin.verdicts.WriteVerdicts",
    "nbgrader.preprocessors.LimitOutput",
    "nbgrader.preprocessors.SaveAutoGrades",
    "nbgrader.preprocessors.AssignLatePenalties",
    "nbgrader.preprocessors.CheckCellMetadata",
]
c.GenerateFeedback.exporter_class = "autograder.reporting.exporters.feedback.FeedbackExporter"

# `nbgrader collect` and the button Collect copy plain files only, each from the student whose name it has.
# Where students' names are not those of Unix users, add c.ExchangeCollect.check_owner = False
c.ExchangeFactory.collect = "autograder.grading.nbgrader_plugin.safe_collect.SafeCollect"

# Late penalties by late.toml, when there is one; zip_collect understands downloads of Moodle and Canvas.
c.AssignLatePenalties.plugin_class = "autograder.grading.nbgrader_plugin.late_penalty.LatePenalty"
c.ZipCollectApp.extractor_plugin = "autograder.grading.nbgrader_plugin.zip_names.SafeExtractor"
c.ZipCollectApp.collector_plugin = "autograder.grading.nbgrader_plugin.zip_names.LmsNames"
