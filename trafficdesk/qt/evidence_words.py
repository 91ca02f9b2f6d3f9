"""The reasons of an evidence score as short sentences."""

from typing import Final

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication

from trafficdesk.domain.evidence import EvidenceCode, EvidenceReason
from trafficdesk.qt.ages import distance

_SENTENCES: Final[dict[EvidenceCode, object]] = {
    EvidenceCode.NO_PHOTO: QT_TRANSLATE_NOOP("Evidence", "No photo"),
    EvidenceCode.TIME_MATCHES: QT_TRANSLATE_NOOP("Evidence", "Photo taken at that time"),
    EvidenceCode.TIME_DOUBTFUL: QT_TRANSLATE_NOOP("Evidence", "Photo taken {gap} apart"),
    EvidenceCode.TIME_CONTRADICTS: QT_TRANSLATE_NOOP(
        "Evidence", "Photo taken {gap} from the time told"
    ),
    EvidenceCode.TIME_UNKNOWN: QT_TRANSLATE_NOOP("Evidence", "Photo tells no time"),
    EvidenceCode.PLACE_MATCHES: QT_TRANSLATE_NOOP("Evidence", "Photo taken {distance} away"),
    EvidenceCode.PLACE_DOUBTFUL: QT_TRANSLATE_NOOP("Evidence", "Photo taken {distance} away"),
    EvidenceCode.PLACE_CONTRADICTS: QT_TRANSLATE_NOOP(
        "Evidence", "Photo taken {distance} from the place told"
    ),
    EvidenceCode.PLACE_UNKNOWN: QT_TRANSLATE_NOOP("Evidence", "Photo tells no place"),
    EvidenceCode.POSITION_ACCURATE: QT_TRANSLATE_NOOP("Evidence", "Position within {accuracy}"),
    EvidenceCode.POSITION_COARSE: QT_TRANSLATE_NOOP("Evidence", "Position only to {accuracy}"),
    EvidenceCode.PLATE_REGULAR: QT_TRANSLATE_NOOP("Evidence", "Plate well formed"),
    EvidenceCode.PLATE_IRREGULAR: QT_TRANSLATE_NOOP("Evidence", "Plate incomplete or unusual"),
    EvidenceCode.NO_PLATE: QT_TRANSLATE_NOOP("Evidence", "No plate"),
    EvidenceCode.SHARP: QT_TRANSLATE_NOOP("Evidence", "Photo is sharp"),
    EvidenceCode.BLURRED: QT_TRANSLATE_NOOP("Evidence", "Photo is blurred"),
    EvidenceCode.WELL_LIT: QT_TRANSLATE_NOOP("Evidence", "Photo is well lit"),
    EvidenceCode.TOO_DARK: QT_TRANSLATE_NOOP("Evidence", "Photo is too dark"),
    EvidenceCode.WASHED_OUT: QT_TRANSLATE_NOOP("Evidence", "Photo is washed out"),
    EvidenceCode.DESCRIBED: QT_TRANSLATE_NOOP("Evidence", "Described in words"),
    EvidenceCode.NOT_DESCRIBED: QT_TRANSLATE_NOOP("Evidence", "Hardly described"),
    EvidenceCode.REPORTER_TRUSTED: QT_TRANSLATE_NOOP(
        "Evidence", "Reporter right {approved} of {decided} times"
    ),
    EvidenceCode.REPORTER_DOUBTED: QT_TRANSLATE_NOOP(
        "Evidence", "Reporter right only {approved} of {decided} times"
    ),
    EvidenceCode.TRUSTED_SOURCE: QT_TRANSLATE_NOOP("Evidence", "Sent through a known channel"),
}


def evidence_sentence(reason: EvidenceReason) -> str:
    """Return what a reason says."""
    data = reason.data
    if reason.code is EvidenceCode.PHOTOS:
        return QCoreApplication.translate("Evidence", "%n photos", None, int(data["count"]))
    sentence = QCoreApplication.translate("Evidence", str(_SENTENCES[reason.code]))
    return sentence.format(
        gap=_gap(data.get("gap_min", 0.0)),
        distance=distance(data.get("distance_m", 0.0)),
        accuracy=distance(data.get("accuracy_m", 0.0)),
        approved=round(data.get("approved", 0)),
        decided=round(data.get("decided", 0)),
    )


def points_text(points: int) -> str:
    """Return a reason's points with their sign, a minus as typography has it."""
    if points < 0:
        return f"\N{MINUS SIGN}{-points}"
    return f"+{points}" if points else "0"


def _gap(minutes: float) -> str:
    if minutes < 120:
        text = QCoreApplication.translate("Evidence", "{minutes} min")
        return text.format(minutes=round(minutes))
    if minutes < 48 * 60:
        return QCoreApplication.translate("Evidence", "{hours} h").format(hours=round(minutes / 60))
    days = round(minutes / 60 / 24)
    return QCoreApplication.translate("Evidence", "%n days", None, days)
