"""A queue and an officer's own conditions together: both hold, or nothing does."""

from dataclasses import replace
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trafficdesk.domain.queues import QueueName, ReportFilter, clashes, narrowed, queue_filter
from trafficdesk.domain.vocabulary import ReportStatus, Severity

ME, OTHER = UUID(int=1), UUID(int=2)
STATUSES = st.frozensets(st.sampled_from(ReportStatus))


@given(st.sampled_from(QueueName), STATUSES)
def test_a_narrowed_queue_holds_what_both_allow_and_nothing_else(
    queue: QueueName, chosen: frozenset[ReportStatus]
) -> None:
    base = queue_filter(queue, ME)
    found = narrowed(base, ReportFilter(statuses=chosen))
    whole = frozenset(ReportStatus)
    allowed = (base.statuses or whole) & (chosen or whole)
    if not allowed:
        assert found is None
        return
    assert found is not None
    assert (found.statuses or whole) == allowed


def test_a_condition_outside_the_queue_is_named() -> None:
    unassigned = queue_filter(QueueName.UNASSIGNED, ME)
    rejected = frozenset({ReportStatus.REJECTED})
    own = ReportFilter(statuses=rejected, severities=frozenset({Severity.MINOR}))
    assert clashes(unassigned, own) == ("statuses",)
    assert narrowed(unassigned, own) is None
    assert narrowed(queue_filter(QueueName.ALL, ME), own) == own


@pytest.mark.parametrize(
    ("queue", "own", "clash"),
    [
        (QueueName.MINE, ReportFilter(assignee_id=OTHER), ("assignee_id",)),
        (QueueName.MINE, ReportFilter(assignee_id=ME), ()),
        (QueueName.MINE, ReportFilter(unassigned=True), ("unassigned",)),
        (QueueName.UNASSIGNED, ReportFilter(assignee_id=ME), ("assignee_id",)),
        (QueueName.ESCALATED, ReportFilter(assignee_id=ME), ()),
    ],
)
def test_a_queue_of_one_officer_is_not_widened_to_another(
    queue: QueueName, own: ReportFilter, clash: tuple[str, ...]
) -> None:
    assert clashes(queue_filter(queue, ME), own) == clash
    assert (narrowed(queue_filter(queue, ME), own) is None) == bool(clash)


def test_a_plate_that_is_typed_is_a_beginning_also_where_a_whole_one_was_asked_for() -> None:
    whole = ReportFilter(plate="TN37BZ44", is_whole_plate=True)
    assert narrowed(ReportFilter(plate="TN37"), whole) == whole
    assert narrowed(whole, ReportFilter(severities=frozenset({Severity.MINOR}))) == replace(
        whole, severities=frozenset({Severity.MINOR})
    )
    assert narrowed(whole, ReportFilter(plate="TN37BZ")) == ReportFilter(plate="TN37BZ")
