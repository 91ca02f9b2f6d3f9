"""Room for photos on a desk is made by what the server has, and never by what only the desk has."""

import os
import time

from tests.system.sync.albums import exchange, file_of, of, photo, standing, transfer, want
from tests.system.sync.conftest import AddDesk
from tests.system.sync.desks import SyncedDesk
from trafficdesk.domain.vocabulary import Entity
from trafficdesk.services import media as photos
from trafficdesk.store import arriving, media_transfers
from trafficdesk.sync import transferring_room


def aged(desk: SyncedDesk, name: str, days: int) -> None:
    then = time.time() - days * 86_400
    os.utime(file_of(desk, name), (then, then))


def test_the_cache_drops_what_was_not_looked_at_and_never_what_only_this_desk_has(
    add_desk: AddDesk,
) -> None:
    desk = add_desk()
    unsent, oldest, older, newest = (photo(200) for _ in range(4))
    sent = (oldest, older, newest)
    desk.file_with(*sent)
    exchange(desk)
    desk.file_with(unsent)
    for days, each in enumerate((newest, older, oldest, unsent), 1):
        aged(desk, each.sha256, days)
    files = desk.engine.transfers._photos()
    store, room = desk.session.store, sum(each.size_bytes for each in files.find_all())
    assert transferring_room.make(store, files, room) == 0
    assert transferring_room.make(store, files, room - 1) == 1
    assert [files.has(each.sha256) for each in (*sent, unsent)] == [False, True, True, True]
    assert transferring_room.make(store, files, 0) == 2
    assert [files.has(each.sha256) for each in (*sent, unsent)] == [False, False, False, True]
    want(desk, oldest.sha256)
    transfer(desk)
    assert files.load_proved(oldest.sha256) == oldest.content


def test_what_was_looked_at_stays(add_desk: AddDesk) -> None:
    desk = add_desk()
    seen, unseen = photo(200), photo(200)
    report = desk.file_with(seen, unseen)
    exchange(desk)
    for each in (seen, unseen):
        aged(desk, each.sha256, 5)
    assert photos.load(desk.session, of(desk, report)[0]) == seen.content
    files = desk.engine.transfers._photos()
    transferring_room.make(desk.session.store, files, 0)
    assert (files.has(seen.sha256), files.has(unseen.sha256)) == (True, False)


def test_a_photo_of_a_report_that_left_is_still_sent(add_desk: AddDesk) -> None:
    desk = add_desk()
    taken = photo()
    report = desk.file_with(taken)
    desk.sync()
    with desk.session.store.writing() as connection:
        arriving.drop(connection, Entity.REPORT, report.id)
    aged(desk, taken.sha256, 5)
    assert photos.sweep(desk.session, int(taken.sha256[:2], 16)) == 0
    transfer(desk)
    assert standing(desk, taken.sha256).state == "sent"
    aged(desk, taken.sha256, 5)
    assert photos.sweep(desk.session, int(taken.sha256[:2], 16)) == 1
    with desk.session.store.reading() as connection:
        assert media_transfers.find_of(connection, [taken.sha256]) == []
