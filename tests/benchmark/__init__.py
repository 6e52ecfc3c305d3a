"""The benchmark: this kit, stock nbgrader, Otter and the floor on the same class; docs/benchmarks.md."""
