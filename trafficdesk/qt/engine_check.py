"""What needs Qt to be tried on this machine, apart from the rest: a page, the fonts, a chart."""

from PySide6.QtCore import QEvent, QEventLoop, QTimer
from PySide6.QtGui import QColor, QGuiApplication, QPen, QRawFont
from PySide6.QtWebEngineWidgets import QWebEngineView
from PySide6.QtWidgets import QApplication, QWidget

from trafficdesk.qt.analytics.plotting import Plot
from trafficdesk.shipped import shipped

TIMEOUT_MS = 45_000
_LOOK_EVERY_MS = 100
_SIDE_PX = 64
_PAINTED = "#2e7d32"
# The script colours the page: only one that has run leaves this colour.
_PAGE = f"""<!doctype html><title>probe</title><body></body>
<script>document.body.style.background = "{_PAINTED}"; document.title = String(6 * 7)</script>"""
# Letters, vowel signs and the signs that join them.
_WORDS = {
    "Inter-Regular.ttf": "Traffic 0123456789 ₹",
    "NotoSansTamil-Regular.ttf": "போக்குவரத்துக் காவல்",
    "NotoSansDevanagari-Regular.ttf": "यातायात पुलिस क्षत्रिय",
}


def engine_works() -> bool:
    """Tell whether a page's script runs and the page is painted; makes the one application."""
    application = QApplication(["trafficdesk"])
    loop = QEventLoop()
    view = QWebEngineView()
    view.resize(_SIDE_PX, _SIDE_PX)
    view.setHtml(_PAGE)
    view.show()
    looking = QTimer(interval=_LOOK_EVERY_MS)
    looking.timeout.connect(lambda: loop.quit() if _is_painted(view) else None)
    looking.start()
    QTimer.singleShot(TIMEOUT_MS, loop.quit)
    loop.exec()
    looking.stop()
    worked = view.title() == "42" and _is_painted(view)
    # The page goes before its profile, or the engine complains and crashes at the end.
    view.deleteLater()
    application.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    return worked


def _is_painted(view: QWebEngineView) -> bool:
    colour = view.grab().toImage().pixelColor(_SIDE_PX // 2, _SIDE_PX // 2)
    return colour.name() == _PAINTED


def missing_letters() -> dict[str, str]:
    """Return, by font, the letters of a few words in its script that it cannot show."""
    application = QGuiApplication.instance() or QGuiApplication(["trafficdesk"])
    found = {}
    for name, words in _WORDS.items():
        font = QRawFont(str(shipped("vendor", "fonts", name)), 16.0)
        lacking = {
            letter
            for letter in words
            if not letter.isspace() and not (font.isValid() and font.supportsCharacter(ord(letter)))
        }
        if lacking:
            found[name] = "".join(sorted(lacking))
    application.processEvents()
    return found


def chart_is_drawn() -> bool:
    """Tell whether the chart library is there and paints a line."""
    application = QApplication.instance() or QApplication(["trafficdesk"])
    parent = QWidget()
    plot = Plot(parent)
    plot.add_axes()
    plot.set_line("probe", [(0.0, 0.0), (1.0, 1.0)], QPen(QColor(_PAINTED), 3))
    plot.view.resize(_SIDE_PX * 4, _SIDE_PX * 4)
    picture = plot.view.grab().toImage()
    across = range(picture.width())
    painted = {picture.pixelColor(x, picture.height() // 2).name() for x in across}
    application.processEvents()
    return _PAINTED in painted
