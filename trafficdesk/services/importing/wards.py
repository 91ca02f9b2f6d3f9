"""Importing wards: polygons by name, replacing those of the same name."""

import json
import time
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID, uuid5

from sqlalchemy import Connection

from trafficdesk.domain.records import Ward
from trafficdesk.domain.texts import clean_line
from trafficdesk.domain.vocabulary import Entity
from trafficdesk.services import auditing, city_limits
from trafficdesk.services.changes import Changed
from trafficdesk.services.importing import values
from trafficdesk.services.importing.faults import (
    Findings,
    ImportFault,
    ImportRefused,
    RefusedError,
    RowError,
    RowFault,
    refuse,
)
from trafficdesk.services.importing.files import Imported
from trafficdesk.services.importing.mapping import Mapping
from trafficdesk.services.importing.rows import may_import, surroundings
from trafficdesk.services.importing.sources import Source, SourceRow, open_source, walk
from trafficdesk.services.importing.values import WrongError
from trafficdesk.services.intent import Intent, intent
from trafficdesk.services.session import Session
from trafficdesk.store import places


def import_wards(session: Session, path: Path, mapping: Mapping) -> Imported | ImportRefused:
    """Import every polygon of a GeoJSON file as a ward of this desk's city, or none.

    Reports that had no ward get the one they lie in. A city of which nobody has said yet where it
    lies gets the wards' limits.

    Raises:
        StoreError: the disk is full or the store cannot be written.
    """
    if not may_import(session):
        return ImportRefused(ImportFault.NOT_PERMITTED, path)
    started = time.monotonic()
    findings = Findings()
    try:
        source = open_source(path, mapping)
        if not source.is_geojson:
            raise refuse(ImportFault.NOT_GEOJSON, path, "wards are polygons")
        city_id = surroundings(session).city_id
        with intent(session, "import_wards") as doing:
            wards = list(_walk_wards(source, mapping, city_id, findings))
            for line, ward in wards:
                if not _put(doing.connection, ward):
                    findings.add(RowError(line, RowFault.NOT_A_POLYGON, "geometry", ward.name))
            _refuse_wrong(source, findings)
            places.fill_wards(doing.connection)
            city_limits.follow_wards(session, doing.connection)
            _note(doing, source, len(wards))
    except RefusedError as error:
        return error.refused
    changed = Changed(kinds=frozenset({Entity.WARD, Entity.REPORT, Entity.DESK}))
    return Imported(len(wards), {}, time.monotonic() - started, changed)


def _walk_wards(
    source: Source, mapping: Mapping, city_id: UUID, findings: Findings
) -> Iterator[tuple[int, Ward]]:
    for row in walk(source):
        findings.rows += 1
        if isinstance(row, RowError):
            findings.add(row)
            continue
        try:
            name, geometry = _name(row, mapping), _geometry(row)
        except WrongError as wrong:
            findings.add(wrong.error)
        else:
            # The same ward keeps its id however often its limits are imported.
            yield row.line, Ward(uuid5(city_id, name), city_id, name, geometry)


def _name(row: SourceRow, mapping: Mapping) -> str:
    name = clean_line(values.words(row, mapping.name, "name"))
    if not name:
        raise WrongError(row, RowFault.VALUE_MISSING, mapping.name.column or "name")
    return name


def _geometry(row: SourceRow) -> str:
    geometry = row.geometry or {}
    if geometry.get("type") not in {"Polygon", "MultiPolygon"}:
        raise WrongError(row, RowFault.NOT_A_POLYGON, "geometry", geometry.get("type", ""))
    return json.dumps({"type": geometry["type"], "coordinates": geometry.get("coordinates")})


def _put(connection: Connection, ward: Ward) -> bool:
    try:
        places.put_ward(connection, ward)
    except ValueError:
        return False
    return True


def _refuse_wrong(source: Source, findings: Findings) -> None:
    if not findings.rows:
        raise refuse(ImportFault.FILE_EMPTY, source.path)
    if findings.error_count:
        raise RefusedError(
            ImportRefused(
                ImportFault.ROWS_WRONG,
                source.path,
                str(findings.rows),
                tuple(findings.errors),
                findings.error_count,
            )
        )


def _note(doing: Intent, source: Source, count: int) -> None:
    detail = {"file": source.path.name, "sha256": source.sha256, "rows": count}
    auditing.append(
        doing.session,
        doing.connection,
        auditing.Audited("ward.import", "desk", str(doing.session.device_id), json.dumps(detail)),
    )
