"""One connection for all of nbgrader's Gradebooks of a run, and one commit for each submission.

nbgrader opens its gradebook nine times for each submission and commits forty times: every opening looks at
all tables and compiles every statement anew, every commit waits for the disk and forgets what was read, so
that it is read again.  That is most of recording.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from nbgrader.api import Gradebook
from sqlalchemy import Connection, NullPool, create_engine, event
from sqlalchemy.orm import Session, scoped_session, sessionmaker

from autograder.grading.nbgrader_plugin.lookups import asking_once

PAUSE_SECONDS = 0.015
"""After each commit: whoever waits to write, such as the formgrader, looks ten times a second and for 5 s."""


@contextmanager
def one_connection() -> Iterator[Callable[[], None]]:
    """Let each Gradebook that is opened within work in the transaction of one connection.

    What it commits and rolls back is a savepoint there; the function that is given makes it durable, and so
    does the end.  A run that is killed loses what was not made durable yet, and grades are written again.
    """
    opening = Gradebook.__init__
    held: dict[str, Connection] = {}
    checked: dict[tuple[str, str], sessionmaker[Session]] = {}

    def open_within(
        self: Any, db_url: str, course_id: str = "default_course", authenticator: Any = None
    ) -> None:
        if db_url not in held:
            opening(self, db_url, course_id, authenticator)  # makes what is not there yet
            self.close()
            held[db_url] = _connect(db_url)
        connection = held[db_url]
        if not connection.in_transaction():
            connection.begin()
        self.engine = connection.engine
        sessions = checked.get((db_url, course_id)) or _sessions(connection)
        self.db = scoped_session(sessions)
        if (db_url, course_id) not in checked:
            self.check_course(course_id=course_id)
            checked[db_url, course_id] = sessions
        self.course_id, self.authenticator = course_id, authenticator

    def save() -> None:
        for connection in held.values():
            connection.commit()
        time.sleep(PAUSE_SECONDS)

    ours = {"__init__": open_within, **asking_once()}
    theirs = {name: getattr(Gradebook, name) for name in ours}
    _put(ours)
    try:
        yield save
    finally:  # also where one submission failed: what nbgrader committed for the others is to stay
        _put(theirs)
        try:
            save()
        finally:
            for connection in held.values():
                connection.close()


def _put(methods: Mapping[str, Any]) -> None:
    for name, method in methods.items():
        setattr(Gradebook, name, method)


def _sessions(connection: Connection) -> sessionmaker[Session]:
    """Makes the sessions of nbgrader's Gradebooks, one for each that is opened: each reads anew."""
    return sessionmaker(
        bind=connection,
        autoflush=True,
        expire_on_commit=False,  # nobody else changes what was read here: see lookups
        join_transaction_mode="create_savepoint",
    )


def _connect(db_url: str) -> Connection:
    engine = create_engine(db_url, poolclass=NullPool)
    if engine.dialect.name == "sqlite":  # Python's driver begins and ends transactions by its own rules
        event.listen(engine, "connect", _leave_transactions_to_us)
        # IMMEDIATE: who reads first and writes later would be refused while the formgrader waits to write
        event.listen(engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN IMMEDIATE"))
    return engine.connect()


def _leave_transactions_to_us(driver: Any, _record: object) -> None:
    driver.isolation_level = None
