"""Numbers, times, words and places as files write them; each may fail with a row's fault."""

import math
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from trafficdesk.domain.geometry import contains, is_on_earth
from trafficdesk.domain.records import Bounds, Place
from trafficdesk.services.importing.faults import RowError, RowFault
from trafficdesk.services.importing.mapping import PLACEHOLDER, FieldRule, Mapping, TimeRule
from trafficdesk.services.importing.sources import SourceRow

EARLIEST = datetime(1970, 1, 2, tzinfo=UTC)
FUTURE_ALLOWED = timedelta(minutes=10)


class WrongError(Exception):
    """One cell that cannot be taken."""

    def __init__(self, row: SourceRow, fault: RowFault, column: str, value: object = "") -> None:
        super().__init__(fault)
        self.error = RowError(row.line, fault, column, str(value)[:80])


def cell(row: SourceRow, column: str) -> str:
    """Return what a row holds in a column, '' when the row has no such cell."""
    return row.cells.get(column, "").strip()


def number(row: SourceRow, column: str, decimal: str) -> float | None:
    """Return a number, None for an empty cell.

    Raises:
        WrongError: it is none.
    """
    text = cell(row, column)
    if not text:
        return None
    try:
        value = float(text.replace(",", ".") if decimal == "," else text)
    except ValueError as error:
        raise WrongError(row, RowFault.NUMBER_UNREADABLE, column, text) from error
    if not math.isfinite(value):
        raise WrongError(row, RowFault.NUMBER_UNREADABLE, column, text)
    return value


@lru_cache(maxsize=64)
def _zone(name: str) -> ZoneInfo:
    return ZoneInfo(name)


def _read_time(text: str, form: str) -> datetime | None:
    try:
        match form:
            case "iso":
                return datetime.fromisoformat(text)
            case "epoch_s":
                return datetime.fromtimestamp(float(text), UTC)
            case "epoch_ms":
                return datetime.fromtimestamp(float(text) / 1000, UTC)
            case _:
                return datetime.strptime(text, form)  # noqa: DTZ007 - the zone is put in by the caller
    except (ValueError, OverflowError, OSError):
        return None


def instant(row: SourceRow, column: str, rule: TimeRule, zone: str, now: datetime) -> datetime:
    """Return a time as an aware one in UTC.

    Raises:
        WrongError: it is missing, unreadable, in the future or before 1970.
    """
    text = cell(row, column)
    if not text:
        raise WrongError(row, RowFault.TIME_MISSING, column)
    found = next(filter(None, (_read_time(text, form) for form in rule.formats)), None)
    if found is None:
        raise WrongError(row, RowFault.TIME_UNREADABLE, column, text)
    if found.tzinfo is None:
        found = found.replace(tzinfo=_zone(rule.zone or zone))
    try:
        at = found.astimezone(UTC)
    except OverflowError as error:
        raise WrongError(row, RowFault.TIME_UNREADABLE, column, text) from error
    if at > now + FUTURE_ALLOWED:
        raise WrongError(row, RowFault.TIME_IN_FUTURE, column, text)
    if at < EARLIEST:
        raise WrongError(row, RowFault.TIME_TOO_EARLY, column, text)
    return at.replace(microsecond=at.microsecond // 1000 * 1000)


def words(row: SourceRow, rule: FieldRule, name: str) -> str:
    """Return a field's text as its rule makes it.

    Raises:
        WrongError: the rule names values and this is none of them.
    """
    if rule.value:
        return rule.value
    if rule.template:
        return PLACEHOLDER.sub(lambda found: cell(row, found[1]), rule.template)
    if rule.columns:
        parts = dict.fromkeys(cell(row, column) for column in rule.columns)
        return ", ".join(part for part in parts if part)
    return _mapped(row, rule, name, cell(row, rule.column)) if rule.column else ""


def _mapped(row: SourceRow, rule: FieldRule, name: str, text: str) -> str:
    if not rule.values:
        return text or rule.otherwise or ""
    known = rule.values.get(text, rule.values.get(text.casefold(), rule.otherwise))
    if known is None:
        raise WrongError(row, RowFault.VALUE_UNKNOWN, rule.column or name, text)
    return known


def many_words(row: SourceRow, rule: FieldRule, name: str) -> tuple[str, ...]:
    """Return the words of a cell that may hold several, each once and in their order.

    Raises:
        WrongError: the rule names values and one is none of them.
    """
    if not rule.split or not rule.column:
        return (words(row, rule, name),)
    parts = [part.strip() for part in cell(row, rule.column).split(rule.split)]
    found = [_mapped(row, rule, name, part) for part in parts if part]
    return tuple(dict.fromkeys(found)) or (_mapped(row, rule, name, ""),)


def place(row: SourceRow, mapping: Mapping, bounds: Bounds) -> tuple[Place, bool]:
    """Return the point of a row and whether it lies within ``bounds``.

    Raises:
        WrongError: it is missing, unreadable, not on the earth, or longitude and latitude have
            changed places.
    """
    found = _point(row, mapping)
    column = mapping.place.lon or "geometry"
    if found == Place(0.0, 0.0):
        raise WrongError(row, RowFault.PLACE_MISSING, column, "0, 0")
    inside = contains(bounds, found)
    if not inside and contains(bounds, Place(found.lat, found.lon)):
        raise WrongError(row, RowFault.PLACE_SWAPPED, column, f"{found.lon}, {found.lat}")
    if not is_on_earth(found):
        raise WrongError(row, RowFault.PLACE_OUT_OF_RANGE, column, f"{found.lon}, {found.lat}")
    return found, inside


def _point(row: SourceRow, mapping: Mapping) -> Place:
    rule = mapping.place
    if rule.lon:
        lon = number(row, rule.lon, mapping.file.decimal)
        lat = number(row, rule.lat, mapping.file.decimal)
        if lon is None or lat is None:
            raise WrongError(row, RowFault.PLACE_MISSING, rule.lon if lon is None else rule.lat)
        return Place(lon, lat)
    match row.geometry:
        case None:
            raise WrongError(row, RowFault.PLACE_MISSING, "geometry")
        case {"type": "Point", "coordinates": [int() | float() as lon, int() | float() as lat, *_]}:
            return Place(float(lon), float(lat))
        case other:
            raise WrongError(row, RowFault.PLACE_UNREADABLE, "geometry", other.get("type"))
