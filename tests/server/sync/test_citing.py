"""A report has one citation that stands at most, and none unless it is cited."""

from uuid import UUID

import pytest

from sync_server.sync.scope import Device
from tests.server.sync.town import Town
from trafficdesk.domain.identity import new_id
from trafficdesk.wire.exchange import Outcome, Reason, Result
from trafficdesk.wire.operations import Operation

CITE = {"status": ("approved", "cited")}


@pytest.fixture
def report_id(shared_town: Town) -> UUID:
    """An approved report."""
    desk = shared_town.add_device()
    filed = shared_town.filed(desk)
    approval = {"status": ("pending", "approved")}
    (outcome,) = shared_town.push(desk, shared_town.operation(desk, filed, "approve", approval))
    assert outcome.result == "applied", outcome
    return filed


def citation(town: Town, desk: Device, report_id: UUID, number: str) -> Operation:
    changes = {
        "number": (None, number),
        "report_id": (None, str(report_id)),
        "offence": (None, "177"),
        "amount_minor": (None, 50_000),
        "currency": (None, "INR"),
        "status": (None, "issued"),
    }
    return town.operation(
        desk, new_id(), "issue", changes, entity="citation", base_version=0, revision=1
    )


def cite(town: Town, desk: Device, report_id: UUID, number: str) -> tuple[UUID, list[Outcome]]:
    """Cite a report as a desk does: the move, then the citation."""
    issue = citation(town, desk, report_id, number)
    move = town.operation(desk, report_id, "cite", CITE, base_version=2)
    return issue.entity_id, town.push(desk, move, issue)


def change(
    town: Town, desk: Device, citation_id: UUID, action: str, status: tuple[str, str]
) -> Outcome:
    supervisor = town.people["supervisor"]
    (outcome,) = town.push(
        desk,
        town.operation(
            desk,
            citation_id,
            action,
            {"status": status},
            entity="citation",
            actor_id=supervisor,
        ),
    )
    return outcome


def statuses(town: Town, report_id: UUID) -> dict[str, str]:
    """Return what became of a report's citations, by their numbers."""
    rows = town.ask("SELECT number, status FROM citations WHERE report_id = %s", report_id)
    return {str(row["number"]): str(row["status"]) for row in rows}


def test_of_two_desks_that_cite_one_report_the_first_has_cited(
    shared_town: Town, report_id: UUID
) -> None:
    town = shared_town
    one, two = town.add_device(), town.add_device()
    _, first = cite(town, one, report_id, "D1-C1")
    _, second = cite(town, two, report_id, "D2-C1")
    assert [each.result for each in first] == [Result.APPLIED, Result.APPLIED]
    assert [each.result for each in second] == [Result.DUPLICATE, Result.MERGED]
    assert second[1].record is not None
    assert second[1].record.row["status"] == "cancelled"
    assert statuses(town, report_id) == {"D1-C1": "issued", "D2-C1": "cancelled"}
    (event,) = town.ask("SELECT changes FROM events WHERE id = %s", second[1].op_id)
    changes = event["changes"]
    assert isinstance(changes, dict)
    assert changes["status"] == [None, "cancelled"]


def test_whose_decision_clashes_has_not_cited(shared_town: Town, report_id: UUID) -> None:
    town = shared_town
    one, two = town.add_device(), town.add_device()
    reopened = {"status": ("approved", "pending")}
    supervisor = town.people["supervisor"]
    (outcome,) = town.push(
        one, town.operation(one, report_id, "reopen", reopened, actor_id=supervisor)
    )
    assert outcome.result == "applied", outcome
    _, second = cite(town, two, report_id, "D2-C1")
    assert [each.result for each in second] == [Result.CONFLICT, Result.MERGED]
    assert statuses(town, report_id) == {"D2-C1": "cancelled"}


def test_after_the_first_was_cancelled_another_may_stand(
    shared_town: Town, report_id: UUID
) -> None:
    town = shared_town
    one, two = town.add_device(), town.add_device()
    first_id, _ = cite(town, one, report_id, "D1-C1")
    assert change(town, one, first_id, "cancel", ("issued", "cancelled")).result == "applied"
    _, second = cite(town, two, report_id, "D2-C1")
    assert second[1].result is Result.APPLIED
    again = change(town, one, first_id, "undo_cancel", ("cancelled", "issued"))
    assert (again.result, again.reason) == (Result.REJECTED, Reason.ILLEGAL_MOVE)
    assert statuses(town, report_id) == {"D1-C1": "cancelled", "D2-C1": "issued"}


def test_one_batch_may_cite_take_back_and_cite_again(shared_town: Town, report_id: UUID) -> None:
    town = shared_town
    desk = town.add_device()
    first, again = (citation(town, desk, report_id, number) for number in ("D1-C1", "D1-C2"))
    taken_back = {"status": ("cited", "approved")}
    outcomes = town.push(
        desk,
        town.operation(desk, report_id, "cite", CITE, base_version=2),
        first,
        town.operation(desk, report_id, "undo_cite", taken_back, base_version=2),
        town.operation(
            desk,
            first.entity_id,
            "undo_issue",
            {"status": ("issued", "cancelled")},
            entity="citation",
            base_version=0,
        ),
        town.operation(desk, report_id, "cite", CITE, base_version=2),
        again,
    )
    assert {each.result for each in outcomes} == {Result.APPLIED}
    assert statuses(town, report_id) == {"D1-C1": "cancelled", "D1-C2": "issued"}
