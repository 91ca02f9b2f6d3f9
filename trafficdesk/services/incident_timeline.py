"""What happened to an incident and to the units sent to it, as one line of events."""

from uuid import UUID

from trafficdesk.domain.records import Event
from trafficdesk.services.session import Session
from trafficdesk.store import assignments, history


def find_timeline(session: Session, incident_id: UUID) -> list[Event]:
    """Return the events of an incident and of its assignments, the first first."""
    with session.store.reading() as connection:
        events = list(history.events_of(connection, incident_id))
        for each in assignments.find_of_incident(connection, incident_id):
            events += history.events_of(connection, each.id)
    return sorted(events, key=lambda event: (event.at, event.seq))
