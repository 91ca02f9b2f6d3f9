"""The boards and the conflicts are taken out as they are listed, by whoever may, and noted."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from tests.exports.read_back import read_rows
from tests.services.conflict_rows import Met, add_officer, open_conflict
from tests.services.conftest import FileReport
from tests.services.dispatching import PLACE, crash, send
from tests.services.dispatching import enlist as enlist_unit
from tests.services.dispatching import file as file_incident
from tests.services.stopped_exports import noted_export, stop_writing
from trafficdesk.domain.identity import new_id
from trafficdesk.domain.records import Account, Position
from trafficdesk.domain.vocabulary import Role, Service, Source, UnitKind
from trafficdesk.exports.table import ExportCancelledError
from trafficdesk.exports.writing import Format
from trafficdesk.policy.reading import MachinePolicy
from trafficdesk.policy.schema import ExportRules, Policy
from trafficdesk.services import conflicts, units
from trafficdesk.services.board_exports import (
    INCIDENTS,
    UNITS,
    export_incidents,
    export_units,
)
from trafficdesk.services.conflict_exports import CONFLICTS, export_conflicts
from trafficdesk.services.dispatch_board import board
from trafficdesk.services.exporting import Exported, ExportFault, ListFile
from trafficdesk.services.session import Session
from trafficdesk.services.units import NewUnit
from trafficdesk.store import unit_positions

Export = Callable[[Session, ListFile], Exported | ExportFault]
FORMULA = "=HYPERLINK(1)"


def _never(_done: int) -> None:
    return


def _file(path: Path) -> ListFile:
    return ListFile(path, Format(path.suffix.lstrip(".")), "A list")


def _incidents(session: Session, file: ListFile) -> Exported | ExportFault:
    return export_incidents(session, board(session).incidents, file, _never)


def _units(session: Session, file: ListFile) -> Exported | ExportFault:
    return export_units(session, board(session).units, file, _never)


def _conflicts(session: Session, file: ListFile) -> Exported | ExportFault:
    return export_conflicts(session, conflicts.find_open(session), file, _never)


EVERY = pytest.mark.parametrize("export", [_incidents, _units, _conflicts])


@pytest.fixture
def session(make_session: Callable[..., Session]) -> Session:
    """Sign in a supervisor, who may dispatch and read of people."""
    return make_session(Role.SUPERVISOR, "Sumathi V")


@pytest.fixture
def listed(session: Session, file: FileReport) -> Session:
    """Put two incidents, two units and a conflict on the desk."""
    made = replace(crash(session), description=FORMULA, injuries=True, injury_count=2)
    needed = file_incident(session, replace(made, needs={Service.POLICE: 1, Service.TOW: 1}))
    file_incident(session, replace(crash(session), vehicle_count=1))
    new = NewUnit("P1", UnitKind.PATROL_CAR, crew="SI Kumar 98430 11111")
    enlisted = units.enlist(session, new)
    assert enlisted.unit_id is not None
    (row,) = board(session).units
    send(session, needed, row.unit)
    enlist_unit(session, "P2")
    seen = Position(enlisted.unit_id, PLACE, session.clock() - timedelta(minutes=2), 12.5)
    with session.store.writing() as connection:
        unit_positions.put(connection, [seen])
    mine = {"description": FORMULA, "plate": "TN37AB1000", "severity": 3}
    theirs = {"description": "Rajan of 12 Mill Road", "plate": "TN37AB2000", "severity": 4}
    open_conflict(session, Met(file(), mine, theirs, add_officer(session, "Kumar S").id))
    return session


def test_incidents_are_written_as_the_board_lists_them(listed: Session, tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    assert _incidents(listed, _file(path)) == Exported(path, 2, is_masked=False)
    rows = read_rows(path)
    shown = board(listed).incidents
    assert list(rows[0]) == [name for name, _ in INCIDENTS.columns]
    assert [row["reference"] for row in rows] == [each.incident.reference for each in shown]
    row = next(row for row in rows if row["units"])
    assert (row["units"], row["needs"]) == ("P1", "1 police 1 tow")
    assert (row["kind"], row["status"]) == ("car_crash", "dispatched")
    assert (row["standing"], row["injuries"], row["injured"]) == ("needs_unit", "yes", "2")
    assert (row["address"], row["vehicles"], row["lanes"]) == ("Avinashi Road", "2", "partial")
    assert row["description"] == f"'{FORMULA}"
    assert row["station"]
    assert row["dispatched_at"]


def test_units_are_written_as_the_board_lists_them(listed: Session, tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    assert _units(listed, _file(path)) == Exported(path, 2, is_masked=False)
    first, second = read_rows(path)
    assert list(first) == [name for name, _ in UNITS.columns]
    assert (first["call_sign"], first["kind"], first["duty"]) == ("P1", "patrol_car", "on")
    assert first["incident"] in {each.incident.reference for each in board(listed).incidents}
    assert first["crew"] == "SI Kumar 98430 11111"
    assert float(first["position_age_s"]) == pytest.approx(120, abs=20)
    assert float(first["longitude"]) == pytest.approx(PLACE.lon)
    assert (second["call_sign"], second["status"]) == ("P2", "available")
    assert (second["incident"], second["longitude"], second["position_age_s"]) == ("", "", "")


def test_conflicts_are_written_field_by_field(listed: Session, tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    assert _conflicts(listed, _file(path)) == Exported(path, 3, is_masked=False)
    rows = read_rows(path)
    assert list(rows[0]) == [name for name, _ in CONFLICTS.columns]
    by_field = {row["field"]: row for row in rows}
    severity, words = by_field["severity"], by_field["description"]
    assert (severity["base"], severity["mine"], severity["theirs"]) == ("3", "3", "4")
    assert words["mine"] == f"'{FORMULA}"
    assert (severity["mine_by"], severity["theirs_by"]) == ("Sumathi V", "Kumar S")
    assert (severity["kind"], severity["status"]) == ("report", "open")
    assert severity["theirs_at"]
    assert severity["in_question"] == "yes"


@EVERY
def test_each_list_has_its_places(export: Export, listed: Session, tmp_path: Path) -> None:
    path = tmp_path / "list.geojson"
    export(listed, _file(path))
    found = json.loads(path.read_bytes())["features"]
    placed = [each["geometry"]["coordinates"] for each in found if each["geometry"]]
    assert placed
    assert all(each == pytest.approx([PLACE.lon, PLACE.lat], abs=1e-4) for each in placed)
    columns = {name for shape in (INCIDENTS, UNITS, CONFLICTS) for name, _ in shape.columns}
    assert set(found[0]["properties"]) <= columns


@EVERY
def test_what_is_of_people_is_masked_for_who_may_not_read_it(
    export: Export, listed: Session, tmp_path: Path
) -> None:
    listed.officer = replace(listed.officer, role=Role.DISPATCHER)
    path = tmp_path / "list.csv"
    done = export(listed, _file(path))
    assert isinstance(done, Exported)
    assert done.is_masked
    written = path.read_text("utf-8-sig")
    for told in ("HYPERLINK", "98430", "Rajan", "TN37AB1000", "TN37AB2000"):
        assert told not in written
    assert "•" in written


def test_what_others_said_of_an_incident_is_of_people(listed: Session, tmp_path: Path) -> None:
    row = board(listed).incidents[0]
    said = Account(new_id(), listed.clock(), Source.OFFICER, "Rajan, 98430 22222", PLACE)
    rows = [replace(row, incident=replace(row.incident, accounts=(said,)))]
    path = tmp_path / "list.csv"
    export_incidents(listed, rows, _file(path), _never)
    assert read_rows(path)[0]["accounts"] == "Rajan, 98430 22222"
    listed.officer = replace(listed.officer, role=Role.DISPATCHER)
    export_incidents(listed, rows, _file(path), _never)
    assert read_rows(path)[0]["accounts"] == "•"


@EVERY
def test_it_is_noted_before_anything_is_read(
    export: Export, listed: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stop_writing(monkeypatch)
    with pytest.raises(ExportCancelledError):
        export(listed, _file(tmp_path / "list.csv"))
    assert not (tmp_path / "list.csv").exists()
    detail = noted_export(listed)
    assert detail.pop("list") in {"incidents", "units", "conflicts"}
    assert detail == {"file": "list.csv", "format": "csv", "masked": False}


@EVERY
def test_who_may_not_export_and_what_policy_forbids_is_refused(
    export: Export, session: Session, tmp_path: Path
) -> None:
    policy = Policy(exports=ExportRules(("csv",)))
    session.profile = replace(session.profile, machine=MachinePolicy(policy, "policies.json"))
    assert export(session, _file(tmp_path / "a.json")) is ExportFault.BY_POLICY
    path = tmp_path / "a.csv"
    assert export(session, _file(path)) == Exported(path, 0, is_masked=False)
    session.officer = replace(session.officer, role=Role.SERVICE)
    assert export(session, _file(tmp_path / "b.csv")) is ExportFault.NOT_PERMITTED
    assert not (tmp_path / "b.csv").exists()
