"""What became of a change, as receipts say it on screen and on paper."""

from typing import Final

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication

from trafficdesk.domain.vocabulary import Entity
from trafficdesk.qt.admin.audit_words import audit_word
from trafficdesk.qt.event_words import done_word
from trafficdesk.qt.sync.words import contact_words, reason_sentence
from trafficdesk.sync.errors import LineError, RefusedError, SignInNeededError
from trafficdesk.sync.receipts import Line
from trafficdesk.wire.codes import Code
from trafficdesk.wire.exchange import Result
from trafficdesk.wire.receipts import ReceiptError, ShiftChange

_HELD: Final[dict[str, object]] = {
    Result.APPLIED: QT_TRANSLATE_NOOP("Receipt", "Taken as version {version}"),
    Result.MERGED: QT_TRANSLATE_NOOP("Receipt", "Merged into version {version}"),
    Result.DUPLICATE: QT_TRANSLATE_NOOP("Receipt", "Stands already in version {version}"),
    Result.CONFLICT: QT_TRANSLATE_NOOP("Receipt", "Kept whole in a conflict"),
}
_UNSENT: Final[dict[str, object]] = {
    "sent": QT_TRANSLATE_NOOP("Receipt", "Sent, not confirmed yet"),
    "parked": QT_TRANSLATE_NOOP("Receipt", "Set aside at this desk"),
}
_REJECTED: Final = QT_TRANSLATE_NOOP("Receipt", "Rejected: {reason}")
_NOT_SENT: Final = QT_TRANSLATE_NOOP("Receipt", "Not sent yet")
_FAULTS: Final[dict[str, tuple[object, object]]] = {
    "receipt.nothing_done": (
        QT_TRANSLATE_NOOP("Receipt", "Nothing was done here in that time."),
        QT_TRANSLATE_NOOP("Receipt", "There is nothing to prove. Choose a longer time."),
    ),
    "receipt.too_many": (
        QT_TRANSLATE_NOOP("Receipt", "That is more than a receipt holds."),
        QT_TRANSLATE_NOOP("Receipt", "Choose a shorter time."),
    ),
}
_NOT_BELIEVED: Final = (
    QT_TRANSLATE_NOOP("Receipt", "The answer was not signed by this desk's server."),
    QT_TRANSLATE_NOOP("Receipt", "It was not kept. Tell station IT."),
)


def say(source: object) -> str:
    """Return a receipt's words in the language in force."""
    return QCoreApplication.translate("Receipt", str(source))


def shift_words(changes: int) -> str:
    """Return what a receipt would prove."""
    return QCoreApplication.translate(
        "Receipt", "%n changes of yours. Only the server can prove them.", None, changes
    )


def change_word(change: ShiftChange) -> str:
    """Return what was done."""
    if change.entity == Entity.REPORT:
        return done_word(change.action)
    return audit_word(f"{change.entity}.{change.action}")


def state_word(line: Line) -> str:
    """Return what the server holds of a change, or where it is."""
    if line.held is None:
        return say(_UNSENT.get(line.change.state, _NOT_SENT))
    known = _HELD.get(line.held.result)
    if known is None:
        return say(_REJECTED).format(reason=reason_sentence(line.held.reason))
    return say(known).format(version=line.held.version)


def fault_words(error: Exception) -> tuple[str, str] | None:
    """Return what went wrong and what to do; None for a fault that is none of a receipt's."""
    if isinstance(error, ReceiptError):
        title, detail = _FAULTS.get(error.code, _NOT_BELIEVED)
        return say(title), say(detail)
    if isinstance(error, LineError):
        return contact_words(str(error.fault))
    if isinstance(error, SignInNeededError):
        return contact_words(Code.SIGN_IN_NEEDED)
    if isinstance(error, RefusedError):
        return contact_words(error.code)
    return None
