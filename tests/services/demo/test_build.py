"""A demo profile opens, is coherent, and leaves nothing behind when it is removed."""

import json
from collections import Counter
from collections.abc import Iterator

import pytest

from trafficdesk.domain.demo.people import citizens
from trafficdesk.domain.queues import QueueName, ReportFilter
from trafficdesk.domain.times import utc_now
from trafficdesk.domain.vocabulary import (
    IncidentStatus,
    ReportStatus,
    Role,
    SyncState,
    UnitStatus,
)
from trafficdesk.instance import InstanceLock, hold_profile
from trafficdesk.profile import Profile
from trafficdesk.security.key_slots import holders
from trafficdesk.security.password_kdf import KdfParameters
from trafficdesk.security.unlock import Unlocked, unlock
from trafficdesk.services import auditing, board, desk, media, people
from trafficdesk.services.demo.build import (
    DemoCancelled,
    DemoMade,
    DemoPlan,
    DemoRefusal,
    DemoRefused,
    make_demo,
    remove_demo,
)
from trafficdesk.services.demo.marker import DEMO_PASSWORD, DemoMark, demo_file, write_mark
from trafficdesk.services.demo.progress import Stage, Watch
from trafficdesk.services.session import Session
from trafficdesk.store import history, incidents, places, reports, units

LIGHT = KdfParameters(memory_kib=64, passes=1, lanes=1)
SMALL = DemoPlan(scale=12, kdf=LIGHT)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Profile:
    profile = Profile(tmp_path_factory.mktemp("demo"))
    result = make_demo(profile, DemoPlan(scale=480, told=64, kdf=LIGHT))
    assert result == DemoMade(10, 50, 480)
    return profile


def sign_in(profile: Profile, role: Role) -> Session:
    holder = next(h for h in holders(profile) if h.role is role)
    opened = unlock(profile, holder.officer_id, DEMO_PASSWORD, utc_now())
    assert isinstance(opened, Unlocked)
    return desk.open_session(profile, opened.key, holder)


@pytest.fixture(scope="module")
def officer(made: Profile) -> Iterator[Session]:
    session = sign_in(made, Role.OFFICER)
    yield session
    session.close()


def test_the_password_in_the_demo_file_opens_the_desk_for_every_officer(made: Profile) -> None:
    told = json.loads(demo_file(made).read_text("utf-8"))
    assert len(holders(made)) == 10
    for holder in holders(made):
        opened = unlock(made, holder.officer_id, told["password"], utc_now())
        assert isinstance(opened, Unlocked)
        opened.key.wipe()


def test_the_queues_are_filled_and_counted(officer: Session) -> None:
    counts = board.count_queues(officer)
    assert counts[QueueName.ALL] == 480
    assert min(counts[QueueName.UNASSIGNED], counts[QueueName.MINE]) > 0
    assert counts[QueueName.ESCALATED] > 0
    assert counts[QueueName.NEEDS_INFO] > 0
    with officer.store.reading() as connection:
        counted = connection.exec_driver_sql(
            "SELECT count(*) FROM reports WHERE status = 'pending' AND assignee_id IS NULL"
        ).scalar_one()
    assert counts[QueueName.UNASSIGNED] == counted


def test_pictures_open_and_evidence_is_scored(officer: Session) -> None:
    with officer.store.reading() as connection:
        pks = connection.exec_driver_sql("SELECT DISTINCT report_pk FROM media").scalars().all()
    assert len(pks) > 40
    scores = set()
    for pk in pks[::12]:
        detail = board.get_detail(officer, pk)
        scores.add(detail.report.score)
        assert detail.evidence.score == detail.report.score
        assert detail.ward
        for photo in detail.media:
            content = media.load(officer, photo)
            assert isinstance(content, bytes)
            assert content[:2] == b"\xff\xd8"
    assert len(scores) > 1


def test_decisions_have_their_history_and_only_the_last_hours_wait_to_be_sent(
    officer: Session,
) -> None:
    with officer.store.reading() as connection:
        decided = (
            connection.exec_driver_sql(
                "SELECT pk FROM reports WHERE status = 'cited' AND revision = 3 "
                "AND id NOT IN (SELECT entity_id FROM events WHERE action = 'want_second_look')"
            )
            .scalars()
            .all()
        )
        waiting = connection.exec_driver_sql(
            "SELECT count(*) FROM reports WHERE sync_state = ?", (int(SyncState.NOT_SENT),)
        ).scalar_one()
    detail = board.get_detail(officer, decided[0])
    assert [event.action for event in detail.events] == ["file", "approve", "cite"]
    assert all(event.sync_state is SyncState.CONFIRMED for event in detail.events)
    assert detail.report.version == detail.report.revision == 3
    assert detail.citations
    assert 0 < waiting <= board.count_waiting(officer) < 60


def test_a_duplicate_names_its_original_and_a_vehicle_its_history(officer: Session) -> None:
    with officer.store.reading() as connection:
        pk = (
            connection.exec_driver_sql(
                "SELECT pk FROM reports WHERE status = ?", (str(ReportStatus.DUPLICATE),)
            )
            .scalars()
            .first()
        )
        plate = (
            connection.exec_driver_sql(
                "SELECT plate FROM reports WHERE plate <> '' GROUP BY plate ORDER BY count(*) DESC"
            )
            .scalars()
            .first()
        )
        again = reports.find_pks_of_plate(connection, str(plate))
    assert board.get_detail(officer, int(pk or 0)).original.startswith("CBE-20")
    assert len(board.get_detail(officer, again[0]).same_vehicle) >= 3


def test_incidents_units_wards_and_areas_are_there(officer: Session) -> None:
    with officer.store.reading() as connection:
        assert len(incidents.find_open(connection)) == 7
        found = {each.unit.call_sign: each.status for each in units.find_now(connection)}
        assert len(found) == 14
        assert found["PCR-09"] is UnitStatus.ON_SCENE
        assert found["Amb 108-2"] is found["Bike 12"] is UnitStatus.EN_ROUTE
        assert found["Amb 108-5"] is UnitStatus.AVAILABLE
        statuses = Counter(each.status for each in incidents.find_open(connection))
        assert statuses == {
            IncidentStatus.ACTIVE: 3,
            IncidentStatus.DISPATCHED: 2,
            IncidentStatus.ON_SCENE: 2,
        }
        (held,) = (u.assignment for u in units.find_now(connection) if u.unit.call_sign == "PCR-09")
        assert held is not None
        told = [each.action for each in history.events_of(connection, held.id)]
        assert told == ["dispatch", "acknowledge", "set_out", "arrive"]
        assert {SyncState.CONFIRMED} == {
            each.sync_state for each in history.events_of(connection, held.incident_id)
        }
        assert len(places.find_stations(connection)) == 3
        assert len(places.find_wards(connection)) >= 30
        total = connection.exec_driver_sql("SELECT count(*) FROM incidents").scalar_one()
        areas = connection.exec_driver_sql("SELECT count(*) FROM geofences").scalar_one()
    assert (total, areas) == (12, 3)


def test_a_citizen_is_sealed_and_revealed_to_those_who_may(officer: Session) -> None:
    with officer.store.reading() as connection:
        pk = (
            connection.exec_driver_sql("SELECT pk FROM reports WHERE reporter_id IS NOT NULL")
            .scalars()
            .first()
        )
    reporter = board.get_detail(officer, int(pk or 0)).reporter
    assert reporter is not None
    known = [citizen.identity for citizen in citizens()]
    assert people.reveal_identity(officer, reporter.id) in known


def test_the_audit_chain_of_the_making_holds(made: Profile) -> None:
    session = sign_in(made, Role.ADMIN)
    try:
        assert auditing.verify(session).ok
    finally:
        session.close()


def test_a_plate_is_found_by_search(officer: Session) -> None:
    with officer.store.reading() as connection:
        row = connection.exec_driver_sql(
            "SELECT plate, count(*) FROM reports WHERE plate <> '' GROUP BY plate LIMIT 1"
        ).one()
    assert board.count(officer, ReportFilter(plate=row[0])) == row[1]


def test_making_it_again_keeps_what_is_there(made: Profile) -> None:
    before = made.database.stat().st_mtime_ns
    assert make_demo(made, SMALL) == DemoMade(10, 50, 480, is_new=False)
    assert made.database.stat().st_mtime_ns == before


def test_progress_is_told_in_order_and_ends_complete(profile: Profile) -> None:
    told: list[tuple[Stage, int, int]] = []
    make_demo(profile, SMALL, Watch(progress=lambda *step: told.append(step)))
    stages = list(dict.fromkeys(stage for stage, _, _ in told))
    assert stages == [Stage.PEOPLE, Stage.PICTURES, Stage.DECISIONS, Stage.MAP]
    for stage in stages:
        last = [(done, total) for s, done, total in told if s is stage][-1]
        assert last[0] == last[1]


def test_a_cancelled_demo_leaves_nothing(profile: Profile) -> None:
    asked: list[bool] = []

    def cancelled() -> bool:
        asked.append(True)
        return len(asked) > 15

    assert make_demo(profile, SMALL, Watch(cancelled=cancelled)) == DemoCancelled()
    assert [path.name for path in profile.folder.iterdir()] == ["desk.lock"]


def test_an_interrupted_demo_is_made_anew(profile: Profile) -> None:
    make_demo(profile, SMALL)
    write_mark(profile, DemoMark(DEMO_PASSWORD, complete=False, reports=0))
    profile.key_slots.write_bytes(b"half")
    assert make_demo(profile, SMALL) == DemoMade(10, 50, 12)


def test_the_base_map_is_put_into_the_packs(profile: Profile) -> None:
    asked: list[object] = []
    make_demo(profile, DemoPlan(scale=12, install_map=asked.append, kdf=LIGHT))
    assert asked == [profile.packs]


def test_a_real_desk_is_neither_overwritten_nor_removed(profile: Profile) -> None:
    profile.key_slots.write_bytes(b"a real desk's slots")
    refused = DemoRefused(DemoRefusal.NOT_A_DEMO)
    assert make_demo(profile, SMALL) == refused
    assert remove_demo(profile) == refused
    assert profile.key_slots.read_bytes() == b"a real desk's slots"


def test_an_open_desk_is_neither_made_nor_removed(profile: Profile) -> None:
    write_mark(profile, DemoMark(DEMO_PASSWORD, complete=False, reports=0))
    lock = hold_profile(profile.instance_lock)
    assert isinstance(lock, InstanceLock)
    with lock:
        refused = DemoRefused(DemoRefusal.PROFILE_IN_USE)
        assert make_demo(profile, SMALL) == refused
        assert remove_demo(profile) == refused


def test_removing_takes_the_demo_and_leaves_other_files_and_packs(profile: Profile) -> None:
    make_demo(profile, SMALL)
    other = profile.packs / "our-district" / "pack.json"
    other.parent.mkdir(parents=True)
    other.write_text("{}")
    (profile.packs / "coimbatore").mkdir()
    note = profile.folder / "note.txt"
    note.write_text("mine")
    assert remove_demo(profile) is None
    left = {path.relative_to(profile.folder).as_posix() for path in profile.folder.rglob("*")}
    assert left == {"packs", "packs/our-district", "packs/our-district/pack.json", "note.txt"}


def test_a_folder_with_nothing_but_the_demo_is_removed_with_it(profile: Profile) -> None:
    make_demo(profile, SMALL)
    assert remove_demo(profile) is None
    assert not profile.folder.exists()
