"""The command line, a file per thing that somebody does; each command is a thin edge around a room.

Heavy things are imported where they are used, so that ``--help`` answers at once.
"""
