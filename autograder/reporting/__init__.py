"""Pages made from Reports."""
