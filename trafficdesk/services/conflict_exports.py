"""Conflicts as a file: a row for each field, as it was, as one side has it and the other."""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Final
from uuid import UUID

from sqlalchemy import Connection

from trafficdesk.domain.conflicts import ConflictField
from trafficdesk.domain.plates import masked_plate
from trafficdesk.domain.records import Place
from trafficdesk.domain.times import from_ms
from trafficdesk.domain.vocabulary import Entity
from trafficdesk.exports.plain_text import as_text
from trafficdesk.exports.table import Kind, Row, Tick
from trafficdesk.services.conflicts import ConflictDetail, words_of
from trafficdesk.services.exporting import MASK, Exported, ExportFault, ListFile
from trafficdesk.services.list_exports import Listed, Shape, export_list, hidden, must_mask
from trafficdesk.services.session import Session
from trafficdesk.store import incidents, places

_T, _AT = Kind.TEXT, Kind.TIME
CONFLICTS: Final = Shape(
    "conflicts",
    (
        ("record", _T),
        ("kind", _T),
        ("status", _T),
        ("field", _T),
        ("base", _T),
        ("mine", _T),
        ("theirs", _T),
        ("in_question", Kind.FLAG),
        ("chosen", _T),
        ("mine_by", _T),
        ("mine_at", _AT),
        ("theirs_by", _T),
        ("theirs_at", _AT),
        ("opened_at", _AT),
        ("settled_by", _T),
        ("settled_at", _AT),
        ("note", _T),
        ("station", _T),
        ("longitude", Kind.NUMBER),
        ("latitude", Kind.NUMBER),
    ),
)
# Texts and lists that tell nothing of people; whatever is not named here is masked as a whole.
_PLAIN: Final = frozenset(
    {"status", "type", "kind", "duty", "role", "source", "vehicle_type", "violations"}
    | {"call_sign", "skills", "needs", "lanes_blocked", "weather", "traffic_volume"}
    | {"address", "area", "name", "geometry", "rejection_reason"}
)


def export_conflicts(
    session: Session, details: Sequence[ConflictDetail], file: ListFile, tick: Tick
) -> Exported | ExportFault:
    """Write conflicts in the order given.

    Raises:
        OSError: the folder takes no file; what was there is still there.
        ExportCancelledError: from ``tick``; likewise.
    """
    is_masked = must_mask(session)

    def told() -> Iterator[Row]:
        with session.store.reading() as connection:
            stations = {each.id: each.name for each in places.find_stations(connection)}
        for each in details:
            yield from _Told(session, each, stations, is_masked=is_masked).rows()

    return export_list(session, Listed(CONFLICTS, told, is_masked), file, tick)


def count_rows(details: Sequence[ConflictDetail]) -> int:
    """Return how many rows conflicts make."""
    return sum(len(each.conflict.fields) for each in details)


class _Told:
    """One conflict's rows."""

    def __init__(
        self,
        session: Session,
        detail: ConflictDetail,
        stations: Mapping[UUID, str],
        *,
        is_masked: bool,
    ) -> None:
        self._detail, self._is_masked = detail, is_masked
        self._station = stations.get(detail.conflict.station_id or UUID(int=0), "")
        officers = {str(one): name for one, name in detail.names.items()}
        with session.store.reading() as connection:
            self._words = officers | words_of(connection, detail.conflict)
            self._place = _place(connection, detail)

    def rows(self) -> Iterator[Row]:
        """Return a row for each field."""
        detail, place = self._detail, self._place
        it = detail.conflict
        mine_at = it.operations[-1].at if it.operations else None
        for each in it.fields:
            chosen = it.choices.get(each.field)
            yield (
                self._record(),
                str(it.record_entity),
                str(it.status),
                each.field,
                *(self._value(each, value) for value in (each.base, each.mine, each.theirs)),
                each.is_in_question,
                "" if chosen is None else str(chosen),
                self._person(it.actor_id),
                mine_at,
                self._person(it.theirs_actor_id),
                it.theirs_at,
                it.opened_at,
                self._person(it.settled_by),
                it.settled_at,
                hidden(it.settle_note, is_masked=self._is_masked),
                self._station,
                None if place is None else place.lon,
                None if place is None else place.lat,
            )

    def _record(self) -> str:
        detail = self._detail
        return detail.report.reference if detail.report else detail.record_name or detail.area_name

    def _person(self, officer_id: UUID | None) -> str:
        return "" if officer_id is None else self._detail.names.get(officer_id, "")

    def _value(self, of: ConflictField, value: object) -> str:
        if value is None or value in ("", []):
            return ""
        if of.field.endswith("_ms") and isinstance(value, int):
            return as_text(from_ms(value))
        if isinstance(value, bool | int | float):
            return as_text(value)
        if of.field.endswith("_id") or str(value) in self._words:
            return self._words.get(str(value)) or str(value)
        if self._is_masked and of.field not in _PLAIN:
            return masked_plate(str(value)) if of.field == "plate" else MASK
        return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _place(connection: Connection, detail: ConflictDetail) -> Place | None:
    if detail.report is not None:
        return detail.report.place
    if detail.conflict.record_entity is not Entity.INCIDENT:
        return None
    found = incidents.find(connection, detail.conflict.record_id)
    return None if found is None else found.place
