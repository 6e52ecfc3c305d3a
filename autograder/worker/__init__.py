"""The student's side of the wall: a warm server, a keeper and a session per submission.

``launcher`` is the trusted end; everything else here runs where the student's code runs.
"""
