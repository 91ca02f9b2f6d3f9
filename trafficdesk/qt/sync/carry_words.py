"""Why a colleague's bundle was not carried, as sentences that say what to do."""

from typing import Final

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication

from trafficdesk.qt.fault_words import find_fault_words
from trafficdesk.qt.sync.summary import span
from trafficdesk.qt.sync.words import contact_words
from trafficdesk.sync.carrying import CarryError, CarryFault
from trafficdesk.wire.bundles import BundleFault
from trafficdesk.wire.codes import Code

_WRITE_ANEW: Final = QT_TRANSLATE_NOOP(
    "Carry", "Have your colleague write it again, or copy it once more."
)
_TELL_IT: Final = QT_TRANSLATE_NOOP("Carry", "Nothing of it was taken in. Tell station IT.")
_THERE_STILL: Final = QT_TRANSLATE_NOOP(
    "Carry", "The file is where it was. Carry it again later; it counts once."
)
_UPDATE: Final = QT_TRANSLATE_NOOP(
    "Carry", "The file is where it was. Station IT must update the older program."
)
_WORDS: Final[dict[str, tuple[object, object]]] = {
    CarryFault.UNREADABLE: (
        QT_TRANSLATE_NOOP("Carry", "The file cannot be read."),
        QT_TRANSLATE_NOOP("Carry", "Is the stick still in? {detail}."),
    ),
    CarryFault.NO_FOLDER: (
        QT_TRANSLATE_NOOP("Carry", "The folder for the answer is not there."),
        QT_TRANSLATE_NOOP("Carry", "Nothing was carried. Is the stick still in?"),
    ),
    CarryFault.SIGN_IN_NEEDED: (
        QT_TRANSLATE_NOOP("Carry", "Your sign-in to the server has run out."),
        QT_TRANSLATE_NOOP(
            "Carry", "The file is where it was. Sign in in the sync panel, then carry it again."
        ),
    ),
    CarryFault.NO_ROUTE: (
        QT_TRANSLATE_NOOP("Carry", "This server takes no files from couriers yet."),
        _UPDATE,
    ),
    CarryFault.TOO_LARGE_HERE: (
        QT_TRANSLATE_NOOP("Carry", "The server takes no file of that size."),
        QT_TRANSLATE_NOOP("Carry", "The file is where it was. Tell station IT."),
    ),
    CarryFault.UNWRITTEN: (
        QT_TRANSLATE_NOOP("Carry", "The answer could not be written."),
        QT_TRANSLATE_NOOP(
            "Carry",
            "The server has taken the file in. Carry it again, with another folder for the "
            "answer; it counts once. {detail}.",
        ),
    ),
    BundleFault.NOT_A_BUNDLE: (
        QT_TRANSLATE_NOOP("Carry", "This file is no bundle."),
        QT_TRANSLATE_NOOP("Carry", "Choose the file that your colleague's desk wrote."),
    ),
    BundleFault.WRONG_KIND: (
        QT_TRANSLATE_NOOP("Carry", "This bundle does not ask the server for anything."),
        QT_TRANSLATE_NOOP("Carry", "Choose the file that your colleague's desk wrote."),
    ),
    BundleFault.CUT_SHORT: (
        QT_TRANSLATE_NOOP("Carry", "The file is cut short."),
        _WRITE_ANEW,
    ),
    BundleFault.TOO_BIG: (
        QT_TRANSLATE_NOOP("Carry", "The file is larger than any bundle may be."),
        _WRITE_ANEW,
    ),
    BundleFault.DAMAGED: (
        QT_TRANSLATE_NOOP("Carry", "The file was changed or damaged."),
        _WRITE_ANEW,
    ),
    BundleFault.OTHER_RECEIVER: (
        QT_TRANSLATE_NOOP("Carry", "The file is for another server."),
        QT_TRANSLATE_NOOP("Carry", "Carry it at a desk of that server."),
    ),
    BundleFault.UNKNOWN_DEVICE: (
        QT_TRANSLATE_NOOP("Carry", "The server knows no such desk in this agency."),
        _TELL_IT,
    ),
    BundleFault.REVOKED: (
        QT_TRANSLATE_NOOP("Carry", "The desk that wrote the file was revoked."),
        _TELL_IT,
    ),
    BundleFault.OLDER: (
        QT_TRANSLATE_NOOP("Carry", "The server has a newer file of that desk."),
        QT_TRANSLATE_NOOP(
            "Carry", "It held all that is in this one. Have your colleague write another."
        ),
    ),
    BundleFault.COPIED: (
        QT_TRANSLATE_NOOP("Carry", "Two files of that desk have the same number."),
        QT_TRANSLATE_NOOP(
            "Carry",
            "It was copied, or an old disk was put back. Nothing was taken in; station IT must "
            "enrol it anew.",
        ),
    ),
    BundleFault.TOO_NEW: (
        QT_TRANSLATE_NOOP("Carry", "The file was written by a newer program."),
        _UPDATE,
    ),
    BundleFault.TOO_OLD: (
        QT_TRANSLATE_NOOP("Carry", "The program that wrote the file is too old."),
        _UPDATE,
    ),
    BundleFault.FORGED: (
        QT_TRANSLATE_NOOP("Carry", "The file was not signed by the desk that it names."),
        _TELL_IT,
    ),
    BundleFault.OTHER_TENANT: (
        QT_TRANSLATE_NOOP("Carry", "The file names another agency than its desk's."),
        _TELL_IT,
    ),
    BundleFault.OTHER_DEVICE: (
        QT_TRANSLATE_NOOP("Carry", "The file names another desk than the one that signed it."),
        _TELL_IT,
    ),
}


def _say(source: object) -> str:
    return QCoreApplication.translate("Carry", str(source))


def has_words(fault: str) -> bool:
    """Tell whether a fault has words of its own."""
    return fault in _WORDS


def carry_words(error: Exception) -> tuple[str, str] | None:
    """Return what went wrong and what to do; None for a fault that is none of a courier's."""
    if not isinstance(error, CarryError):
        return find_fault_words(error)
    known = _WORDS.get(error.fault)
    if known is not None:
        title, detail = known
        return _say(title), _say(detail).format(detail=error.data.get("detail", ""))
    if error.fault is CarryFault.BUSY:
        wait = span(int(str(error.data["wait_s"])) * 1000)
        detail = _say(
            QT_TRANSLATE_NOOP("Carry", "The file is where it was. Carry it again in {span}.")
        )
        return contact_words(Code.TOO_MANY_REQUESTS)[0], detail.format(span=wait)
    title, detail = contact_words(str(error.data.get("detail", "")))
    return title, detail if error.fault is CarryFault.REFUSED else _say(_THERE_STILL)
