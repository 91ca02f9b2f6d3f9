"""The lists of the administration are taken out by whoever may, without whom they may not read."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from uuid import UUID

import pytest

from tests.exports.read_back import read_rows
from tests.services.stopped_exports import noted_export, stop_writing
from trafficdesk.domain.identity import new_id
from trafficdesk.domain.times import to_ms
from trafficdesk.domain.vocabulary import Role
from trafficdesk.exports.table import ExportCancelledError
from trafficdesk.exports.writing import Format
from trafficdesk.policy.reading import MachinePolicy, read_policy
from trafficdesk.policy.schema import ExportRules, Policy
from trafficdesk.services import administration
from trafficdesk.services.admin_exports import (
    IMPORTS,
    OFFICERS,
    POLICY,
    TYPES,
    export_imports,
    export_officers,
    export_plain,
    policy_rows,
)
from trafficdesk.services.administration import OfficerDetails
from trafficdesk.services.exporting import Exported, ExportFault, ListFile
from trafficdesk.services.session import Session
from trafficdesk.store.imports import ImportBatch, ImportState

Export = Callable[[Session, ListFile], Exported | ExportFault]
NAMED = "petition of Rajan 98430 22222.csv"


def _never(_done: int) -> None:
    return


def _file(path: Path) -> ListFile:
    return ListFile(path, Format(path.suffix.lstrip(".")), "A list")


def _officers(session: Session, file: ListFile) -> Exported | ExportFault:
    return export_officers(session, administration.list_enrolled(session), file, _never)


def _imports(session: Session, file: ListFile) -> Exported | ExportFault:
    at_ms = to_ms(session.clock())
    done, me = ImportState.DONE, session.officer.id
    batch = ImportBatch(1, new_id(), NAMED, "ab" * 32, me, at_ms, done, "S", 1, 7, 7, 0, None)
    other = batch._replace(file="more.csv", officer_id=_other(session), kept_count=2)
    return export_imports(session, [batch, other], file, _never)


def _other(session: Session) -> UUID:
    enrolled = administration.list_enrolled(session)
    return next(each.holder.officer_id for each in enrolled if each.holder.name == "Kumar S")


def _types(session: Session, file: ListFile) -> Exported | ExportFault:
    return export_plain(session, TYPES, [("no_helmet", "No helmet", True)], file, _never)


EVERY = pytest.mark.parametrize("export", [_officers, _imports, _types])


@pytest.fixture
def session(make_session: Callable[..., Session]) -> Session:
    """Sign in an administrator at a desk that another officer can open, too."""
    session = make_session(Role.ADMIN, "Sumathi V")
    details = OfficerDetails("Kumar S", "KS", "SI", Role.OFFICER)
    administration.add_officer(session, details, "four plain words here")
    return session


def as_role(session: Session, role: Role) -> Session:
    session.officer = replace(session.officer, role=role)
    return session


def test_officers_are_written_as_they_are_listed(session: Session, tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    listed = administration.list_enrolled(session)
    assert _officers(session, _file(path)) == Exported(path, len(listed), is_masked=False)
    rows = read_rows(path)
    assert list(rows[0]) == [name for name, _ in OFFICERS.columns]
    assert [row["name"] for row in rows] == [each.holder.name for each in listed]
    (kumar,) = [row for row in rows if row["name"] == "Kumar S"]
    assert list(kumar.values()) == ["Kumar S", "KS", "SI", "officer", "yes", "yes", "no", "no"]


def test_who_manages_no_officers_reads_nobody_elses_name(session: Session, tmp_path: Path) -> None:
    as_role(session, Role.OFFICER)
    session.officer = replace(session.officer, id=_other(session), name="Kumar S")
    path = tmp_path / "list.csv"
    done = _officers(session, _file(path))
    assert isinstance(done, Exported)
    assert done.is_masked
    rows = read_rows(path)
    shown = [row["name"] for row in rows if row["name"] != "•"]
    assert shown == ["Kumar S"]
    assert len(rows) > 1
    assert {row["role"] for row in rows} >= {"officer", "admin"}
    _imports(session, _file(path))
    assert [row["imported_by"] for row in read_rows(path)] == ["Kumar S", "Kumar S"]


def test_imports_are_written_with_who_brought_them(session: Session, tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    assert _imports(session, _file(path)) == Exported(path, 2, is_masked=False)
    first, second = read_rows(path)
    assert list(first) == [name for name, _ in IMPORTS.columns]
    told = (first["file"], first["imported_by"], first["state"])
    assert told == (NAMED, "Sumathi V", "done")
    assert (second["imported_by"], second["reports"], second["kept"]) == ("Kumar S", "7", "2")


def test_a_files_name_is_of_people(session: Session, tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    done = _imports(as_role(session, Role.DISPATCHER), _file(path))
    assert isinstance(done, Exported)
    assert done.is_masked
    written = path.read_text("utf-8-sig")
    assert "Rajan" not in written
    assert "Kumar" not in written
    assert "Sumathi V" in written, "one's own name is no secret"


def test_the_policy_is_told_setting_by_setting_and_what_is_passed_over(
    session: Session, tmp_path: Path
) -> None:
    said = {"lock": {"idle_minutes": 5}, "exports": {"formats": ["csv", "json"]}, "colour": {}}
    machine = read_policy(json.dumps(said).encode(), "policies.json")
    path = tmp_path / "list.csv"
    export_plain(session, POLICY, policy_rows(machine), _file(path), _never)
    rows = [tuple(row.values()) for row in read_rows(path)]
    assert ("lock", "idle_minutes", "5", "no") in rows
    assert ("lock", "keyring", "yes", "no") in rows
    assert ("exports", "formats", "csv json", "no") in rows
    assert rows[-1] == ("colour", "", "", "yes")
    assert not [row for row in rows if row[0] == "server"]


@EVERY
def test_it_is_noted_before_anything_is_read(
    export: Export, session: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stop_writing(monkeypatch)
    with pytest.raises(ExportCancelledError):
        export(session, _file(tmp_path / "list.csv"))
    assert not (tmp_path / "list.csv").exists()
    detail = noted_export(session)
    assert detail.pop("list") in {"officers", "imports", "violation_types"}
    assert detail == {"file": "list.csv", "format": "csv", "masked": False}


@EVERY
def test_who_may_not_export_and_what_policy_forbids_is_refused(
    export: Export, session: Session, tmp_path: Path
) -> None:
    policy = Policy(exports=ExportRules(("csv",)))
    session.profile = replace(session.profile, machine=MachinePolicy(policy, "policies.json"))
    assert export(session, _file(tmp_path / "a.json")) is ExportFault.BY_POLICY
    assert isinstance(export(session, _file(tmp_path / "a.csv")), Exported)
    as_role(session, Role.SERVICE)
    assert export(session, _file(tmp_path / "b.csv")) is ExportFault.NOT_PERMITTED
    assert not (tmp_path / "b.csv").exists()
