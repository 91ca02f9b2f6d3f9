"""A new desk gets the newest records first, and each of them, whatever server answers meanwhile."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import chain, cycle, islice, repeat
from random import SystemRandom
from uuid import UUID

import msgspec
import pytest

from sync_server.bundles import answering
from sync_server.sync import service
from tests.server.world import World
from tests.system.sync.carrying import ask, respond, take
from tests.system.sync.conftest import AddDesk
from tests.system.sync.desks import SyncedDesk, reopen
from tests.system.sync.faulty_line import Faults
from tests.system.sync.laws import check_laws
from trafficdesk.domain.lifecycle import Move
from trafficdesk.domain.vocabulary import Entity
from trafficdesk.store import sync_marks
from trafficdesk.store.upkeep import check
from trafficdesk.sync import greeting, link, pulling
from trafficdesk.sync.access import Access
from trafficdesk.sync.errors import LineError
from trafficdesk.sync.paging import Page, ask_page
from trafficdesk.sync.pulling import Fetched
from trafficdesk.wire.exchange import SnapshotPage

MANY = 30
PAGE = 7
PAGES = 5  # that so many reports need
NEWEST = "&newest_first=true"
Lying = Callable[[SnapshotPage], dict[str, object]]  # what is said in a page's place


@dataclass
class Servers:
    """Answers with short pages, as one server after the other would: newer ones, or from before."""

    newer: Iterator[bool] = field(default_factory=lambda: cycle([True]))
    lie: Lying | None = None
    targets: list[str] = field(default_factory=list)
    brought: list[list[UUID]] = field(default_factory=list)

    def ask_page(self, access: Access, target: str, kind: type[Page]) -> Page:
        """Answer in the place of ``paging.ask_page``."""
        is_newer = "entity=report" not in target or next(self.newer)
        asked = target.replace(f"limit={pulling.SNAPSHOT_PAGE}", f"limit={PAGE}")
        page = ask_page(access, asked if is_newer else asked.replace(NEWEST, ""), kind)
        if not isinstance(page, SnapshotPage) or "entity=report" not in target:
            return page
        self.targets.append(target)
        self.brought.append([each.id for each in page.records])
        return page if self.lie is None else msgspec.structs.replace(page, **self.lie(page))


@pytest.fixture
def servers(monkeypatch: pytest.MonkeyPatch) -> Servers:
    made = Servers()
    monkeypatch.setattr(pulling, "ask_page", made.ask_page)
    return made


@pytest.fixture
def filled(add_desk: AddDesk) -> SyncedDesk:
    """A desk that has sent many reports."""
    desk = add_desk()
    desk.sync()
    for _ in range(MANY):
        desk.file()
    desk.sync()
    return desk


def begin(desk: SyncedDesk) -> UUID:
    """Greet the server, and return the city that is then to be read."""
    greeting.greet(desk.engine.access, desk.engine.clock_ms)
    return city_of(desk)


def city_of(desk: SyncedDesk) -> UUID:
    with desk.session.store.reading() as connection:
        (city_id,) = link.get_marks(connection).city_ids
    return city_id


def read(desk: SyncedDesk, city_id: UUID) -> Iterator[Fetched]:
    return pulling.pull_pages(desk.engine.access, city_id)


def read_reports(desk: SyncedDesk, pages: int = 1) -> None:
    """Read a city as far as so many pages of reports, and break off."""
    found = (page for page in read(desk, begin(desk)) if page.touched.reports)
    assert len(list(islice(found, pages))) == pages


def reports_of(desk: SyncedDesk, order: str = "id") -> list[UUID]:
    with desk.session.store.reading() as connection:
        rows = connection.exec_driver_sql(f"SELECT id FROM reports ORDER BY {order}").all()
    return [UUID(bytes=row[0]) for row in rows]


def is_whole(desk: SyncedDesk, other: SyncedDesk) -> bool:
    """Tell whether a desk has read its city and holds what another does."""
    assert not [found for found in check(desk.session.store) if not found.ok]
    with desk.session.store.reading() as connection:
        assert sync_marks.cursor_of(connection, city_of(desk)) is not None
        assert sync_marks.find_snapshot(connection, city_of(desk)) is None
    return reports_of(desk) == reports_of(other)


def test_the_newest_are_here_with_the_first_page(
    filled: SyncedDesk, add_desk: AddDesk, servers: Servers
) -> None:
    desk = add_desk()
    read_reports(desk)
    assert reports_of(desk) == reports_of(filled)[-PAGE:]
    assert reports_of(desk, "pk") == reports_of(desk)  # so indexes fill their pages better
    desk.sync()
    assert is_whole(desk, filled)
    # The page ahead of the one that was broken off was asked for again.
    assert len(servers.targets) == PAGES + 1
    assert list(dict.fromkeys(chain.from_iterable(servers.brought))) == reports_of(filled)[::-1]


def test_a_first_sync_broken_off_after_each_page_goes_on_there(
    filled: SyncedDesk, add_desk: AddDesk, servers: Servers
) -> None:
    desk = add_desk()
    city_id, is_last = begin(desk), False
    while not is_last:
        is_last = next(read(desk, city_id)).is_last
        desk = reopen(desk, Faults(SystemRandom()))
    assert is_whole(desk, filled)
    assert len(servers.targets) > PAGES  # each page ahead was asked for again
    assert {tuple(each) for each in servers.brought} == {
        tuple(reports_of(filled)[::-1][first : first + PAGE]) for first in range(0, MANY, PAGE)
    }


def test_what_moves_while_older_reports_come_is_here_afterwards(
    filled: SyncedDesk, add_desk: AddDesk, world: World, servers: Servers
) -> None:
    oldest, newest = reports_of(filled)[0], reports_of(filled)[-1]
    late = add_desk()
    early = late.file()  # an id below all pages that are still to come, sent when they are read
    desk = add_desk()
    read_reports(desk, 2)
    for report_id in (oldest, newest):
        filled.step(report_id, Move.APPROVE)
    filled.step(newest, Move.CITE)
    filed = filled.file()
    filled.sync()
    late.sync()
    own = desk.file()
    desk.step(newest, Move.REJECT, "not cited here yet")
    desk.sync()
    assert sum(desk.counts()) == desk.counts().conflict == 1
    filled.sync()
    late.sync()
    assert {early.id, filed.id, own.id} < set(reports_of(desk))
    assert servers.targets
    assert is_whole(desk, filled)
    for each in (desk, filled, late):
        each.engine.recall()
    check_laws(world, [desk, filled, late])


def test_a_server_from_before_is_read_upwards_each_report_once(
    filled: SyncedDesk, add_desk: AddDesk, servers: Servers
) -> None:
    servers.newer = cycle([False])
    desk = add_desk()
    desk.sync()
    assert is_whole(desk, filled)
    assert list(chain.from_iterable(servers.brought)) == reports_of(filled)
    assert [NEWEST in target for target in servers.targets] == [True] + [False] * (PAGES - 1)


@pytest.mark.parametrize(
    "newer",
    [[True, False], [True, True, False], [False, True], [True, False, True]],
    ids=["older", "older at the second", "newer", "older and back"],
)
@pytest.mark.parametrize("is_kept", [True, False], ids=["at once", "broken off"])
def test_another_server_between_two_pages_passes_over_nothing(
    filled: SyncedDesk,
    add_desk: AddDesk,
    servers: Servers,
    newer: Iterable[bool],
    *,
    is_kept: bool,
) -> None:
    servers.newer = chain(newer, repeat(next(reversed(list(newer)))))
    desk = add_desk()
    city_id, is_last = begin(desk), False
    while not is_last:
        pages = list(islice(read(desk, city_id), None if is_kept else 1))
        is_last = pages[-1].is_last
        desk = reopen(desk, Faults(SystemRandom()))
    assert is_whole(desk, filled)


def test_servers_that_take_turns_come_to_an_end(
    filled: SyncedDesk, add_desk: AddDesk, servers: Servers
) -> None:
    servers.newer = cycle([True, False])
    desk = add_desk()
    desk.sync()
    assert is_whole(desk, filled)
    assert len(servers.targets) <= 2 + PAGES  # begun again once, and then upwards


def test_a_city_read_anew_past_another_server_keeps_all_that_is_there(
    filled: SyncedDesk, add_desk: AddDesk, servers: Servers
) -> None:
    desk = add_desk()
    desk.sync()
    with desk.session.store.writing() as connection:
        sync_marks.forget_cursors(connection)
    servers.newer = chain([True, True], cycle([False]))
    desk.sync()
    assert is_whole(desk, filled)


WRONG: dict[str, Lying] = {
    "upwards, said to go down": lambda page: {"records": page.records[::-1]},
    "downwards, said to go up": lambda _page: {"newest_first": False},
    "a record twice": lambda page: {"records": page.records + page.records[-1:]},
    "back to its beginning": lambda page: {"next_after": page.records[0].id},
    "on to nowhere": lambda _page: {"next_after": UUID(int=1)},
    "on with nothing": lambda _page: {"records": []},
    "another kind": lambda page: {
        "records": [msgspec.structs.replace(each, entity="geofence") for each in page.records]
    },
}


@pytest.mark.parametrize("kind", WRONG)
def test_a_page_that_goes_a_wrong_way_is_not_believed(
    filled: SyncedDesk, add_desk: AddDesk, servers: Servers, kind: str
) -> None:
    desk = add_desk()
    servers.lie = WRONG[kind]
    with pytest.raises(LineError, match="garbled"):
        desk.sync()
    assert reports_of(desk) == []
    servers.lie = None
    desk.sync()
    assert is_whole(desk, filled)


def test_a_page_downwards_that_nobody_asked_for_is_not_believed(
    filled: SyncedDesk, add_desk: AddDesk, servers: Servers
) -> None:
    desk = add_desk()
    servers.newer = cycle([False])
    read_reports(desk)
    servers.lie = lambda _page: {"newest_first": True, "records": [], "next_after": None}
    with pytest.raises(LineError, match="garbled"):
        desk.sync()
    servers.lie = None
    desk.sync()
    assert is_whole(desk, filled)


def test_a_bundle_goes_on_where_the_network_was_broken_off(
    filled: SyncedDesk, add_desk: AddDesk, world: World, servers: Servers
) -> None:
    desk = add_desk()
    read_reports(desk)
    assert len(servers.targets) <= 2
    request = ask(desk)
    read_reports(desk)  # the network was quicker
    take(desk, respond(world, desk, request))
    assert is_whole(desk, filled)


def test_the_network_goes_on_where_a_bundle_ended(
    filled: SyncedDesk,
    add_desk: AddDesk,
    world: World,
    servers: Servers,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    desk = add_desk()
    read_reports(desk, 2)
    with monkeypatch.context() as small:
        small.setattr(service, "MAX_RECORDS", PAGE)
        small.setattr(answering, "WHOLE", answering.Room(packed=0))
        take(desk, respond(world, desk, ask(desk)))
    with desk.session.store.reading() as connection:
        place = sync_marks.find_snapshot(connection, city_of(desk))
    assert place is not None
    assert (place.entity, place.newest_first) == (Entity.REPORT, False)
    assert place.after is not None
    servers.targets.clear()
    desk.sync()
    assert is_whole(desk, filled)
    assert all(NEWEST not in target for target in servers.targets)
