"""The report on one assignment: what the class understood, and whether the exercises were good."""
