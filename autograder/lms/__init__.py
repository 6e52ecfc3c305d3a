"""What Moodle and Canvas hand out and take back: their sheets, the names of their files, who is who in them.

Pure reading and writing of bytes and names; knows nothing of a course, of nbgrader or of the disk.
"""
