"""The kit's own exceptions: one small tree, so that a command can turn each into one sentence."""


class AutograderError(Exception):
    """Something that a person can put right; its text is a sentence that ends with the received value."""


class CourseError(AutograderError):
    """The course folder, its configuration or a name given by the user does not fit."""


class WireError(AutograderError):
    """Bytes from the other side of the wall do not follow the protocol or exceed its limits."""


class WorkerLost(AutograderError):
    """The worker process ended, or stopped answering, before it replied."""


class IsolationError(AutograderError):
    """The machine cannot give the isolation level that the course asks for."""
