"""How many reports that came round wait for a person: they were not made, or not brought.

An officer who has seen them says so; then they hear of what is stuck from then on, and of the same
again once somebody had it tried anew. Others at the desk hear of it as before.
"""

import json
from typing import Final

from trafficdesk.domain.permissions import Permission
from trafficdesk.domain.vocabulary import Entity
from trafficdesk.services import auditing
from trafficdesk.services.auditing import Audited
from trafficdesk.services.changes import Changed
from trafficdesk.services.session import Session
from trafficdesk.store import deliveries

# Tried so often in vain, about half an hour long: it hardly mends itself.
STUCK_AFTER_TRIES: Final = 6


def count_undelivered(session: Session) -> int:
    """Return of how many this officer is to hear; of none whoever may not have reports."""
    if not session.may(Permission.REPORT_EXPORT):
        return 0
    with session.store.reading() as connection:
        stuck = deliveries.find_stuck(connection, STUCK_AFTER_TRIES)
        return len(stuck - deliveries.find_seen(connection, session.officer.id))


def see_undelivered(session: Session) -> Changed:
    """Note that this officer has seen what is stuck now; nothing of it is given up."""
    if not session.may(Permission.REPORT_EXPORT):
        return Changed()
    with session.store.writing() as connection:
        stuck = deliveries.find_stuck(connection, STUCK_AFTER_TRIES)
        new = stuck - deliveries.find_seen(connection, session.officer.id)
        if not new:
            return Changed()
        deliveries.put_seen(connection, session.officer.id, stuck)
        detail = json.dumps({"count": len(new)})
        what = Audited("schedule.see_undelivered", "desk", str(session.device_id), detail)
        auditing.append(session, connection, what)
    return Changed(kinds=frozenset({Entity.SCHEDULE}))
