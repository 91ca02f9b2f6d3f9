"""Reviews are held by the server's clock, and holding one is never finished work."""

import time
from uuid import UUID

import pytest

from sync_server.db.engine import Crossing
from sync_server.sync.scope import Device
from tests.server.sync.town import Changes, Town
from trafficdesk.domain.lifecycle import LEASE_LENGTH
from trafficdesk.wire.exchange import Outcome, Reason, Result

YEARS_AGO_MS = 1
FUTURE_MS = 4_000_000_000_000
_LEASE_MS = LEASE_LENGTH.total_seconds() * 1000
OVERTAKEN = (Result.REJECTED, Reason.OVERTAKEN)


class Review:
    """One report, and two officers who each have a desk."""

    def __init__(self, town: Town) -> None:
        self.town = town
        self.one, self.two = town.add_device(), town.add_device()
        self.report_id = town.filed(self.one)
        self.me, self.other = town.people["officer"], town.people["other_officer"]

    def claim(self, desk: Device, who: UUID, until_ms: int) -> Outcome:
        """Take the report as a desk that saw it pending, and believes to hold it until then."""
        changes: Changes = {
            "status": ("pending", "under_review"),
            "assignee_id": (None, str(who)),
            "lease_until_ms": (None, until_ms),
        }
        return self._push(desk, who, "claim", changes)

    def give_back(self, desk: Device, who: UUID, action: str) -> Outcome:
        """End a review as the desk that claimed it ends it."""
        changes: Changes = {
            "status": ("under_review", "pending"),
            "assignee_id": (str(who), None),
            "lease_until_ms": (FUTURE_MS, None),
        }
        return self._push(desk, who, action, changes)

    def approve(self, desk: Device, who: UUID) -> Outcome:
        """Approve what the desk holds."""
        changes: Changes = {
            "status": ("under_review", "approved"),
            "assignee_id": (str(who), None),
            "lease_until_ms": (FUTURE_MS, None),
            "reviewer_id": (None, str(who)),
        }
        return self._push(desk, who, "approve", changes)

    def _push(self, desk: Device, who: UUID, action: str, changes: Changes) -> Outcome:
        asked = self.town.operation(desk, self.report_id, action, changes, actor_id=who)
        (outcome,) = self.town.push(desk, asked)
        return outcome

    def holder(self) -> tuple[object, object]:
        """Return the status, and who has the report."""
        row = self.town.row(self.report_id)
        return row["status"], row["assignee_id"]

    def let_the_lease_run_out(self) -> None:
        """Let its half hour be over by the server's clock."""
        with self.town.database.crossing(Crossing.OPERATOR) as connection:
            connection.execute(
                "UPDATE reports SET lease_until_ms = 1 WHERE id = %s", [self.report_id]
            )


@pytest.fixture
def review(town: Town) -> Review:
    """A pending report that two desks know."""
    return Review(town)


@pytest.mark.parametrize("until_ms", [YEARS_AGO_MS, FUTURE_MS])
def test_a_lease_lasts_by_the_servers_clock_whatever_a_desk_believes(
    review: Review, until_ms: int
) -> None:
    before_ms = time.time() * 1000
    claimed = review.claim(review.one, review.me, until_ms)
    after_ms = time.time() * 1000
    assert claimed.result is Result.APPLIED
    assert claimed.record is not None, "the desk must hear until when"
    until = claimed.record.row["lease_until_ms"]
    assert isinstance(until, int)
    assert before_ms - 1 <= until - _LEASE_MS <= after_ms + 1
    assert review.town.row(review.report_id)["lease_until_ms"] == until


@pytest.mark.parametrize("until_ms", [YEARS_AGO_MS, FUTURE_MS])
def test_the_first_claim_at_the_server_holds_and_the_second_is_overtaken(
    review: Review, until_ms: int
) -> None:
    review.claim(review.one, review.me, until_ms)
    late = review.claim(review.two, review.other, FUTURE_MS)
    assert (late.result, late.reason) == OVERTAKEN
    assert late.record is not None
    assert late.record.row["assignee_id"] == str(review.me)


def test_a_claim_whose_lease_is_over_gives_way_to_the_next(review: Review) -> None:
    review.claim(review.one, review.me, FUTURE_MS)
    review.let_the_lease_run_out()
    late = review.claim(review.two, review.other, FUTURE_MS)
    assert late.result is Result.MERGED
    assert review.holder() == ("under_review", review.other)


def test_a_desks_clock_ends_no_lease_that_goes_on(review: Review) -> None:
    review.claim(review.one, review.me, FUTURE_MS)
    for desk in (review.one, review.two):
        ended = review.give_back(desk, review.me, "lease_ended")
        assert (ended.result, ended.reason) == OVERTAKEN
    assert review.holder() == ("under_review", review.me)
    review.let_the_lease_run_out()
    assert review.give_back(review.two, review.me, "lease_ended").result is Result.APPLIED
    assert review.holder() == ("pending", None)


@pytest.mark.parametrize("action", ["release", "undo_claim"])
def test_giving_back_a_lost_claim_takes_it_from_nobody(review: Review, action: str) -> None:
    review.claim(review.one, review.me, FUTURE_MS)
    review.claim(review.two, review.other, FUTURE_MS)
    given = review.give_back(review.two, review.other, action)
    assert (given.result, given.reason) == OVERTAKEN
    assert review.holder() == ("under_review", review.me)
    assert review.give_back(review.one, review.me, action).result is Result.APPLIED
    assert review.holder() == ("pending", None)


def test_giving_back_what_was_assigned_all_along_takes_it_from_nobody(town: Town) -> None:
    one, two = town.add_device(), town.add_device()
    me, boss = town.people["officer"], town.people["supervisor"]
    report_id = town.filed(one, assignee_id=str(me))
    held: Changes = {"status": ("pending", "under_review"), "lease_until_ms": (None, FUTURE_MS)}
    freed: Changes = {"status": ("under_review", "pending"), "lease_until_ms": (FUTURE_MS, None)}
    town.push(one, town.operation(one, report_id, "claim", held, actor_id=me))
    (stale,) = town.push(two, town.operation(two, report_id, "release", freed, actor_id=boss))
    assert (stale.result, stale.reason) == OVERTAKEN
    seen = town.operation(two, report_id, "release", freed, actor_id=boss, base_version=2)
    assert town.push(two, seen)[0].result is Result.APPLIED


def test_a_claim_of_what_was_decided_meanwhile_is_no_conflict(review: Review) -> None:
    review.claim(review.one, review.me, FUTURE_MS)
    decided = review.approve(review.one, review.me)
    assert decided.result is Result.APPLIED, "until when it was held is nothing to differ about"
    late = review.claim(review.two, review.other, FUTURE_MS)
    assert (late.result, late.reason) == OVERTAKEN
    assert review.holder() == ("approved", None)


def test_a_decision_made_on_a_lost_claim_counts_all_the_same(review: Review) -> None:
    review.claim(review.one, review.me, FUTURE_MS)
    review.claim(review.two, review.other, FUTURE_MS)
    assert review.approve(review.two, review.other).result is Result.MERGED
    assert review.holder() == ("approved", None)
