"""Why a file of this desk's own was not written or taken in, as sentences that say what to do."""

from typing import Final

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication

from trafficdesk.qt.fault_words import find_fault_words
from trafficdesk.qt.sync.words import contact_words
from trafficdesk.sync.errors import LineError
from trafficdesk.wire.bundles import BundleError, BundleFault

_NOTHING_TAKEN: Final = QT_TRANSLATE_NOOP("OwnFile", "Nothing of it was taken in. Copy it again.")
_TELL_IT: Final = QT_TRANSLATE_NOOP("OwnFile", "Nothing of it was taken in. Tell station IT.")
_CHOOSE: Final = QT_TRANSLATE_NOOP("OwnFile", "Choose the file that the server wrote.")
_WRITE_ANOTHER: Final = QT_TRANSLATE_NOOP(
    "OwnFile", "Nothing was changed. Write what waits into a new file."
)
_WORDS: Final[dict[str, tuple[object, object]]] = {
    BundleFault.NOT_A_BUNDLE: (QT_TRANSLATE_NOOP("OwnFile", "This file is no bundle."), _CHOOSE),
    BundleFault.WRONG_KIND: (
        QT_TRANSLATE_NOOP("OwnFile", "This bundle goes the other way."),
        _CHOOSE,
    ),
    BundleFault.TOO_NEW: (
        QT_TRANSLATE_NOOP("OwnFile", "The file was written by a newer program."),
        QT_TRANSLATE_NOOP("OwnFile", "Station IT must update this desk."),
    ),
    BundleFault.CUT_SHORT: (
        QT_TRANSLATE_NOOP("OwnFile", "The file is cut short."),
        _NOTHING_TAKEN,
    ),
    BundleFault.TOO_BIG: (
        QT_TRANSLATE_NOOP("OwnFile", "The file is larger than any bundle may be."),
        _TELL_IT,
    ),
    BundleFault.DAMAGED: (
        QT_TRANSLATE_NOOP("OwnFile", "The file was changed or damaged."),
        _NOTHING_TAKEN,
    ),
    BundleFault.FORGED: (
        QT_TRANSLATE_NOOP("OwnFile", "The file was not written by this desk's server."),
        _TELL_IT,
    ),
    BundleFault.OTHER_RECEIVER: (
        QT_TRANSLATE_NOOP("OwnFile", "The answer is for another desk, or too old."),
        _WRITE_ANOTHER,
    ),
    BundleFault.OTHER_TENANT: (
        QT_TRANSLATE_NOOP("OwnFile", "The answer belongs to another agency."),
        _TELL_IT,
    ),
    BundleFault.OTHER_DEVICE: (
        QT_TRANSLATE_NOOP("OwnFile", "The answer is for another desk."),
        _TELL_IT,
    ),
    BundleFault.REPLAYED: (
        QT_TRANSLATE_NOOP("OwnFile", "This answer was taken in before."),
        QT_TRANSLATE_NOOP("OwnFile", "Nothing was changed."),
    ),
    BundleFault.OLDER: (
        QT_TRANSLATE_NOOP("OwnFile", "This desk has heard newer things from the server."),
        _WRITE_ANOTHER,
    ),
    BundleFault.NO_SERVER_KEY: (
        QT_TRANSLATE_NOOP("OwnFile", "The server gave this desk no key for files."),
        QT_TRANSLATE_NOOP("OwnFile", "Station IT must enrol it anew. All work is safe here."),
    ),
    BundleFault.NOT_ENROLLED: (
        QT_TRANSLATE_NOOP("OwnFile", "This desk has no server."),
        QT_TRANSLATE_NOOP("OwnFile", "Station IT can join it to one. All work is safe here."),
    ),
}


def _say(source: object) -> str:
    return QCoreApplication.translate("OwnFile", str(source))


def own_file_words(error: Exception) -> tuple[str, str] | None:
    """Return what went wrong and what to do; None for a fault that nobody foresaw."""
    if isinstance(error, BundleError) and error.fault in _WORDS:
        title, detail = _WORDS[error.fault]
        return _say(title), _say(detail)
    if isinstance(error, LineError):
        return contact_words(str(error.fault))
    if isinstance(error, OSError):
        title = _say(QT_TRANSLATE_NOOP("OwnFile", "The file cannot be read or written."))
        advice = _say(QT_TRANSLATE_NOOP("OwnFile", "All work is safe here. {detail}."))
        return title, advice.format(detail=error.strerror or type(error).__name__)
    return find_fault_words(error)
