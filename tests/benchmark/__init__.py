"""The benchmark: this kit, stock nbgrader, Otter and the floor on the same submissions, and docs/benchmarks.md."""
