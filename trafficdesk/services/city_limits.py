"""Where this desk's city lies: its name and limits, told by hand, by its wards or by a base map."""

import json
import math
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final

from sqlalchemy import Connection

from trafficdesk.domain.geometry import contains, is_on_earth
from trafficdesk.domain.permissions import Permission
from trafficdesk.domain.records import Bounds, City, Place
from trafficdesk.domain.texts import clean_line
from trafficdesk.domain.vocabulary import Entity
from trafficdesk.services import auditing
from trafficdesk.services.changes import Changed
from trafficdesk.services.session import Session
from trafficdesk.store import facts, places

NAME_LENGTH: Final = 60
# The largest cities measure two degrees; what is wider was set up without anybody saying where.
_WIDEST_CITY_DEG: Final = 5.0
_MARGIN: Final = 0.1  # of a side, around wards: streets and reports lie at their edge


class CityFault(StrEnum):
    """Why the city was not changed. The values are stable codes."""

    NOT_PERMITTED = "city.not_permitted"
    NAME_MISSING = "city.name_missing"
    NOT_LIMITS = "city.not_limits"  # four numbers: west, south, east, north
    TOO_WIDE = "city.too_wide"


@dataclass(frozen=True, slots=True)
class CityKept:
    """The city as it is now."""

    city: City
    changed: Changed


@dataclass(frozen=True, slots=True)
class CityFacts:
    """The city and, if there are wards, the limits they suggest."""

    city: City
    of_wards: Bounds | None

    @property
    def is_vague(self) -> bool:
        """Tell whether nobody has said yet where the city lies."""
        return is_vague(self.city.bounds)


def is_vague(bounds: Bounds) -> bool:
    """Tell whether limits are too wide to be those of a city."""
    return max(bounds.east - bounds.west, bounds.north - bounds.south) > _WIDEST_CITY_DEG


def read_limits(text: str) -> Bounds | None:
    """Return limits written as ``west, south, east, north`` in degrees; None if they are none."""
    try:
        west, south, east, north = (float(part) for part in text.replace(";", ",").split(","))
    except ValueError:
        return None
    corners = (Place(west, south), Place(east, north))
    is_right = all(is_on_earth(corner) for corner in corners) and west < east and south < north
    return Bounds(west, south, east, north) if is_right else None


def load_city(session: Session) -> CityFacts:
    """Return the desk's city and what its wards say of its limits."""
    with session.store.reading() as connection:
        return CityFacts(_home(connection), _around_wards(connection))


def change_city(session: Session, name: str, bounds: Bounds) -> CityKept | CityFault:
    """Say what the city is called and where it lies."""
    if not session.may(Permission.BASEMAP_MANAGE):
        return CityFault.NOT_PERMITTED
    tidy = clean_line(name, NAME_LENGTH)
    if not tidy:
        return CityFault.NAME_MISSING
    if is_vague(bounds):
        return CityFault.TOO_WIDE
    with session.store.writing() as connection:
        return _keep(session, connection, replace(_home(connection), name=tidy), bounds)


def follow_wards(session: Session, connection: Connection) -> None:
    """Take the city's limits from its wards when nobody has said yet where it lies."""
    city, bounds = _home(connection), _around_wards(connection)
    if bounds is not None and is_vague(city.bounds):
        _keep(session, connection, city, bounds)


def _home(connection: Connection) -> City:
    return places.get_city(connection, facts.home_city_id(connection))


def _around_wards(connection: Connection) -> Bounds | None:
    around = places.find_ward_bounds(connection)
    if around is None:
        return None
    wide = (around.east - around.west) * _MARGIN
    high = (around.north - around.south) * _MARGIN
    grown = Bounds(around.west - wide, around.south - high, around.east + wide, around.north + high)
    return Bounds(*(math.floor(side * 1e4 + 0.5) / 1e4 for side in grown))


def _keep(session: Session, connection: Connection, city: City, bounds: Bounds) -> CityKept:
    centre = Place((bounds.west + bounds.east) / 2, (bounds.south + bounds.north) / 2)
    city = replace(city, bounds=bounds, centre=centre)
    places.put_city(connection, city)
    for station in places.find_stations(connection):
        if station.city_id == city.id and not contains(bounds, station.place):
            places.put_station(connection, replace(station, place=centre))
    detail = json.dumps({"name": city.name, "limits": list(bounds)}, ensure_ascii=False)
    auditing.append(
        session, connection, auditing.Audited("desk.city", Entity.DESK, str(city.id), detail)
    )
    return CityKept(city, Changed(kinds=frozenset({Entity.DESK})))
