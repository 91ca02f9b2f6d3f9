"""A sighting on its way in: into an incident that is known, or as one of its own."""

from typing import Any, Final

import msgspec

from sync_server.accounts.service import Caller
from sync_server.db.engine import Connection
from sync_server.incidents import queries
from sync_server.incidents.asked import Sighting
from sync_server.incidents.merging import Standing, absorbed, find_same
from sync_server.incidents.told import Filed, filed
from sync_server.problems import RefusedError
from sync_server.sync.own import Act, Place
from trafficdesk.domain.dispatch import SAME_INCIDENT_M
from trafficdesk.domain.geometry import boxes_around
from trafficdesk.domain.identity import new_id
from trafficdesk.domain.records import Bounds
from trafficdesk.domain.times import to_ms, utc_now
from trafficdesk.domain.vocabulary import Entity, Role, Source
from trafficdesk.wire.codes import Code
from trafficdesk.wire.operations import Operation

_SOURCES: Final = {Role.CITIZEN: Source.APP, Role.SERVICE: Source.API}
_FACTS: Final = (
    "type",
    "severity",
    "lon",
    "lat",
    "address",
    "area",
    "vehicle_count",
    "injuries",
    "injury_count",
    "lanes_blocked",
    "needs",
    "description",
    "weather",
    "traffic_volume",
)


class Intake:
    """One sighting, and what comes of it.

    Of an anonymous one nothing is kept that leads to a person or to another one of theirs: not who
    sent it, not from which device, and where is the incident's place alone.
    """

    def __init__(self, place: Place, caller: Caller, sighting: Sighting) -> None:
        self.place, self._sighting = place, sighting
        is_nobodys = sighting.anonymous or caller.role is Role.SERVICE
        self._reporter_id = None if is_nobodys else caller.user.id
        self._actor_id = None if sighting.anonymous else caller.user.id
        self._source = str(_SOURCES.get(caller.role, Source.OFFICER))
        self._now_ms = to_ms(utc_now())
        self._at_ms = sighting.occurred_at_ms(self._now_ms)
        self._id = sighting.id or new_id()
        self.filed: Filed | None = None

    def make(self, connection: Connection) -> list[Operation]:
        """Return the operation to write, none for what is known; ``filed`` is what comes of it."""
        sighting = self._sighting
        city = queries.find_city(connection, self.place.city_id, sighting.lon, sighting.lat)
        if city is None or city.station_id is None:
            raise RefusedError(Code.NOT_FOUND, "There is no such city.")
        sighting.check_place(city.name, Bounds(city.west, city.south, city.east, city.north))
        # Two who report one crash at once: the second waits here, and then finds the first.
        queries.lock_intake(connection, self.place.city_id)
        known = queries.lock_known(connection, self.place.city_id, self._id)
        if known is not None:
            return self._repeat(known)
        near = boxes_around(sighting.place, SAME_INCIDENT_M)
        standing = queries.lock_open(connection, self.place.city_id, near)
        for each in standing:
            if each.knows(self._id):
                return self._repeat(each)
        same = find_same(standing, sighting.place, self._at_ms)
        return self._create(connection, city) if same is None else self._absorb(same)

    def _repeat(self, known: Standing) -> list[Operation]:
        self.filed = filed(known.id, known.row, is_new=False)
        return []

    def _absorb(self, standing: Standing) -> list[Operation]:
        account = {
            "id": str(self._id),
            "at_ms": self._at_ms,
            "source": self._source,
            "text": self._sighting.description,
            "lon": self._sighting.lon,
            "lat": self._sighting.lat,
        }
        changes = absorbed(standing, self._sighting, account)
        row = {**standing.row, **{name: new for name, (_, new) in changes.items()}}
        self.filed = filed(standing.id, row, is_new=False)
        record = Entity.INCIDENT, standing.id
        act = Act.of(self._actor_id, self._now_ms)
        return [act.operation(record, standing.version, "absorb", changes)]

    def _create(self, connection: Connection, city: queries.City) -> list[Operation]:
        year, number = queries.take_number(connection, self.place.city_id)
        facts = msgspec.to_builtins(self._sighting)
        row: dict[str, Any] = {
            **{name: facts[name] for name in _FACTS},
            "injuries": self._sighting.injuries or self._sighting.injury_count > 0,
            "city_id": str(self.place.city_id),
            "station_id": str(city.station_id),
            "ward_id": None if city.ward_id is None else str(city.ward_id),
            "reference": f"INC-{year}-S-{number:06d}",
            "accounts": [],
            "media": self._sighting.photos(),
            "unit_id": None,
            "source": self._source,
            "reporter_id": None if self._reporter_id is None else str(self._reporter_id),
            "occurred_ms": self._at_ms,
            "reported_ms": self._now_ms,
        }
        self.filed = filed(self._id, row, is_new=True)
        changes = {name: (None, value) for name, value in row.items() if value is not None}
        act = Act.of(self._actor_id, self._now_ms)
        return [act.operation((Entity.INCIDENT, self._id), 0, "file", changes)]
