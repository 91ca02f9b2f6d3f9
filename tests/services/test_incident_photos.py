"""Photos of incidents: filed with them, kept when two are one, counted, and gone with them."""

import os
from collections.abc import Callable
from uuid import UUID

import msgspec
import pytest

from tests.services.dispatching import codes, crash, incident
from tests.system.sync.albums import photo
from trafficdesk.domain.vocabulary import Entity, Role
from trafficdesk.services import incidents, merging, undo
from trafficdesk.services import media as media_files
from trafficdesk.services.dispatching import Target
from trafficdesk.services.outcomes import Refusal
from trafficdesk.services.session import Session
from trafficdesk.services.undo import Scope
from trafficdesk.store import dispatch_rows, media, media_transfers, outbox
from trafficdesk.store.errors import StoreError
from trafficdesk.store.upkeep import Check, check, recount
from trafficdesk.wire.media import MediaFacts
from trafficdesk.wire.rows import fits

MakeSession = Callable[..., Session]


@pytest.fixture
def session(make_session: MakeSession) -> Session:
    return make_session(Role.DISPATCHER, "Devi D")


def faults(session: Session) -> list[Check]:
    return [found.check for found in check(session.store) if not found.ok]


def test_an_incident_s_photos_are_sealed_named_to_the_server_and_wait_for_it(
    session: Session,
) -> None:
    taken, other = photo(64), photo(64)
    filed = incidents.file(session, crash(session), (taken, other))
    assert filed.incident_id is not None
    kept = media_files.find_of_incident(session, filed.incident_id)
    assert [each.sha256 for each in kept] == [taken.sha256, other.sha256]
    assert media_files.load(session, kept[0]) == taken.content
    with session.store.reading() as connection:
        _, operation = outbox.find_queued(connection, 1)[0]
        waiting = media_transfers.find_of(connection, [taken.sha256])
    row = {each.field: each.new for each in operation.changes}
    assert fits(Entity.INCIDENT, "media", row["media"])
    named = msgspec.convert(row["media"], list[MediaFacts])
    assert [each.sha256 for each in named] == [taken.sha256, other.sha256]
    assert [each.state for each in waiting] == ["waiting"]
    assert media_files.sweep(session, int(taken.sha256[:2], 16)) == 0
    assert faults(session) == []


def test_the_photos_of_an_incident_that_cannot_be_written_are_gone(session: Session) -> None:
    taken = photo(64)
    with session.store.writing() as connection:
        connection.exec_driver_sql(
            "CREATE TRIGGER full BEFORE INSERT ON incidents BEGIN SELECT RAISE(ABORT, 'full'); END"
        )
    with pytest.raises(StoreError):
        incidents.file(session, crash(session), (taken,))
    assert not media_files.is_here(session, taken.sha256)


def test_of_two_that_are_one_the_one_that_stays_has_all_photos(session: Session) -> None:
    taken = [photo(64) for _ in range(3)]
    stays, goes = (
        incidents.file(session, crash(session), some).incident_id for some in (taken[:2], taken[1:])
    )
    assert stays is not None
    assert goes is not None
    assert merging.merge(session, stays, goes).is_done

    def named(incident_id: UUID) -> list[str]:
        return [each.sha256 for each in media_files.find_of_incident(session, incident_id)]

    assert named(stays) == [each.sha256 for each in taken]
    assert named(goes) == [each.sha256 for each in taken[1:]]
    assert undo.undo_last(session, Scope.DISPATCH).is_done
    assert named(stays) == [each.sha256 for each in taken[:2]]
    assert faults(session) == []


def test_files_that_an_incident_does_not_name_are_found(session: Session) -> None:
    filed = incidents.file(session, crash(session), (photo(64),))
    with session.store.writing() as connection:
        connection.exec_driver_sql("DELETE FROM media")
    assert faults(session) == [Check.DISPATCH]
    recount(session.store)
    assert faults(session) == []
    assert filed.incident_id is not None
    assert len(media_files.find_of_incident(session, filed.incident_id)) == 1


def test_a_photo_of_an_incident_that_is_gone_is_no_longer_known(session: Session) -> None:
    taken = photo(64)
    filed = incidents.file(session, crash(session), (taken,))
    assert filed.incident_id is not None
    with session.store.writing() as connection:
        media_transfers.distrust(connection)
        connection.exec_driver_sql("UPDATE media_transfers SET state = 'sent'")
        dispatch_rows.drop(connection, Entity.INCIDENT, filed.incident_id)
        assert media.find_known(connection, [taken.sha256]) == set()
    assert faults(session) == []


def test_photos_are_added_by_a_correction_and_taken_back_with_it(session: Session) -> None:
    first, second = photo(64), photo(64)
    incident_id = incidents.file(session, crash(session), (first,)).incident_id
    assert incident_id is not None
    made = incident(session, incident_id)
    assert made.photo_count == 1
    seen = Target(made.id, made.revision)
    assert incidents.correct(session, seen, {}, photos=(second, first)).is_done
    now = incident(session, incident_id)
    assert now.photo_count == 2
    named = [each.sha256 for each in media_files.find_of_incident(session, incident_id)]
    assert named == [first.sha256, second.sha256]
    assert codes(incidents.correct(session, seen, {}, photos=(photo(64),))) == [Refusal.MOVED_ON]
    assert undo.undo_last(session, Scope.DISPATCH).is_done
    assert incident(session, incident_id).photo_count == 1
    assert faults(session) == []


def test_a_photo_that_could_not_be_added_is_gone(session: Session) -> None:
    taken = photo(64)
    incident_id = incidents.file(session, crash(session)).incident_id
    assert incident_id is not None
    unseen = Target(incident_id, 99)
    assert codes(incidents.correct(session, unseen, {}, photos=(taken,))) == [Refusal.MOVED_ON]
    (sealed,) = session.profile.media.rglob(taken.sha256)
    os.utime(sealed, (0, 0))
    media_files.sweep(session, int(taken.sha256[:2], 16))
    assert not media_files.is_here(session, taken.sha256)
