"""How many reports that came round wait for a person: they were not made, or not brought."""

from typing import Final

from trafficdesk.domain.permissions import Permission
from trafficdesk.services.session import Session
from trafficdesk.store import deliveries

# Tried so often in vain, about half an hour long: it hardly mends itself.
STUCK_AFTER_TRIES: Final = 6


def count_undelivered(session: Session) -> int:
    """Return how many there are; of none whoever may not have reports is told."""
    if not session.may(Permission.REPORT_EXPORT):
        return 0
    with session.store.reading() as connection:
        return deliveries.count_stuck(connection, STUCK_AFTER_TRIES)
