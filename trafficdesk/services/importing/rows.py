"""From a row of a file to a report: every field by the mapping, cleaned, with what is wrong."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from uuid import UUID

from trafficdesk.domain.permissions import Permission
from trafficdesk.domain.plates import plate_token
from trafficdesk.domain.records import Bounds, NewReport
from trafficdesk.domain.texts import clean_line, clean_text
from trafficdesk.domain.vocabulary import Severity, Source, VehicleType, Violation
from trafficdesk.services.importing import values
from trafficdesk.services.importing.faults import Findings, RowError, RowFault, RowWarning
from trafficdesk.services.importing.mapping import SEVERITIES, Mapping
from trafficdesk.services.importing.sources import Source as SourceFile
from trafficdesk.services.importing.sources import SourceRow, walk
from trafficdesk.services.importing.values import WrongError
from trafficdesk.services.session import Session
from trafficdesk.store import facts, places

_CACHED = 8192


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a row does not say: where this desk is, which violations it knows, and the time."""

    city_id: UUID
    station_id: UUID
    bounds: Bounds
    time_zone: str
    violations: frozenset[str]
    now: datetime


def surroundings(session: Session) -> Surroundings:
    """Return what rows are read against at this desk."""
    with session.store.reading() as connection:
        city = places.get_city(connection, facts.home_city_id(connection))
        return Surroundings(
            city.id,
            facts.home_station_id(connection),
            city.bounds,
            city.time_zone,
            frozenset(Violation) | places.find_violation_types(connection).keys(),
            session.clock(),
        )


def may_import(session: Session) -> bool:
    """Tell whether the officer may import files."""
    return session.may(Permission.REPORT_IMPORT)


def walk_reports(
    source: SourceFile, mapping: Mapping, around: Surroundings, findings: Findings
) -> Iterator[tuple[int, NewReport]]:
    """Yield the reports of a file with their lines; what is wrong goes into ``findings``."""
    for row in walk(source):
        findings.rows += 1
        if isinstance(row, RowError):
            findings.add(row)
            continue
        try:
            report = read_report(row, mapping, around, findings)
        except WrongError as wrong:
            findings.add(wrong.error)
        else:
            yield row.line, report


def read_report(
    row: SourceRow, mapping: Mapping, around: Surroundings, findings: Findings
) -> NewReport:
    """Return the report of a row; odd things are counted in ``findings``.

    Raises:
        WrongError: the row cannot be taken.
    """
    rule = mapping.place
    bounds = Bounds(*rule.bounds) if rule.bounds else around.bounds
    place, inside = values.place(row, mapping, bounds)
    if not inside:
        findings.warnings[RowWarning.OUTSIDE_BOUNDS] += 1
    occurred_at, reported_at = _times(row, mapping, around)
    texts = {
        name: values.words(row, getattr(mapping, name), name)
        for name in ("address", "area", "vehicle_text", "description", "plate")
    }
    clean = {name: _clean(name, text) for name, text in texts.items()}
    if any(_is_cleaned(texts[name], clean[name]) for name in texts if name != "plate"):
        findings.warnings[RowWarning.TEXT_CLEANED] += 1
    return NewReport(
        violations=_violations(row, mapping, around),
        severity=_severity(row, mapping),
        place=place,
        occurred_at=occurred_at,
        reported_at=reported_at,
        city_id=around.city_id,
        station_id=around.station_id,
        accuracy_m=_accuracy(row, mapping),
        plate=plate_token(texts["plate"]),
        vehicle_type=_vehicle_type(row, mapping),
        address=clean["address"],
        area=clean["area"],
        vehicle_text=clean["vehicle_text"],
        description=clean["description"],
        source=Source.IMPORT,
    )


def _times(row: SourceRow, mapping: Mapping, around: Surroundings) -> tuple[datetime, datetime]:
    rule = mapping.time
    if rule is None:
        raise AssertionError("a mapping of reports has a time")
    occurred_at = values.instant(row, rule.column, rule, around.time_zone, around.now)
    if not rule.reported or not values.cell(row, rule.reported):
        return occurred_at, occurred_at
    return occurred_at, values.instant(row, rule.reported, rule, around.time_zone, around.now)


@lru_cache(_CACHED)
def _clean(name: str, text: str) -> str:
    return clean_text(text) if name == "description" else clean_line(text)


def _is_cleaned(text: str, clean: str) -> bool:
    """Tell whether something unseen was taken out; spaces and length are no such thing."""
    return text != clean and not text.isprintable() and bool(set(text.strip()) - set(clean + "\r"))


def _accuracy(row: SourceRow, mapping: Mapping) -> float | None:
    column = mapping.place.accuracy_m
    found = values.number(row, column, mapping.file.decimal) if column else None
    if found is not None and found < 0:
        raise WrongError(row, RowFault.NUMBER_UNREADABLE, column, found)
    return found


def _violations(row: SourceRow, mapping: Mapping, around: Surroundings) -> tuple[str, ...]:
    found = values.many_words(row, mapping.violation, "violation")
    for code in found:
        if code not in around.violations:
            column = mapping.violation.column or "violation"
            fault = RowFault.VALUE_UNKNOWN if code else RowFault.VALUE_MISSING
            raise WrongError(row, fault, column, code)
    return found


def _vehicle_type(row: SourceRow, mapping: Mapping) -> VehicleType:
    word = values.words(row, mapping.vehicle_type, "vehicle_type") or VehicleType.UNKNOWN
    try:
        return VehicleType(word)
    except ValueError as error:
        column = mapping.vehicle_type.column or "vehicle_type"
        raise WrongError(row, RowFault.VALUE_UNKNOWN, column, word) from error


def _severity(row: SourceRow, mapping: Mapping) -> Severity:
    rules = mapping.severity
    for rule in rules.rules:
        found = values.number(row, rule.column, mapping.file.decimal)
        if found is not None and found >= rule.at_least:
            return SEVERITIES[rule.level]
    word = values.cell(row, rules.column) if rules.column else ""
    level = rules.values.get(word, word) if word else rules.otherwise
    if level not in SEVERITIES:
        raise WrongError(row, RowFault.VALUE_UNKNOWN, rules.column, word)
    return SEVERITIES[level]
