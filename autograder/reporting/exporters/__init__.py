"""Where pages meet nbgrader; with grading/nbgrader_plugin the only importer of it."""
