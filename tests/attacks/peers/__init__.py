"""The same cases on other graders, installed apart and caged, and the table that compares them."""
