"""What people call a place: its street, and the ward, for a street goes through many places."""

from sqlalchemy import Connection

from trafficdesk.domain.geometry import centre_of
from trafficdesk.domain.records import Bounds, Place
from trafficdesk.store import places
from trafficdesk.store.analytics import micro_counts


def name_of(connection: Connection, bounds: Bounds, middle: Place | None = None) -> str:
    """Return the name of a box, the ward being that of its middle; '' where none is known."""
    ward = places.find_ward_at(connection, middle or centre_of(bounds))
    street = micro_counts.find_name(connection, bounds)
    known = (street, "" if ward is None else places.find_ward_name(connection, ward))
    return ", ".join(filter(None, known))
