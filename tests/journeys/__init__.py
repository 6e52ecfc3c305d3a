"""The journeys of a student, a teaching assistant and an instructor, in a real browser.

``make test`` walks a short one; ``make journeys`` walks all of them (JOURNEYS=all).
"""

import os

ALL = os.environ.get("JOURNEYS") == "all"
"""Whether what takes minutes is walked, too."""
