"""Corrected facts of a report: made tidy, and what follows from them."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Final

from trafficdesk.domain.evidence import evidence_of
from trafficdesk.domain.geometry import is_on_earth
from trafficdesk.domain.plates import plate_token
from trafficdesk.domain.records import NewReport, Place, Report
from trafficdesk.domain.texts import clean_line
from trafficdesk.domain.vocabulary import Severity, VehicleType
from trafficdesk.services.intake import evidence_facts
from trafficdesk.services.intent import Intent
from trafficdesk.store import media, places

CORRECTABLE: Final[Mapping[str, Callable[[str], object]]] = {
    "severity": lambda text: int(Severity(int(text))),
    "plate": plate_token,
    "vehicle_type": lambda text: str(VehicleType(text)),
    "vehicle_text": clean_line,
    "address": clean_line,
    "area": clean_line,
    "lon": float,
    "lat": float,
}


def tidied(values: Mapping[str, object]) -> dict[str, object]:
    """Return corrected values as the store keeps them.

    Raises:
        KeyError: a field is not one that can be corrected.
        ValueError: a value is none of its field.
    """
    return {name: CORRECTABLE[name](str(value)) for name, value in values.items()}


def followed(doing: Intent, report: Report, values: Mapping[str, object]) -> dict[str, object]:
    """Return the values with the ward and the evidence score that follow from them.

    Raises:
        ValueError: the place is not on the earth.
    """
    given = dict(values)
    lon, lat = (float(str(given.get(name, getattr(report.place, name)))) for name in ("lon", "lat"))
    place = Place(lon, lat)
    if place != report.place:
        if not is_on_earth(place):
            raise ValueError(f"not on the earth: {lon}, {lat}")
        ward_id = places.find_ward_at(doing.connection, place)
        given["ward_id"] = None if ward_id is None else str(ward_id)
    claimed = replace(as_claimed(report), place=place, plate=str(given.get("plate", report.plate)))
    photos = media.find_of_report(doing.connection, report.pk)
    given["score"] = evidence_of(evidence_facts(doing.connection, claimed, photos)).score
    return given


def as_claimed(report: Report) -> NewReport:
    """Return what a report claims, as its evidence is weighed by."""
    return NewReport(
        violations=report.violations,
        severity=report.severity,
        place=report.place,
        occurred_at=report.occurred_at,
        reported_at=report.reported_at,
        city_id=report.city_id,
        station_id=report.station_id,
        accuracy_m=report.accuracy_m,
        plate=report.plate,
        description=report.description,
        source=report.source,
        reporter_id=report.reporter_id,
    )
