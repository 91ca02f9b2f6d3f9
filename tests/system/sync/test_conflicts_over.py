"""An operation in a conflict that is over, or out of its desk's sight, waits for nobody."""

import random

import pytest

from tests.server.world import Client, World
from tests.system.sync import deeds
from tests.system.sync.carrying import ask, respond, take
from tests.system.sync.conftest import AddDesk
from tests.system.sync.desks import SyncedDesk
from tests.system.sync.places import add_station, give_scope
from trafficdesk.domain.identity import new_id
from trafficdesk.domain.lifecycle import Move
from trafficdesk.domain.vocabulary import Role
from trafficdesk.services import conflicts
from trafficdesk.store import outbox


@pytest.fixture
def admin(world: World) -> Client:
    return world.sign_in(world.person(Role.ADMIN))


class Dispute:
    """Two desks that decide otherwise; the later one has yet to send what it decided."""

    def __init__(self, near: SyncedDesk, afield: SyncedDesk) -> None:
        self.near, self.afield = near, afield
        report = near.file()
        near.sync()
        afield.sync()
        near.step(report.id, Move.APPROVE)
        near.sync()
        self.request = ask(afield)  # holds nothing of what follows
        afield.step(report.id, Move.REJECT)

    def settle(self) -> None:
        """Let the other desk settle the conflict."""
        self.near.sync()
        (found,) = conflicts.find_open(self.near.session)
        deeds.settle(self.near, random.Random(1), found.conflict.id)  # noqa: S311 - either side
        self.near.sync()

    def is_quiet(self) -> bool:
        """Exchange, and tell whether nothing is left at the later desk."""
        self.afield.sync()
        self.afield.sync()
        return self.afield.counts() == (0, 0, 0, 0)


def greet_anew(desk: SyncedDesk) -> None:
    """Make an exchange as after a fault of the line."""
    desk.engine._has_greeted = False
    desk.sync()


@pytest.fixture
def dispute(add_desk: AddDesk) -> Dispute:
    return Dispute(add_desk(Role.SUPERVISOR), add_desk())


def test_settled_while_its_answer_was_lost_and_a_bundle_told_of_it(
    dispute: Dispute, world: World
) -> None:
    dispute.afield.lose_an_answer()
    dispute.settle()
    take(dispute.afield, respond(world, dispute.afield, dispute.request))
    assert dispute.is_quiet()


def test_open_still_while_its_answer_was_lost_and_a_bundle_told_of_it(
    dispute: Dispute, world: World
) -> None:
    dispute.afield.lose_an_answer()
    take(dispute.afield, respond(world, dispute.afield, dispute.request))
    assert not dispute.is_quiet()
    assert dispute.afield.counts() == (0, 0, 0, 1)
    dispute.settle()
    assert dispute.is_quiet()


def test_out_of_sight_while_its_answer_was_lost_and_a_bundle_told_of_it(
    dispute: Dispute, world: World, admin: Client
) -> None:
    dispute.afield.lose_an_answer()
    north = str(add_station(world, "North"))
    give_scope(admin, dispute.afield, station_ids=[north], home_station_id=north)
    take(dispute.afield, respond(world, dispute.afield, dispute.request))
    assert dispute.is_quiet()


def test_moved_away_before_anything_was_read_of_it(
    dispute: Dispute, world: World, admin: Client
) -> None:
    north, here = str(add_station(world, "North")), str(world.station_id)
    afield = dispute.afield
    afield.engine.hold_fetching()
    for stations in ([here, north], [here]):  # the second time nothing was read of the first
        give_scope(admin, afield, station_ids=stations, home_station_id=here)
        greet_anew(afield)
    assert afield.counts() == (0, 0, 0, 1)
    give_scope(admin, afield, station_ids=[north], home_station_id=north)
    afield.engine.fetch_on()
    greet_anew(afield)
    assert dispute.is_quiet()


def test_what_was_read_of_another_city_says_nothing_of_a_conflict(
    dispute: Dispute, world: World
) -> None:
    dispute.afield.engine.hold_fetching()
    dispute.afield.sync()
    other, here = new_id(), world.city_id
    with dispute.afield.session.store.reading() as connection:
        assert outbox.find_unseen_conflicts(connection, {other: 1_000, here: 0}) == set()
        assert len(outbox.find_unseen_conflicts(connection, {other: 0, here: 1_000})) == 1
