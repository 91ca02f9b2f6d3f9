"""Areas on the map: drawn, renamed, removed, and gone when they are gone."""

import json
from uuid import UUID

import pytest

from trafficdesk.domain.records import Geofence
from trafficdesk.domain.vocabulary import GeofenceKind
from trafficdesk.services import areas
from trafficdesk.services.outcomes import Outcome, Refusal
from trafficdesk.services.session import Session
from trafficdesk.store.settling import settle_all

_SQUARE = json.dumps(
    {"type": "Polygon", "coordinates": [[[76.9, 11], [77, 11], [77, 11.1], [76.9, 11]]]}
)


@pytest.fixture
def area(session: Session) -> Geofence:
    assert areas.draw(session, "School run", GeofenceKind.PATROL_AREA, _SQUARE).is_done
    (drawn,) = areas.find_all(session)
    return drawn


def _codes(outcome: Outcome) -> list[str]:
    return [refused.code for refused in outcome.refused]


def _base_versions(session: Session, area_id: UUID) -> list[int]:
    with session.store.reading() as connection:
        rows = connection.exec_driver_sql(
            "SELECT base_version FROM events WHERE entity_id = ? ORDER BY seq", (area_id.bytes,)
        ).all()
    return [int(row[0]) for row in rows]


def test_a_removed_area_is_not_brought_back_by_renaming_it(
    session: Session, area: Geofence
) -> None:
    assert areas.remove(session, area.id, area.revision).is_done
    removed = area.revision + 1
    assert _codes(areas.rename(session, area.id, removed, "Again")) == [Refusal.MOVED_ON]
    assert _codes(areas.remove(session, area.id, removed)) == [Refusal.MOVED_ON]
    assert areas.find_all(session) == []


def test_the_same_name_again_changes_nothing(session: Session, area: Geofence) -> None:
    outcome = areas.rename(session, area.id, area.revision, " School  run ")
    assert _codes(outcome) == [Refusal.NOTHING_TO_CHANGE]
    assert areas.find_all(session) == [area]


def test_a_change_of_an_area_the_server_knows_names_its_version(
    session: Session, area: Geofence
) -> None:
    with session.store.writing() as connection:
        settle_all(connection)
    assert areas.rename(session, area.id, area.revision, "Mornings").is_done
    assert _base_versions(session, area.id) == [0, 1]


_WIDER = json.dumps(
    {"type": "Polygon", "coordinates": [[[76.9, 11], [77.1, 11], [77, 11.1], [76.9, 11]]]}
)


def test_an_area_gets_another_shape_and_keeps_its_name(session: Session, area: Geofence) -> None:
    assert areas.reshape(session, area.id, area.revision, _WIDER).is_done
    (after,) = areas.find_all(session)
    assert (after.name, after.revision) == (area.name, area.revision + 1)
    assert json.loads(after.geometry) == json.loads(_WIDER)
    again = areas.reshape(session, area.id, after.revision, _WIDER)
    assert _codes(again) == [Refusal.NOTHING_TO_CHANGE]


def test_a_shape_that_is_none_or_came_too_late_changes_nothing(
    session: Session, area: Geofence
) -> None:
    bow = [[76.9, 11], [77, 11.1], [77, 11], [76.9, 11.1], [76.9, 11]]
    crossed = json.dumps({"type": "Polygon", "coordinates": [bow]})
    for shape in (crossed, "no shape", "[]"):
        refused = areas.reshape(session, area.id, area.revision, shape)
        assert _codes(refused) == [Refusal.NOT_A_POLYGON]
    late = areas.reshape(session, area.id, area.revision + 1, _WIDER)
    assert _codes(late) == [Refusal.MOVED_ON]
    assert areas.find_all(session) == [area]
