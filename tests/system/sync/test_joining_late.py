"""A station that began on its own joins a server later, with its reports and its people."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from sync_server.db.engine import Crossing
from tests.server.world import PASSWORD, World
from tests.services import dispatching
from tests.system.sync.albums import exchange, photo
from tests.system.sync.conftest import AddDesk
from tests.system.sync.desks import LIGHT, open_desk
from trafficdesk.domain.lifecycle import Move
from trafficdesk.domain.records import NewReport, Place, Report
from trafficdesk.domain.vocabulary import (
    GeofenceKind,
    IncidentStatus,
    ReportStatus,
    Role,
    Severity,
    Step,
)
from trafficdesk.joining import Invitation
from trafficdesk.profile import Profile
from trafficdesk.rejoining import RejoinError, join
from trafficdesk.services import (
    administration,
    areas,
    auditing,
    dispatch,
    founding,
    intake,
    review,
)
from trafficdesk.services.administration import OfficerDetails, OfficerDone
from trafficdesk.services.desk import open_session
from trafficdesk.services.founding import NewDesk
from trafficdesk.services.session import Session
from trafficdesk.store import facts, officers, reports
from trafficdesk.store.upkeep import check
from trafficdesk.sync.errors import RefusedError
from trafficdesk.sync.line import Line, ServerAddress

SQUARE = '{"type":"Polygon","coordinates":[[[76.9,11],[77,11],[77,11.1],[76.9,11.1],[76.9,11]]]}'
NEW = NewDesk("Poongodi I", "", "Own station", "Coimbatore", "CBE", "Asia/Kolkata", PASSWORD)


@pytest.fixture
def alone(tmp_path: Path) -> Iterator[Session]:
    """A desk that was set up without a server, with a second officer."""
    profile = Profile(tmp_path / "alone")
    prepared = founding.prepare(profile, NEW, LIGHT)
    assert isinstance(prepared, founding.Prepared)
    founding.publish(profile)
    session = open_session(profile, prepared.unlocked.key, prepared.unlocked.holder)
    yield session
    session.close()


def file(session: Session) -> Report:
    with session.store.reading() as connection:
        home = facts.home_city_id(connection), facts.home_station_id(connection)
    now = session.clock()
    place = Place(76.97, 11.02)
    new = NewReport(("no_helmet",), Severity.MODERATE, place, now, now, *home, plate="TN37BZ4412")
    filed = intake.file_report(session, new, (photo(),))
    with session.store.reading() as connection:
        return reports.get(connection, filed.pk)


def add_second(session: Session) -> Session:
    """Add an officer to the desk and return the desk as they use it."""
    details = OfficerDetails("Meena K", "MK", "SI", Role.OFFICER)
    done = administration.add_officer(session, details, PASSWORD)
    assert isinstance(done, OfficerDone)
    with session.store.reading() as connection:
        return replace(session, officer=officers.get(connection, done.officer_id))


def invitation(world: World, role: Role = Role.ADMIN) -> Invitation:
    person = world.person(role, "Station IT")
    return Invitation(ServerAddress(world.live.url), world.token(), person.login, PASSWORD)


def test_it_brings_its_reports_and_its_people(
    world: World, alone: Session, add_desk: AddDesk
) -> None:
    other = add_desk()
    taken = other.file()  # in a series that both desks call D1
    other.step(taken.id, Move.APPROVE)
    other.step(taken.id, Move.CITE)
    other.sync()
    meena = add_second(alone)
    mine = file(alone)
    theirs = file(meena)
    target = review.Target(theirs.pk, theirs.revision)
    assert review.take_step(meena, (target,), review.Step(Move.APPROVE)).is_done
    cite = review.Target(theirs.pk, theirs.revision + 1)
    assert review.take_step(meena, (cite,), review.Step(Move.CITE)).is_done
    assert areas.draw(alone, "Market", GeofenceKind.GEOFENCE, SQUARE).is_done

    logins = join(alone, invitation(world))
    assert logins == {"Poongodi I": "poongodi.i", "Meena K": "meena.k"}
    assert [one for one in check(alone.store) if not one.ok] == []
    desk = open_desk(alone, Line(ServerAddress(world.live.url)))
    late = file(alone)
    exchange(desk)
    exchange(desk)
    assert desk.counts() == (0, 0, 0, 0)
    other.sync()
    for each in (desk, other):
        assert each.report(mine.id).status is ReportStatus.PENDING
        assert each.report(theirs.id).status is ReportStatus.CITED
        assert each.report(late.id).station_id == world.station_id
        assert [area.name for area in areas.find_all(each.session)] == ["Market"]
        named = {each.report(report.id).reference for report in (mine, theirs, late, taken)}
        assert len(named) == 4
    assert auditing.verify(alone).reason is None
    assert [one for one in check(alone.store) if not one.ok] == []
    desk.engine.stop()


def test_it_brings_its_units_its_incidents_and_who_was_sent(
    world: World, alone: Session, add_desk: AddDesk
) -> None:
    other = add_desk(Role.DISPATCHER)
    there = dispatching.file(other.session)  # in a series that both desks call D1
    other.sync()
    car, here = dispatching.enlist(alone, "P12"), dispatching.file(alone)
    (sent,) = dispatching.send(alone, here, car)
    assert dispatch.step(alone, sent.id, Step.ARRIVED).is_done

    join(alone, invitation(world))
    desk = open_desk(alone, Line(ServerAddress(world.live.url)))
    exchange(desk)
    exchange(desk)
    other.sync()
    assert desk.counts() == (0, 0, 0, 0)
    for each in (desk, other):
        found = [dispatching.incident(each.session, one.id) for one in (here, there)]
        assert found[0].status is IncidentStatus.ON_SCENE
        assert {one.city_id for one in found} == {world.city_id}
        assert len({one.reference for one in found}) == 2
        assert dispatching.held(each.session, car).id == sent.id
        assert [one for one in check(each.session.store) if not one.ok] == []
    desk.engine.stop()


def test_its_people_sign_in_to_the_server_once_their_password_is_set_there(
    world: World, alone: Session, add_desk: AddDesk
) -> None:
    meena = add_second(alone)
    join(alone, invitation(world))
    assert not world.client().post("/auth/sign-in", {"login": "meena.k", "password": PASSWORD}).ok
    admin = world.sign_in(world.person(Role.ADMIN))
    path = f"/users/{meena.officer.id}/password"
    assert admin.post(path, {"password": PASSWORD}).status_code == 204
    desk = open_desk(alone, Line(ServerAddress(world.live.url)))
    told = desk.engine.access.sign_in("meena.k", PASSWORD)
    assert (told.user.id, told.user.station_id) == (meena.officer.id, world.station_id)
    desk.sync()
    other = add_desk()
    other.sync()
    with other.session.store.reading() as connection:
        assert "Meena K" in {each.name for each in officers.find_present(connection)}
    desk.engine.stop()


def test_only_who_manages_officers_there_lets_it_join_and_nothing_is_spent_before(
    world: World, alone: Session
) -> None:
    report = file(alone)
    asked = invitation(world, Role.SUPERVISOR)
    with pytest.raises(RefusedError) as refused:
        join(alone, asked)
    assert (refused.value.code, refused.value.problem.detail) == ("not_permitted", "needs_manager")
    with alone.store.reading() as connection:
        assert facts.home_station_id(connection) == report.station_id
    boss = invitation(world)
    join(alone, replace(asked, login=boss.login))
    with pytest.raises(RejoinError, match="joined"):
        join(alone, boss)


def test_a_kill_before_the_store_knows_is_made_good_by_the_same_token(
    world: World, alone: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    report, asked = file(alone), invitation(world)

    class KilledError(Exception):
        pass

    def kill(*_: object) -> None:
        raise KilledError

    with monkeypatch.context() as patched:
        patched.setattr("trafficdesk.rejoining.put_home", kill)
        with pytest.raises(KilledError):
            join(alone, asked)
    assert join(alone, asked) == {"Poongodi I": "poongodi.i"}
    desk = open_desk(alone, Line(asked.address))
    desk.sync()
    assert desk.report(report.id).version == 1
    with world.live.server.database.crossing(Crossing.OPERATOR) as connection:
        found = connection.execute(
            "SELECT count(*) AS n FROM users WHERE id = %s", [alone.officer.id]
        ).fetchone()
    assert found == {"n": 1}
    desk.engine.stop()
