"""The journeys of a student, a teaching assistant and an instructor, in a real browser.

``make test`` walks a short one; ``make journeys`` walks all of them (JOURNEYS=all).
"""
