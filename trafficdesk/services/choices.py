"""What an officer can choose from at this desk: officers, stations, wards, violation types."""

from dataclasses import dataclass
from uuid import UUID

from trafficdesk.domain.records import City, Officer, Place, Station
from trafficdesk.domain.vocabulary import Violation
from trafficdesk.services.session import Session
from trafficdesk.store import facts, officers, places


@dataclass(frozen=True, slots=True)
class Choices:
    """The desk's own lists; ``wards`` are (id, name), ``named_types`` an admin's words by code."""

    city: City
    station_id: UUID
    officers: tuple[Officer, ...]
    stations: tuple[Station, ...]
    wards: tuple[tuple[UUID, str], ...]
    named_types: dict[str, str]

    @property
    def violations(self) -> tuple[str, ...]:
        """Every violation type: the built-in ones, then those an admin added."""
        built_in = tuple(str(each) for each in Violation)
        return built_in + tuple(code for code in self.named_types if code not in built_in)


def load_choices(session: Session) -> Choices:
    """Return the desk's lists as they are now."""
    with session.store.reading() as connection:
        return Choices(
            city=places.get_city(connection, facts.home_city_id(connection)),
            station_id=facts.home_station_id(connection),
            officers=tuple(officers.find_present(connection)),
            stations=tuple(places.find_stations(connection)),
            wards=tuple(places.find_ward_names(connection)),
            named_types=places.find_violation_types(connection),
        )


def find_ward_at(session: Session, place: Place) -> str:
    """Return the name of the ward a point lies in; '' outside every limit."""
    with session.store.reading() as connection:
        ward_id = places.find_ward_at(connection, place)
        return "" if ward_id is None else places.find_ward_name(connection, ward_id)
