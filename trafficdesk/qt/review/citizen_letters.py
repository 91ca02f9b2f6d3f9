"""What the citizen will read about a decision on their report."""

from typing import Final

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication

from trafficdesk.domain.vocabulary import RejectionReason

_REJECTED: Final[dict[RejectionReason, object]] = {
    RejectionReason.NO_OFFENCE: QT_TRANSLATE_NOOP(
        "Letters", "Thank you. The pictures show no offence, so the report was closed."
    ),
    RejectionReason.PLATE_UNREADABLE: QT_TRANSLATE_NOOP(
        "Letters", "Thank you. The number plate can't be read, so nobody can be held to account."
    ),
    RejectionReason.NOT_AS_REPORTED: QT_TRANSLATE_NOOP(
        "Letters", "Thank you. The pictures show something else than was reported."
    ),
    RejectionReason.OFFICER_DIRECTING: QT_TRANSLATE_NOOP(
        "Letters", "Thank you. An officer was directing traffic there, so the rule did not apply."
    ),
    RejectionReason.PLACE_OR_TIME_DOUBTFUL: QT_TRANSLATE_NOOP(
        "Letters", "Thank you. Place or time of the pictures do not match the report."
    ),
    RejectionReason.PHOTO_REUSED: QT_TRANSLATE_NOOP(
        "Letters", "The pictures were edited or used before, so the report was closed."
    ),
    RejectionReason.EMERGENCY_VEHICLE: QT_TRANSLATE_NOOP(
        "Letters", "Thank you. It was an emergency vehicle on duty."
    ),
    RejectionReason.OTHER: QT_TRANSLATE_NOOP("Letters", "Thank you. The report was closed. {note}"),
}


def rejection_letter(reason: RejectionReason, note: str) -> str:
    """Return the letter about a rejection; only ``other`` carries the officer's own words."""
    text = QCoreApplication.translate("Letters", str(_REJECTED[reason]))
    return text.replace("{note}", note.strip()).strip()


def question_letter(question: str) -> str:
    """Return the letter that asks the citizen for more."""
    text = QCoreApplication.translate(
        "Letters", "We looked at your report and need to know: {question}"
    )
    return text.replace("{question}", question.strip() or "\N{HORIZONTAL ELLIPSIS}")
