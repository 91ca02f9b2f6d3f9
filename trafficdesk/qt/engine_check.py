"""A web page run once without a window, to see whether the engine works on this machine."""

from PySide6.QtCore import QEventLoop, QTimer
from PySide6.QtWebEngineCore import QWebEnginePage, QWebEngineProfile
from PySide6.QtWidgets import QApplication

TIMEOUT_MS = 45_000
_PAGE = "<!doctype html><title>probe</title><script>document.title = String(6 * 7)</script>"


def engine_works() -> bool:
    """Tell whether a page loads and its script runs; makes the process's one application."""
    application = QApplication(["trafficdesk"])
    loop = QEventLoop()
    profile = QWebEngineProfile()
    page = QWebEnginePage(profile)
    page.loadFinished.connect(lambda _ok: loop.quit())
    QTimer.singleShot(TIMEOUT_MS, loop.quit)
    page.setHtml(_PAGE)
    loop.exec()
    worked = page.title() == "42"
    # The page goes before its profile, or the engine complains and crashes at the end.
    page.deleteLater()
    application.processEvents()
    del page
    return worked
