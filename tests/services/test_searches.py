"""Saved searches: kept by name, each officer's own, and none spoils the others."""

import json
from collections.abc import Callable

from trafficdesk.domain.identity import new_id
from trafficdesk.domain.queues import ReportFilter
from trafficdesk.domain.vocabulary import ReportStatus, Role
from trafficdesk.services import searches
from trafficdesk.services.audit_log import find_log_page
from trafficdesk.services.searches import Search
from trafficdesk.services.session import Session
from trafficdesk.store import searches as rows

MakeSession = Callable[..., Session]
_PENDING = ReportFilter(statuses=frozenset({ReportStatus.PENDING}))


def _save(session: Session, name: str, wanted: ReportFilter = _PENDING) -> Search:
    saved = searches.save(session, name, wanted)
    assert isinstance(saved, Search)
    return saved


def test_a_search_of_the_same_name_is_replaced_and_keeps_its_place(session: Session) -> None:
    first = _save(session, "Night")
    _save(session, "Day")
    again = _save(session, "Night", ReportFilter(plate="TN37"))
    assert again.id == first.id
    assert searches.find(session)[0] == again
    searches.remove(session, again.id)
    assert [each.name for each in searches.find(session)] == ["Day"]


def test_a_search_that_this_program_cannot_read_does_not_hide_the_others(session: Session) -> None:
    kept = _save(session, "Night")
    for name, text in (
        ("Newer", json.dumps({"statuses": ["audited"]})),
        ("Broken", "{"),
        ("Huge", json.dumps({"from_ms": 2**70})),
    ):
        with session.store.writing() as connection:
            rows.put(connection, session.officer.id, rows.SavedSearch(new_id(), name, text))
    assert searches.find(session) == [kept]


def test_nobody_removes_another_officers_search(
    session: Session, make_session: MakeSession
) -> None:
    kept = _save(session, "Night")
    searches.remove(make_session(Role.OFFICER, "Dinesh P"), kept.id)
    assert searches.find(session) == [kept]


def test_saving_and_removing_stand_in_the_audit_log(
    session: Session, make_session: MakeSession
) -> None:
    kept = _save(session, "Night")
    searches.remove(session, kept.id)
    log = find_log_page(make_session(Role.SUPERVISOR, "Velu R"))
    assert isinstance(log, list)
    assert [line.action for line in log[:2]] == ["saved_search.remove", "saved_search.save"]
