"""How the columns of a file become fields: a TOML mapping, read strictly."""

import re
import tomllib
from pathlib import Path
from typing import Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec

from trafficdesk.domain.vocabulary import Severity, VehicleType
from trafficdesk.services.importing.faults import ImportFault, RefusedError, refuse

PLACEHOLDER = re.compile(r"\{([^{}]+)\}")
SEVERITIES = {severity.name.lower(): severity for severity in Severity}


class FileRule(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How the file is written. ``encodings`` are tried in order; the first that fits is used."""

    format: Literal["csv", "geojson", ""] = ""
    encodings: tuple[str, ...] = ("utf-8-sig", "cp1252")
    delimiter: str = ","
    decimal: Literal[".", ","] = "."


class PlaceRule(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Where the point is; without columns it is the feature's own.

    ``bounds`` are west, south, east, north in degrees; without them they are the city's.
    """

    lon: str = ""
    lat: str = ""
    accuracy_m: str = ""
    bounds: tuple[float, float, float, float] | None = None


class TimeRule(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """When it happened. Formats as of ``strptime``, or ``iso``, ``epoch_s``, ``epoch_ms``.

    A time without an offset is one of ``zone``; without it, of the city's.
    """

    column: str
    reported: str = ""
    formats: tuple[str, ...] = ("iso",)
    zone: str = ""


class FieldRule(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Where a field's text comes from: one of ``column``, ``columns``, ``template``, ``value``.

    ``values`` turns what the file says into our word; what it does not name becomes
    ``otherwise``, without which it is an error.
    """

    column: str = ""
    columns: tuple[str, ...] = ()
    template: str = ""
    value: str = ""
    values: dict[str, str] = {}
    otherwise: str | None = None
    split: str = ""

    @property
    def needed(self) -> tuple[str, ...]:
        """The columns this field is made from."""
        if self.template:
            return tuple(PLACEHOLDER.findall(self.template))
        return self.columns or ((self.column,) if self.column else ())


class SeverityRule(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A severity for rows whose number in ``column`` is at least ``at_least``."""

    level: str
    column: str
    at_least: float


class SeverityRules(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The first rule that fits decides, then the word in ``column``, then ``otherwise``."""

    rules: tuple[SeverityRule, ...] = ()
    column: str = ""
    values: dict[str, str] = {}
    otherwise: str = "moderate"


NOTHING = FieldRule()


class Mapping(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A whole mapping; ``kind`` says what the rows are."""

    kind: Literal["reports", "wards"] = "reports"
    title: str = ""
    file: FileRule = FileRule()
    place: PlaceRule = PlaceRule()
    time: TimeRule | None = None
    violation: FieldRule = FieldRule(value="other")
    severity: SeverityRules = SeverityRules()
    vehicle_type: FieldRule = FieldRule(value="unknown")
    vehicle_text: FieldRule = NOTHING
    plate: FieldRule = NOTHING
    address: FieldRule = NOTHING
    area: FieldRule = NOTHING
    description: FieldRule = NOTHING
    name: FieldRule = NOTHING

    @property
    def needed_columns(self) -> tuple[str, ...]:
        """Every column the file must have, each once."""
        time = (self.time.column, self.time.reported) if self.time else ()
        severity = (self.severity.column, *(rule.column for rule in self.severity.rules))
        fields = [column for rule in self.fields for column in rule.needed]
        place = (self.place.lon, self.place.lat, self.place.accuracy_m)
        return tuple(dict.fromkeys(c for c in (*time, *place, *severity, *fields) if c))

    @property
    def fields(self) -> tuple[FieldRule, ...]:
        """The rules of the text fields."""
        return (
            self.violation,
            self.vehicle_type,
            self.vehicle_text,
            self.plate,
            self.address,
            self.area,
            self.description,
            self.name,
        )


def load_mapping(path: Path) -> Mapping:
    """Read a mapping.

    Raises:
        RefusedError: it is missing, or says something that cannot be followed.
    """
    try:
        told = tomllib.loads(path.read_text(encoding="utf-8-sig"))
        mapping = msgspec.convert(told, type=Mapping)
    except FileNotFoundError as error:
        raise refuse(ImportFault.MAPPING_MISSING, path) from error
    except OSError as error:
        raise refuse(ImportFault.FILE_UNREADABLE, path, error.strerror or "") from error
    except (tomllib.TOMLDecodeError, msgspec.ValidationError, UnicodeDecodeError) as error:
        raise refuse(ImportFault.MAPPING_WRONG, path, str(error)) from error
    if fault := _find_fault(mapping):
        raise RefusedError(refuse(ImportFault.MAPPING_WRONG, path, fault).refused)
    return mapping


def _find_fault(mapping: Mapping) -> str:
    """Return what no reader of TOML can see, '' when all is well."""
    if len(mapping.file.delimiter) != 1:
        return "file.delimiter: one character"
    for encoding in mapping.file.encodings:
        try:
            "".encode(encoding)
        except LookupError:
            return f"file.encodings: {encoding}"
    if bool(mapping.place.lon) != bool(mapping.place.lat):
        return "place: lon and lat go together"
    if mapping.kind == "wards":
        return "" if mapping.name != NOTHING else "name: wards need one"
    return _find_report_fault(mapping)


def _find_report_fault(mapping: Mapping) -> str:
    if mapping.time is None:
        return "time: reports need one"
    try:
        ZoneInfo(mapping.time.zone or "UTC")
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return f"time.zone: {mapping.time.zone}"
    rules = mapping.severity
    levels = {*(rule.level for rule in rules.rules), *rules.values.values(), rules.otherwise}
    if unknown := levels - SEVERITIES.keys():
        return f"severity: {', '.join(sorted(unknown))}"
    kinds = mapping.vehicle_type
    words = {word for word in (*kinds.values.values(), kinds.otherwise, kinds.value) if word}
    if unknown := words - set(VehicleType):
        return f"vehicle_type: {', '.join(sorted(unknown))}"
    return ""
