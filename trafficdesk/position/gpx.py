"""Tracks recorded as GPX 1.0 or 1.1: each track point that has a time, in the file's order."""

from datetime import UTC, datetime
from typing import Final
from xml.parsers import expat

from trafficdesk.domain.records import Place
from trafficdesk.position.fix import Fix, SourceKind, sound_fix

_THIS_IS_ALL: Final = True


class NoGpxError(Exception):
    """The file is no GPX, is cut, or tries what a track never needs."""


def read_gpx(data: bytes) -> list[Fix]:
    """Return the fixes of all tracks.

    Raises:
        NoGpxError: it cannot be read as GPX.
    """
    reader = _Reader()
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = reader.refuse
    parser.StartElementHandler = reader.open
    parser.EndElementHandler = reader.close
    parser.CharacterDataHandler = reader.text
    try:
        parser.Parse(data, _THIS_IS_ALL)
    except expat.ExpatError as error:
        raise NoGpxError(expat.errors.messages.get(error.code, "")) from error
    return reader.fixes


class _Reader:
    """What was read so far; expat calls it, element by element."""

    def __init__(self) -> None:
        self.fixes: list[Fix] = []
        self._place: Place | None = None
        self._time: str | None = None
        self._is_time = False

    def refuse(self, *_declared: object) -> None:
        """Refuse a document type: it can declare entities, which grow without end."""
        raise NoGpxError("it declares a document type")

    def open(self, name: str, attributes: dict[str, str]) -> None:
        """Begin an element."""
        tag = name.rpartition(" ")[2]
        if tag == "trkpt":
            self._place, self._time = _place(attributes), ""
        self._is_time = tag == "time" and self._time is not None

    def text(self, data: str) -> None:
        """Take text, which matters within the time of a point."""
        if self._is_time and self._time is not None:
            self._time += data

    def close(self, name: str) -> None:
        """End an element; a point that is whole becomes a fix."""
        self._is_time = False
        if name.rpartition(" ")[2] != "trkpt":
            return
        at = _instant(self._time or "")
        if self._place is not None and at is not None:
            fix = sound_fix(self._place, at, SourceKind.REPLAY)
            self.fixes += [] if fix is None else [fix]
        self._place = self._time = None


def _place(attributes: dict[str, str]) -> Place | None:
    try:
        return Place(float(attributes["lon"]), float(attributes["lat"]))
    except (KeyError, ValueError):
        return None


def _instant(text: str) -> datetime | None:
    try:
        at = datetime.fromisoformat(text.strip())
    except ValueError:
        return None
    return at.replace(tzinfo=UTC) if at.tzinfo is None else at
