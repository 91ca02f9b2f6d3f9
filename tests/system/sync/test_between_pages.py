"""What is sent while a city is being read stays here, and a call for help does not wait for it."""

from tests.services.dispatching import file, incident
from tests.system.sync.conftest import AddDesk
from tests.system.sync.desks import SyncedDesk
from trafficdesk.domain.vocabulary import Entity
from trafficdesk.store import sync_marks
from trafficdesk.sync import link, pulling, pushing
from trafficdesk.wire.fields import SNAPSHOT_ORDER


def _read_anew_past(desk: SyncedDesk, kind: Entity) -> None:
    """Begin to read the desk's city anew, and break off when a kind of record was read."""
    with desk.session.store.writing() as connection:
        (city_id,) = link.get_marks(connection).city_ids
        sync_marks.forget_cursors(connection)
    for _ in pulling.pull_pages(desk.engine.access, city_id):
        with desk.session.store.reading() as connection:
            place = sync_marks.find_snapshot(connection, city_id)
        assert place is not None
        if SNAPSHOT_ORDER.index(place.entity) > SNAPSHOT_ORDER.index(kind):
            return


def test_what_was_sent_while_a_snapshot_was_broken_off_is_not_dropped_at_its_end(
    add_desk: AddDesk,
) -> None:
    desk = add_desk()
    before = desk.file()
    desk.sync()
    _read_anew_past(desk, Entity.INCIDENT)
    report, made = desk.file(), file(desk.session)
    while pushing.push_batch(desk.engine.access, 0) is not None:
        pass
    desk.sync()
    assert desk.counts() == (0, 0, 0, 0)
    assert desk.find(before.id) is not None
    assert desk.find(report.id) is not None
    assert incident(desk.session, made.id).version == 1
