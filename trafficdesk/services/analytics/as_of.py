"""How old the data is that figures are counted from."""

from datetime import datetime
from typing import Final

from sqlalchemy import Connection

from trafficdesk.domain.times import from_ms
from trafficdesk.services.session import Session
from trafficdesk.store import sync_marks

# What is told of a desk that has joined a server and was never in step with it.
NEVER: Final = from_ms(0)


def heard_at(connection: Connection, session: Session) -> datetime:
    """Return when this desk last held all that its server had, by the server's clock.

    The present for a desk without a server, which nobody else writes to.
    """
    if sync_marks.find_link(connection) is None:
        return session.lease_clock()
    return from_ms(sync_marks.find_heard_ms(connection))


def find_heard(session: Session) -> datetime:
    """Return the same for who asks nothing else."""
    with session.store.reading() as connection:
        return heard_at(connection, session)
