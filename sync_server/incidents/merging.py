"""Two sightings of one incident: which belong together, and what the later one adds."""

from collections.abc import Iterable, Mapping
from typing import Any, Final, NamedTuple
from uuid import UUID

from sync_server.incidents.asked import Sighting
from trafficdesk.domain.dispatch import are_one_incident
from trafficdesk.domain.geometry import distance_m
from trafficdesk.domain.records import Place
from trafficdesk.domain.times import from_ms
from trafficdesk.domain.vocabulary import LanesBlocked

_BLOCKED: Final = {str(word): number for number, word in enumerate(LanesBlocked)}
MOST_PHOTOS_IN_ALL: Final = 100
# What the first who said nothing of it leaves to the next.
_BLANKS: Final = ("address", "area", "weather", "traffic_volume")


class Standing(NamedTuple):
    """An open incident as it stands, locked."""

    id: UUID
    version: int
    row: Mapping[str, Any]

    @property
    def place(self) -> Place:
        """Where it is."""
        return Place(self.row["lon"], self.row["lat"])

    def sighted_ms(self) -> list[int]:
        """Return when it was seen: a crash is reported for longer than five minutes."""
        return [self.row["occurred_ms"], *(each["at_ms"] for each in self.row["accounts"])]

    def knows(self, sighting_id: UUID) -> bool:
        """Tell whether a sighting is in it already."""
        accounts = {each["id"] for each in self.row["accounts"]}
        return sighting_id == self.id or str(sighting_id) in accounts


def find_same(near: Iterable[Standing], place: Place, at_ms: int) -> Standing | None:
    """Return the incident that a sighting is of, the nearest of several, or None."""
    same = [
        each
        for each in near
        if any(
            are_one_incident((each.place, from_ms(seen_ms)), (place, from_ms(at_ms)))
            for seen_ms in each.sighted_ms()
        )
    ]
    return min(same, key=lambda each: distance_m(each.place, place), default=None)


def absorbed(
    standing: Standing, sighting: Sighting, account: Mapping[str, object]
) -> dict[str, tuple[object, object]]:
    """Return what an incident becomes by a further sighting: told once more, facts the worse."""
    row = standing.row
    needs = {**row["needs"]}
    for service, count in sighting.needs.items():
        needs[str(service)] = max(count, needs.get(str(service), 0))
    blocked = max(row["lanes_blocked"], str(sighting.lanes_blocked), key=_BLOCKED.__getitem__)
    known = {each["sha256"] for each in row["media"]}
    photos = [each for each in sighting.photos() if each["sha256"] not in known]
    new: dict[str, object] = {
        "media": [*row["media"], *photos][:MOST_PHOTOS_IN_ALL],
        "accounts": [*row["accounts"], dict(account)],
        "severity": max(row["severity"], int(sighting.severity)),
        "vehicle_count": max(row["vehicle_count"], sighting.vehicle_count),
        "injuries": row["injuries"] or sighting.injuries or sighting.injury_count > 0,
        "injury_count": max(row["injury_count"], sighting.injury_count),
        "lanes_blocked": blocked,
        "needs": needs,
        **{name: row[name] or getattr(sighting, name) for name in _BLANKS},
    }
    return {name: (row[name], value) for name, value in new.items() if row[name] != value}
