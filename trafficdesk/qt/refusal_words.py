"""Why something was not done, as sentences that say what to do."""

from typing import Final

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication, QLocale

from trafficdesk.domain.lifecycle import Barrier
from trafficdesk.services.outcomes import Refusal
from trafficdesk.services.pictures import MAX_PICTURE_BYTES, PictureRefusal, PictureRefused

_BARRIERS: Final[dict[Barrier, object]] = {
    Barrier.WRONG_STATUS: QT_TRANSLATE_NOOP("Refusals", "Not possible at this stage"),
    Barrier.NOT_PERMITTED: QT_TRANSLATE_NOOP("Refusals", "Your role may not do this"),
    Barrier.HELD_BY_OTHER: QT_TRANSLATE_NOOP("Refusals", "Held by another officer"),
    Barrier.ASSIGNED_TO_OTHER: QT_TRANSLATE_NOOP("Refusals", "Assigned to another officer"),
    Barrier.DELETED: QT_TRANSLATE_NOOP("Refusals", "This report was deleted"),
}
_REFUSALS: Final[dict[Refusal, object]] = {
    Refusal.NOT_PERMITTED: QT_TRANSLATE_NOOP("Refusals", "Your role may not do this"),
    Refusal.NOTHING_TO_UNDO: QT_TRANSLATE_NOOP("Refusals", "Nothing left to take back"),
    Refusal.NOTHING_TO_CHANGE: QT_TRANSLATE_NOOP("Refusals", "It already stands like that"),
    Refusal.REASON_MISSING: QT_TRANSLATE_NOOP("Refusals", "Choose a reason first"),
    Refusal.QUESTION_MISSING: QT_TRANSLATE_NOOP("Refusals", "Write what you need to know"),
    Refusal.ORIGINAL_MISSING: QT_TRANSLATE_NOOP("Refusals", "Choose the original report"),
    Refusal.DUPLICATE_OF_ITSELF: QT_TRANSLATE_NOOP(
        "Refusals", "A report can't be a duplicate of itself"
    ),
    Refusal.NAME_MISSING: QT_TRANSLATE_NOOP("Refusals", "Give it a name"),
    Refusal.NOT_A_POLYGON: QT_TRANSLATE_NOOP("Refusals", "Draw an area with three corners or more"),
    Refusal.TOO_FEW_FACTS: QT_TRANSLATE_NOOP(
        "Refusals", "A violation, a place and a time that is not ahead are needed"
    ),
    Refusal.UNKNOWN_OFFICER: QT_TRANSLATE_NOOP("Refusals", "That officer is not at this desk"),
    Refusal.OWN_DECISION: QT_TRANSLATE_NOOP(
        "Refusals", "Somebody else must look at what you decided"
    ),
    Refusal.MOVED_ON: QT_TRANSLATE_NOOP("Refusals", "It has changed since"),
    Refusal.UNKNOWN_UNIT: QT_TRANSLATE_NOOP("Refusals", "No such unit"),
    Refusal.UNIT_TAKEN: QT_TRANSLATE_NOOP("Refusals", "The unit is out already"),
    Refusal.UNIT_OFF_DUTY: QT_TRANSLATE_NOOP("Refusals", "The unit is off duty"),
    Refusal.UNIT_BUSY: QT_TRANSLATE_NOOP("Refusals", "The unit is busy"),
    Refusal.NEED_FILLED: QT_TRANSLATE_NOOP("Refusals", "Others were sent to it meanwhile"),
    Refusal.UNIT_IS_OUT: QT_TRANSLATE_NOOP("Refusals", "The unit is out. Free it first."),
    Refusal.UNITS_ARE_OUT: QT_TRANSLATE_NOOP("Refusals", "Units are out for it. Free them first."),
    Refusal.CALL_SIGN_TAKEN: QT_TRANSLATE_NOOP("Refusals", "Another unit has this call sign"),
    Refusal.INCIDENT_CLEARED: QT_TRANSLATE_NOOP(
        "Refusals", "The incident is cleared. Open it again first."
    ),
    Refusal.INCIDENT_MERGED: QT_TRANSLATE_NOOP(
        "Refusals", "The incident was merged into another one"
    ),
    Refusal.CALL_FOR_HELP_STAYS: QT_TRANSLATE_NOOP(
        "Refusals", "A call for help stays. Merge the other one into it."
    ),
    Refusal.STEP_TAKEN_BEFORE: QT_TRANSLATE_NOOP("Refusals", "The unit is past this step already"),
    Refusal.ASSIGNMENT_ENDED: QT_TRANSLATE_NOOP("Refusals", "The unit is done there"),
    Refusal.TIMES_OUT_OF_ORDER: QT_TRANSLATE_NOOP(
        "Refusals", "Times must follow each other, and not lie ahead"
    ),
    Refusal.NOTE_MISSING: QT_TRANSLATE_NOOP("Refusals", "Write a note first"),
    Refusal.UNDO_SERVES: QT_TRANSLATE_NOOP("Refusals", "Not confirmed yet. Undo it instead."),
}
_PICTURES: Final[dict[PictureRefusal, object]] = {
    PictureRefusal.UNREADABLE: QT_TRANSLATE_NOOP(
        "Refusals", "This file can't be read. Check that it is still there."
    ),
    PictureRefusal.TOO_LARGE: QT_TRANSLATE_NOOP(
        "Refusals", "Larger than {limit}. Send a smaller copy."
    ),
    PictureRefusal.NOT_A_PICTURE: QT_TRANSLATE_NOOP(
        "Refusals", "Not a photo. JPEG, PNG and WebP are taken."
    ),
    PictureRefusal.TOO_MANY_PIXELS: QT_TRANSLATE_NOOP(
        "Refusals", "Too many pixels to open safely. Send a smaller copy."
    ),
    PictureRefusal.TOO_SMALL: QT_TRANSLATE_NOOP("Refusals", "Too small to show anything."),
    PictureRefusal.DAMAGED: QT_TRANSLATE_NOOP(
        "Refusals", "The photo is damaged. Copy it again from the camera."
    ),
}


def _say(source: object) -> str:
    # QT_TRANSLATE_NOOP gives its text back, typed as an object.
    return QCoreApplication.translate("Refusals", str(source))


def refusal_sentence(code: Barrier | Refusal) -> str:
    """Return why something was not done."""
    if isinstance(code, Barrier):
        return _say(_BARRIERS[code])
    return _say(_REFUSALS[code])


def picture_sentence(refused: PictureRefused) -> str:
    """Return why a picture was not taken and what to do."""
    limit = QLocale().formattedDataSize(MAX_PICTURE_BYTES, 0)
    return _say(_PICTURES[refused.code]).replace("{limit}", limit)
