"""What a desk keeps, and what it is told anew, when it is enrolled again with its work."""

import msgspec
from sqlalchemy import Connection

from trafficdesk.store import facts, officers, places
from trafficdesk.sync import bundle_requests, link
from trafficdesk.sync.enrolling import Enrolment


def take_place(connection: Connection, brought: Enrolment) -> None:
    """Let this store be that of the device that was enrolled.

    Its operations stay as they were written; epoch and cursors stay, for what a restored server may
    have lost is found by them. The scope is another, so that every city is read anew.
    """
    marks = link.get_marks(connection)
    after = msgspec.structs.replace(
        marks,
        turn=brought.marks.turn,
        refresh_token=brought.marks.refresh_token,
        user_id=brought.marks.user_id,
        it_public_key="",
    )
    for name, value in link.as_facts(brought.link, after).items():
        facts.put(connection, name, value)
    places.put_city(connection, brought.city)
    places.put_station(connection, brought.station)
    put_home(connection, brought)
    facts.put_device(connection, brought.link.device_id)
    bundle_requests.forget(connection)


def put_home(connection: Connection, brought: Enrolment) -> None:
    """Write who signed in, and where the desk stands by what name from now on."""
    officers.put(connection, brought.officer)
    facts.put_home(
        connection,
        city_id=brought.city.id,
        station_id=brought.station.id,
        desk_code=brought.desk_code,
        time_zone=brought.city.time_zone,
    )
