"""Papers without a window: what the command line needs of Qt to set them."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from zoneinfo import ZoneInfo

from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QGuiApplication

from trafficdesk.qt.dispatch_papers.handover_document import handover_paper
from trafficdesk.qt.dispatch_papers.paper import pdf_of
from trafficdesk.qt.plurals import load_plurals
from trafficdesk.qt.theme.fonts import load_fonts
from trafficdesk.services.shift_log import ShiftLog


def print_handover(log: ShiftLog, note: str = "") -> bytes:
    """Return the hand-over sheet of a shift as a PDF, in the clock of its city."""
    with typesetting():
        return pdf_of(handover_paper(log, ZoneInfo(log.zone_name), note))


@contextmanager
def typesetting() -> Iterator[None]:
    """Have fonts and words at hand; without a window there is no display to be asked for."""
    made = None
    if QCoreApplication.instance() is None:
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
        made = QGuiApplication([])
    load_fonts()
    words = load_plurals()
    QCoreApplication.installTranslator(words)
    yield
    QCoreApplication.removeTranslator(words)
    del made
