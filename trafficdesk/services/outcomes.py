"""What became of an intent: what was done, what was refused, and which races were lost."""

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from trafficdesk.domain.lifecycle import Barrier
from trafficdesk.domain.records import Event, Report
from trafficdesk.services.changes import NOTHING, Changed


class Refusal(StrEnum):
    """Why something was not done, beside the barriers of the lifecycle."""

    NOT_PERMITTED = "not_permitted"
    NOTHING_TO_UNDO = "nothing_to_undo"
    NOTHING_TO_CHANGE = "nothing_to_change"
    REASON_MISSING = "reason_missing"
    QUESTION_MISSING = "question_missing"
    ORIGINAL_MISSING = "original_missing"
    DUPLICATE_OF_ITSELF = "duplicate_of_itself"
    NAME_MISSING = "name_missing"
    NOT_A_POLYGON = "not_a_polygon"
    TOO_FEW_FACTS = "too_few_facts"
    UNKNOWN_OFFICER = "unknown_officer"
    MOVED_ON = "moved_on"
    OWN_DECISION = "own_decision"
    # Of dispatch.
    UNKNOWN_UNIT = "unknown_unit"
    UNIT_TAKEN = "unit_taken"
    UNIT_OFF_DUTY = "unit_off_duty"
    UNIT_BUSY = "unit_busy"
    NEED_FILLED = "need_filled"
    UNIT_IS_OUT = "unit_is_out"
    UNITS_ARE_OUT = "units_are_out"
    CALL_SIGN_TAKEN = "call_sign_taken"
    INCIDENT_CLEARED = "incident_cleared"
    INCIDENT_MERGED = "incident_merged"
    CALL_FOR_HELP_STAYS = "call_for_help_stays"
    STEP_TAKEN_BEFORE = "step_taken_before"
    ASSIGNMENT_ENDED = "assignment_ended"
    TIMES_OUT_OF_ORDER = "times_out_of_order"
    NOTE_MISSING = "note_missing"
    UNDO_SERVES = "undo_serves"


@dataclass(frozen=True, slots=True)
class Refused:
    """One report (0: no report in particular) that was left as it was, and why.

    ``record_id`` is the incident, unit or assignment it was, if it was one.
    """

    pk: int
    code: Barrier | Refusal
    record_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class LostRace:
    """A report that somebody changed first: as it is now, and what happened since it was seen."""

    report: Report
    since: tuple[Event, ...]


@dataclass(frozen=True, slots=True)
class Outcome:
    """The result of one intent; ``action_id`` is None when nothing at all was done."""

    kind: str
    action_id: UUID | None = None
    changed: Changed = NOTHING
    refused: tuple[Refused, ...] = ()
    lost: tuple[LostRace, ...] = ()

    @property
    def is_done(self) -> bool:
        """Tell whether everything asked was done."""
        return self.action_id is not None and not self.refused and not self.lost


def refusal(kind: str, code: Refusal, pk: int = 0) -> Outcome:
    """Return the outcome of an intent that was refused as a whole."""
    return Outcome(kind, refused=(Refused(pk, code),))
