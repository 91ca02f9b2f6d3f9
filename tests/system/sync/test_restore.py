"""The server is put back to an earlier day: what desks had acknowledged since comes back."""

import random
from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import UUID

import pytest

from tests.server.live import Live, settings_for
from tests.server.world import PASSWORD, Person, World
from tests.services import dispatching
from tests.system.sync.carrying import ask, respond, take
from tests.system.sync.desks import SyncedDesk, join, reopen
from tests.system.sync.faulty_line import Faults
from tests.system.sync.laws import check_laws
from tests.system.sync.servers import Fallible
from trafficdesk.domain.conflicts import Side
from trafficdesk.domain.lifecycle import Move
from trafficdesk.domain.records import Report
from trafficdesk.domain.vocabulary import (
    Entity,
    IncidentStatus,
    ReportStatus,
    Role,
    Step,
    SyncState,
)
from trafficdesk.services import conflicts, dispatch
from trafficdesk.services.conflicts import Settling
from trafficdesk.store import citations, sync_marks
from trafficdesk.sync import greeting, pulling
from trafficdesk.sync.errors import SignInNeededError
from trafficdesk.sync.line import Call, Line, ServerAddress
from trafficdesk.sync.pushing import PUSH


class Town(World):
    """A world that remembers who can sign in."""

    def __init__(self, live: Live) -> None:
        super().__init__(live)
        self.logins = dict[UUID, str]()

    def person(
        self, role: Role = Role.OFFICER, name: str = "Meena K", user_id: UUID | None = None
    ) -> Person:
        person = super().person(role, name, user_id)
        self.logins[person.id] = person.login
        return person


@pytest.fixture
def server(database_url: str, tmp_path: Path) -> Iterator[Fallible]:
    """A server on a database of this test alone."""
    made = Fallible(settings_for(database_url, tmp_path), tmp_path)
    yield made
    made.stop()


@pytest.fixture
def town(server: Fallible) -> Town:
    """An agency on it."""
    return Town(server.start())


AddDesk = Callable[[], SyncedDesk]


@pytest.fixture
def add_desk(town: Town, tmp_path: Path) -> Iterator[AddDesk]:
    """Return a function that enrols another desk, a supervisor's, and lets it hear of all."""
    desks = list[SyncedDesk]()

    def add() -> SyncedDesk:
        person = town.person(Role.SUPERVISOR, f"Officer {len(desks)}")
        desk = join(town, person, tmp_path / f"desk{len(desks)}")
        desk.sync()
        desks.append(desk)
        return desk

    yield add
    for desk in desks:
        desk.close()


def sign_in(town: Town, desk: SyncedDesk) -> None:
    """Sign the desk's officer in, as the desk asks for."""
    desk.engine.access.sign_in(town.logins[desk.session.officer.id], PASSWORD)


def bring_back(town: Town, *desks: SyncedDesk) -> None:
    """Sign the officers in one after the other, and let each desk sync."""
    for desk in desks:
        sign_in(town, desk)
        desk.sync()


def lose_a_report(server: Fallible, town: Town, add_desk: AddDesk) -> tuple[SyncedDesk, Report]:
    """Return a desk and its report, which it had acknowledged before the server was put back."""
    desk = add_desk()
    dump = server.keep()
    report = desk.file()
    desk.sync()
    server.restore(town, dump)
    return desk, report


def check_all_sent(town: Town, *desks: SyncedDesk) -> None:
    """Assert that nothing waits anywhere, and the laws."""
    assert [desk.counts() for desk in desks] == [(0, 0, 0, 0)] * len(desks)
    check_laws(town, list(desks))


def test_a_desk_asks_for_a_sign_in_and_then_sends_again_what_the_server_lost(
    server: Fallible, town: Town, add_desk: AddDesk
) -> None:
    one, two = add_desk(), add_desk()
    before = one.file()
    one.sync()
    dump = server.keep()
    after = one.file(plate="TN38AA0001")
    one.step(before.id, Move.APPROVE, "clear photo")
    one.sync()
    two.sync()
    server.restore(town, dump)
    with pytest.raises(SignInNeededError):
        one.sync()
    assert one.find(after.id) is not None
    bring_back(town, one, two)
    two.sync()
    for desk in (one, two):
        assert desk.report(before.id).status is ReportStatus.APPROVED
        assert desk.report(after.id).sync_state is SyncState.CONFIRMED
    check_all_sent(town, one, two)


def test_who_was_sent_where_comes_back(server: Fallible, town: Town, add_desk: AddDesk) -> None:
    one, two = add_desk(), add_desk()
    car, made = dispatching.enlist(one.session, "P12"), dispatching.file(one.session)
    one.sync()
    two.sync()
    dump = server.keep()
    (sent,) = dispatching.send(one.session, made, car)
    assert dispatch.step(one.session, sent.id, Step.ARRIVED).is_done
    late = dispatching.file(one.session)
    one.sync()
    two.sync()
    server.restore(town, dump)
    bring_back(town, two, one, two)
    for desk in (one, two):
        assert dispatching.incident(desk.session, made.id).status is IncidentStatus.ON_SCENE
        assert dispatching.incident(desk.session, late.id).sync_state is SyncState.CONFIRMED
        assert dispatching.held(desk.session, car).sync_state is SyncState.CONFIRMED
    check_all_sent(town, one, two)


def test_a_unit_sent_by_one_desk_to_what_another_must_bring_back_waits_for_it(
    server: Fallible, town: Town, add_desk: AddDesk
) -> None:
    one, two = add_desk(), add_desk()
    dump = server.keep()
    car, made = dispatching.enlist(one.session, "P12"), dispatching.file(one.session)
    one.sync()
    two.sync()
    (sent,) = dispatching.send(two.session, made, car)
    assert dispatch.step(two.session, sent.id, Step.ARRIVED).is_done
    two.sync()
    one.sync()
    server.restore(town, dump)
    bring_back(town, two, one)  # the one that filed and enlisted nothing comes first
    for desk in (two, two, two, one):  # what makes the assignment, then the steps of it
        desk.sync()
    for desk in (one, two):
        assert desk.counts() == (0, 0, 0, 0)
        assert dispatching.incident(desk.session, made.id).status is IncidentStatus.ON_SCENE
        assert dispatching.held(desk.session, car).id == sent.id
    check_laws(town, [one, two])


def test_what_is_not_confirmed_any_more_does_not_look_so(
    server: Fallible, town: Town, add_desk: AddDesk
) -> None:
    from trafficdesk.sync import greeting

    one, report = lose_a_report(server, town, add_desk)
    sign_in(town, one)
    greeting.greet(one.engine.access, one.engine.clock_ms)
    assert one.counts().queued == 1
    assert one.report(report.id).sync_state is SyncState.NOT_SENT
    with one.session.store.reading() as connection:
        states = connection.exec_driver_sql("SELECT sync_state FROM events").all()
    assert states == [(int(SyncState.NOT_SENT),)]


def test_work_on_a_record_that_another_desk_must_bring_back_waits_for_it(
    server: Fallible, town: Town, add_desk: AddDesk
) -> None:
    one, two = add_desk(), add_desk()
    dump = server.keep()
    report = one.file()
    one.sync()
    two.sync()
    two.step(report.id, Move.APPROVE, "clear photo")
    two.step(report.id, Move.CITE)
    two.sync()
    one.sync()
    server.restore(town, dump)
    bring_back(town, two, one)  # the one that did not file it comes first
    for desk in (two, two, one):
        desk.sync()
    for desk in (one, two):
        assert desk.report(report.id).status is ReportStatus.CITED
        with desk.session.store.reading() as connection:
            assert len(citations.find_of_report(connection, desk.report(report.id).pk)) == 1
    check_all_sent(town, one, two)


def test_a_batch_whose_answer_was_lost_goes_after_what_it_stands_on(
    server: Fallible, town: Town, add_desk: AddDesk
) -> None:
    from trafficdesk.store import outbox

    one = add_desk()
    dump = server.keep()
    report = one.file()
    one.sync()
    one.step(report.id, Move.APPROVE)
    with one.session.store.writing() as connection:
        assert len(outbox.take_batch(connection, 10)) == 1
    server.restore(town, dump)
    bring_back(town, one)
    assert one.report(report.id).status is ReportStatus.APPROVED
    check_all_sent(town, one)


def test_a_desk_that_was_signed_in_again_unseen_notices_the_other_epoch(
    server: Fallible, town: Town, add_desk: AddDesk
) -> None:
    one, report = lose_a_report(server, town, add_desk)
    sign_in(town, one)  # as at the screen, before the engine heard of anything
    one.step(report.id, Move.APPROVE)
    one.sync()
    check_all_sent(town, one)


def test_a_conflict_that_was_settled_since_is_settled_again(
    server: Fallible, town: Town, add_desk: AddDesk
) -> None:
    one, two = add_desk(), add_desk()
    report = one.file()
    one.sync()
    two.sync()
    dump = server.keep()
    one.step(report.id, Move.APPROVE, "helmet missing")
    two.step(report.id, Move.REJECT, "a turban")
    one.sync()
    two.sync()
    (found,) = conflicts.find_open(two.session)
    choices = conflicts.keep_side(found.conflict, Side.MINE)
    settling = Settling(found.conflict.id, found.conflict.revision, choices, "looked again")
    assert conflicts.settle(two.session, [settling]).is_done
    two.sync()
    one.sync()
    server.restore(town, dump)
    bring_back(town, one, two, one)
    for desk in (one, two):
        assert desk.report(report.id).status is ReportStatus.REJECTED
        assert conflicts.count_open(desk.session) == 0
    check_all_sent(town, one, two)


def test_a_backup_of_before_another_restore_still_asks_for_everything(
    server: Fallible, town: Town, add_desk: AddDesk
) -> None:
    one = add_desk()
    early = server.keep()
    first = one.file()
    one.sync()
    late = server.keep()
    server.restore(town, early)  # by mistake
    bring_back(town, one)
    second = one.file(plate="TN38AA0001")
    one.sync()
    server.restore(town, late)  # which knows nothing of the epoch the desk was in
    bring_back(town, one)
    for report in (first, second):
        assert one.report(report.id).sync_state is SyncState.CONFIRMED
    check_laws(town, [one])


@pytest.mark.parametrize("hears_by", ["line", "bundle"])
def test_a_push_that_the_restored_server_took_unanswered_makes_no_copy_of_the_desk(
    server: Fallible, town: Town, add_desk: AddDesk, hears_by: str
) -> None:
    one, report = lose_a_report(server, town, add_desk)
    sign_in(town, one)  # as at the screen, before the engine heard of anything
    one.step(report.id, Move.APPROVE)
    one.lose_an_answer()
    if hears_by == "bundle":
        take(one, respond(town, one, ask(one)))
    one = reopen(one, Faults(random.Random(0)))  # noqa: S311 - no fault strikes
    for _ in range(2):
        one.sync()
    assert one.report(report.id).status is ReportStatus.APPROVED
    check_all_sent(town, one)
    one.close()


class EchoingLine(Line):
    """Brings the first push once more, late: just before the second one."""

    def __init__(self, address: ServerAddress) -> None:
        super().__init__(address)
        self.first: Call | None = None
        self.has_echoed = False

    def fetch(self, call: Call) -> bytes:
        if call.target == PUSH and self.first is None:
            self.first = call
        elif call.target == PUSH and self.first is not None and not self.has_echoed:
            self.has_echoed = True
            super().fetch(self.first)
        return super().fetch(call)


def test_a_push_that_comes_once_more_after_the_hello_makes_no_copy_of_the_desk(
    server: Fallible, town: Town, add_desk: AddDesk
) -> None:
    """Found by torture, seed 505: the echo took the turn that was the next push's."""
    one, report = lose_a_report(server, town, add_desk)
    sign_in(town, one)
    one.step(report.id, Move.APPROVE)
    one.engine.access.line.close()
    line = EchoingLine(one.engine.access.line.address)
    one.engine.access.line = line
    for _ in range(2):
        one.sync()
    assert line.has_echoed
    assert one.report(report.id).status is ReportStatus.APPROVED
    check_all_sent(town, one)


def read_past_incidents(town: Town, desk: SyncedDesk) -> None:
    """Greet the restored server and read it anew, and break off when incidents were read."""
    sign_in(town, desk)
    greeting.greet(desk.engine.access, desk.engine.clock_ms)
    for _ in pulling.pull_pages(desk.engine.access, town.city_id):
        with desk.session.store.reading() as connection:
            place = sync_marks.find_snapshot(connection, town.city_id)
        if place is None or place.entity is Entity.ASSIGNMENT:
            return


def test_a_unit_sent_to_what_came_back_while_a_city_was_read_anew_stays_sent(
    server: Fallible, town: Town, add_desk: AddDesk
) -> None:
    """Found by torture, seed 708: what hung on an incident went with it, and was not told again."""
    one, two = add_desk(), add_desk()
    car = dispatching.enlist(one.session, "P12")
    one.sync()
    dump = server.keep()
    made = dispatching.file(two.session)
    two.sync()
    one.sync()
    server.restore(town, dump)
    read_past_incidents(town, one)
    sign_in(town, two)
    two.sync()
    (sent,) = dispatching.send(one.session, made, car)
    for desk in (one, two):
        desk.sync()
    for desk in (one, two):
        assert dispatching.assignment(desk.session, sent.id).incident_id == made.id
    check_laws(town, [one, two])
