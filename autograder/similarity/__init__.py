"""What two students wrote alike, and nobody else: a hint to a person, never a verdict, never points.

Nothing here runs a student's code, and nothing here knows a grade.
"""
