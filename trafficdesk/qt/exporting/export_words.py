"""What is said of files that leave the desk: their kinds, and what became of them."""

import errno
from pathlib import Path
from typing import Final

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication

from trafficdesk.exports.table import ExportCancelledError
from trafficdesk.exports.writing import Format
from trafficdesk.qt.ages import number
from trafficdesk.services.exporting import Exported, ExportFault

_KINDS: Final = {
    Format.CSV: QT_TRANSLATE_NOOP("Export", "Comma-separated values"),
    Format.XLSX: QT_TRANSLATE_NOOP("Export", "Workbook"),
    Format.HTML: QT_TRANSLATE_NOOP("Export", "Web page"),
    Format.JSON: QT_TRANSLATE_NOOP("Export", "JSON"),
    Format.GEOJSON: QT_TRANSLATE_NOOP("Export", "GeoJSON"),
    Format.GEOPACKAGE: QT_TRANSLATE_NOOP("Export", "GeoPackage"),
    Format.KML: QT_TRANSLATE_NOOP("Export", "Keyhole Markup"),
    Format.PARQUET: QT_TRANSLATE_NOOP("Export", "Parquet"),
    Format.PDF: QT_TRANSLATE_NOOP("Export", "Paper"),
    Format.PNG: QT_TRANSLATE_NOOP("Export", "Picture"),
    Format.SVG: QT_TRANSLATE_NOOP("Export", "Drawing"),
}
_REFUSED: Final = {
    ExportFault.NOT_PERMITTED: QT_TRANSLATE_NOOP("Export", "Your role may not export this"),
    ExportFault.BY_POLICY: QT_TRANSLATE_NOOP(
        "Export", "Your agency's policy does not allow this export"
    ),
}
_FAULTS: Final = {
    (errno.ENOSPC, errno.EDQUOT, errno.EFBIG): QT_TRANSLATE_NOOP(
        "Export",
        "The file could not be written: the disk is full. Free some space, or choose another disk.",
    ),
    (errno.EACCES, errno.EPERM, errno.EROFS): QT_TRANSLATE_NOOP(
        "Export",
        "The file could not be written: its folder takes none, or it is protected or open in"
        " another program. Close it there, or choose another name or folder.",
    ),
    (errno.ENOENT, errno.ENOTDIR): QT_TRANSLATE_NOOP(
        "Export",
        "The file could not be written: its folder is not there. Choose another one.",
    ),
}


def say(source: str) -> str:
    """Return a sentence of exports, translated."""
    return QCoreApplication.translate("Export", source)


def kind_word(form: Format) -> str:
    """Return what a format is called."""
    return say(str(_KINDS[form]))


def kind_filter(form: Format) -> str:
    """Return a format as the system's dialog takes it: ``Workbook (*.xlsx)``."""
    return f"{kind_word(form)} (*.{form})"


def refusal_words(fault: ExportFault) -> str:
    """Return why nothing was taken out."""
    return say(str(_REFUSED[fault]))


def busy_words(path: Path, done: int, total: int) -> str:
    """Return how far a file is; ``total`` is 0 where it has no rows."""
    if not total:
        return say("Writing {file}").format(file=path.name)
    words = say("Writing {done} of {total}")
    return words.format(done=number(min(done, total)), total=number(total))


def done_words(path: Path, done: Exported | ExportFault) -> str:
    """Return what came of an export."""
    if isinstance(done, ExportFault):
        return refusal_words(done)
    if done.is_masked:
        words = say("Exported to {file}; plates and words about people are masked")
        return words.format(file=path.name)
    return say("Exported to {file}").format(file=path.name)


def failure_words(error: Exception) -> str:
    """Return what is said of an export that failed; raises what is no matter of files."""
    if isinstance(error, ExportCancelledError):
        return say("Export stopped; nothing was written")
    if not isinstance(error, OSError):
        raise error
    for numbers, words in _FAULTS.items():
        if error.errno in numbers:
            return say(str(words))
    told = say("The file could not be written: {reason}. Choose another folder.")
    return told.format(reason=error.strerror or str(error))
