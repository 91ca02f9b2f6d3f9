r"""NMEA 0183: one sentence, believed only if its checksum and every needed field are right.

The four sentences are read here because the parsers there are take a place without a hemisphere
for one in the north, a latitude of 99° or 99 minutes for a place, and ``nan`` for a speed.
Source of the fields: NMEA 0183 as in u-blox' and SiRF's public interface descriptions.
"""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Final

from trafficdesk.domain.geometry import MAX_LAT, MAX_LON
from trafficdesk.domain.records import Place

MPS_PER_KNOT: Final = 1852 / 3600
_LONGEST: Final = 128  # the norm says 82; receivers of several systems say more
_SENTENCE: Final = re.compile(rb"\$([A-Z]{2})([A-Z]{3}),([\x20-\x23\x25-\x29\x2B-\x7E]*)\*")
_TIME: Final = re.compile(r"([01]\d|2[0-3])([0-5]\d)([0-5]\d)(?:\.(\d{1,6}))?")
_DATE: Final = re.compile(r"(\d\d)(\d\d)(\d\d)")
_NUMBER: Final = re.compile(r"\d{1,6}(?:\.\d{1,10})?")
_ANGLE: Final = re.compile(r"\d{2,3}[0-5]\d(?:\.\d{1,10})?")
_COUNT: Final = re.compile(r"\d{1,2}")
_MEASURED_MODES: Final = frozenset("ADFPR")  # not E(stimated), M(anual), S(imulated), N(o fix)
_MEASURED_QUALITIES: Final = frozenset("12345")  # the same of GGA: not 0, 6, 7, 8
_FIRST_OF_1900: Final = 80
_NORTH: Final = {"N": 1, "S": -1}
_EAST: Final = {"E": 1, "W": -1}
_RMC_FIELDS: Final = range(11, 14)  # NMEA 2.0 had 11, 2.3 appended the mode, 4.1 the status
_GGA_FIELDS: Final = 14
_GNS_FIELDS: Final = range(12, 14)
_VTG_FIELDS: Final = range(8, 10)
FULL_CIRCLE: Final = 360.0


@dataclass(frozen=True, slots=True)
class Sentence:
    """A whole sentence with a right checksum: ``RMC`` and its fields."""

    kind: str
    fields: tuple[str, ...]


@dataclass(frozen=True, slots=True, repr=False)
class Rmc:
    """The least a receiver tells of a position: the only sentence with place and date."""

    at: datetime
    place: Place
    speed_mps: float | None
    heading_deg: float | None


@dataclass(frozen=True, slots=True)
class Quality:
    """How good the position of a moment is (GGA, GNS). ``is_measured`` is False without one."""

    at_time: time
    is_measured: bool
    satellites: int | None
    hdop: float | None


@dataclass(frozen=True, slots=True)
class Motion:
    """Speed and course over ground (VTG)."""

    speed_mps: float | None
    heading_deg: float | None


def read_sentence(line: bytes) -> Sentence | None:
    """Return the sentence of a line, None if it is cut, damaged or another language."""
    start = line.rfind(b"$")  # before it: the rest of a sentence that was cut, or a tag block
    text = line[start:].strip() if start >= 0 else b""
    match = _SENTENCE.match(text)
    if match is None or len(text) > _LONGEST or not _is_checked(text, match.end()):
        return None
    return Sentence(match[2].decode("ascii"), tuple(match[3].decode("ascii").split(",")))


def _is_checked(text: bytes, end: int) -> bool:
    told = text[end:]
    if re.fullmatch(rb"[0-9A-Fa-f]{2}", told) is None:
        return False
    summed = 0
    for byte in text[1 : end - 1]:
        summed ^= byte
    return summed == int(told, 16)


def read_rmc(fields: tuple[str, ...]) -> Rmc | None:
    """Return what an RMC says; None without a measured fix or if anything needed is wrong.

    Two-digit years from 80 on are of the last century, as who counts the weeks wrong says them.
    The status of navigation that NMEA 4.1 appended is no matter: most receivers never set it.
    """
    is_measured = fields[1:2] == ("A",) and _MEASURED_MODES.issuperset(fields[11:12])
    if len(fields) not in _RMC_FIELDS or not is_measured:
        return None
    moment, day, place = _time(fields[0]), _date(fields[8]), _place(fields[2:6])
    if moment is None or day is None or place is None:
        return None
    return Rmc(datetime.combine(day, moment, UTC), place, _knots(fields[6]), _degrees(fields[7]))


def read_quality(sentence: Sentence) -> Quality | None:
    """Return what a GGA or GNS says of quality; None if it is neither or wrong."""
    fields = sentence.fields
    if sentence.kind == "GGA" and len(fields) == _GGA_FIELDS:
        is_measured = fields[5] in _MEASURED_QUALITIES
    elif sentence.kind == "GNS" and len(fields) in _GNS_FIELDS:
        is_measured = not _MEASURED_MODES.isdisjoint(fields[5])
    else:
        return None
    moment = _time(fields[0])
    if moment is None:
        return None
    satellites = int(fields[6]) if _COUNT.fullmatch(fields[6]) else None
    return Quality(moment, is_measured, satellites, _number(fields[7]))


def read_vtg(fields: tuple[str, ...]) -> Motion | None:
    """Return what a VTG says; None if it is cut, not measured, or its units are not the norm's."""
    if len(fields) not in _VTG_FIELDS or not _MEASURED_MODES.issuperset(fields[8:9]):
        return None
    if (fields[1], fields[5], fields[7]) != ("T", "N", "K"):
        return None
    return Motion(_knots(fields[4]), _degrees(fields[0]))


def _time(text: str) -> time | None:
    """Return hhmmss.sss; a leap second is no instant of ours and goes by."""
    match = _TIME.fullmatch(text)
    if match is None:
        return None
    micros = int((match[4] or "0").ljust(6, "0"))
    return time(int(match[1]), int(match[2]), int(match[3]), micros)


def _date(text: str) -> date | None:
    match = _DATE.fullmatch(text)
    if match is None:
        return None
    year = int(match[3])
    try:
        return date(year + (1900 if year >= _FIRST_OF_1900 else 2000), int(match[2]), int(match[1]))
    except ValueError:
        return None


def _place(fields: tuple[str, ...]) -> Place | None:
    lat_text, north_south, lon_text, east_west = fields
    lat = _angle(lat_text, digits=2)
    lon = _angle(lon_text, digits=3)
    if lat is None or lon is None or lat > MAX_LAT or lon > MAX_LON:
        return None
    if north_south not in _NORTH or east_west not in _EAST:
        return None
    return Place(_EAST[east_west] * lon, _NORTH[north_south] * lat)


def _angle(text: str, digits: int) -> float | None:
    """Return ddmm.mm or dddmm.mm in degrees."""
    if _ANGLE.fullmatch(text) is None or text.find(".") not in {-1, digits + 2}:
        return None
    if "." not in text and len(text) != digits + 2:
        return None
    return int(text[:digits]) + float(text[digits:]) / 60


def _number(text: str) -> float | None:
    return float(text) if _NUMBER.fullmatch(text) else None


def _knots(text: str) -> float | None:
    knots = _number(text)
    return None if knots is None else knots * MPS_PER_KNOT


def _degrees(text: str) -> float | None:
    degrees = _number(text)
    return degrees if degrees is not None and degrees <= FULL_CIRCLE else None
