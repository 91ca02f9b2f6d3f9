"""The page in its widget: made late, fed by calls, taken down before its profile."""

from functools import partial
from typing import Final

import shiboken6
from PySide6.QtCore import QFile, QIODevice, Qt, QUrl, Signal
from PySide6.QtGui import QColor
from PySide6.QtWebChannel import QWebChannel
from PySide6.QtWebEngineCore import (
    QWebEngineDownloadRequest,
    QWebEnginePage,
    QWebEngineProfile,
    QWebEngineSettings,
)
from PySide6.QtWebEngineWidgets import QWebEngineView
from PySide6.QtWidgets import QVBoxLayout, QWidget

from trafficdesk.maps.answers import MapAnswers
from trafficdesk.maps.page import ORIGIN, call
from trafficdesk.qt.map.channel import PageChannel
from trafficdesk.qt.map.scheme import SCHEME, RequestGuard, SchemeHandler, is_own, register_scheme
from trafficdesk.qt.tasks import Lanes
from trafficdesk.qt.theme.palette import colour

_CHANNEL_SCRIPT: Final = ":/qtwebchannel/qwebchannel.js"
_OFF: Final = (
    QWebEngineSettings.WebAttribute.LocalStorageEnabled,
    QWebEngineSettings.WebAttribute.LocalContentCanAccessRemoteUrls,
    QWebEngineSettings.WebAttribute.LocalContentCanAccessFileUrls,
    QWebEngineSettings.WebAttribute.JavascriptCanOpenWindows,
    QWebEngineSettings.WebAttribute.JavascriptCanAccessClipboard,
    QWebEngineSettings.WebAttribute.PluginsEnabled,
    QWebEngineSettings.WebAttribute.ErrorPageEnabled,
    QWebEngineSettings.WebAttribute.AutoLoadIconsForPage,
    QWebEngineSettings.WebAttribute.DnsPrefetchEnabled,
    QWebEngineSettings.WebAttribute.NavigateOnDropEnabled,
    QWebEngineSettings.WebAttribute.PdfViewerEnabled,
)


def start_engine() -> None:
    """Start what every page needs: one call of 70 ms, so it is not to be beside others."""
    register_scheme()
    shiboken6.delete(QWebEngineProfile())


def load_channel_script() -> bytes:
    """Return Qt's qwebchannel.js, which a page of its own scheme cannot get from ``qrc:``."""
    file = QFile(_CHANNEL_SCRIPT)
    if not file.open(QIODevice.OpenModeFlag.ReadOnly):
        raise FileNotFoundError(_CHANNEL_SCRIPT)
    script = file.readAll().data()
    file.close()
    return bytes(script)


class _Page(QWebEnginePage):
    """A page that goes nowhere else and says nothing on the console but errors."""

    complained = Signal(str)
    strayed = Signal(object)

    def acceptNavigationRequest(
        self, url: QUrl | str, kind: QWebEnginePage.NavigationType, is_main_frame: bool
    ) -> bool:
        address = QUrl(url)
        if is_own(address):
            return True
        self.strayed.emit(address)
        return False

    def createWindow(self, kind: QWebEnginePage.WebWindowType) -> QWebEnginePage | None:  # type: ignore[override]  # None is Qt's way to refuse a window
        return None

    def javaScriptConsoleMessage(
        self,
        level: QWebEnginePage.JavaScriptConsoleMessageLevel,
        message: str,
        line: int,
        source: str,
    ) -> None:
        if level is QWebEnginePage.JavaScriptConsoleMessageLevel.ErrorMessageLevel:
            self.complained.emit(f"{source}:{line}: {message}")


class MapView(QWidget):
    """The embedded map. Calls made before the page is ready wait for it.

    ``channel`` tells what the page says, ``guard`` counts what it was not let do, and
    ``complained`` carries a script error of the page, ``failed`` an answer that went wrong.
    ``died`` is emitted when the engine's process is gone.
    """

    ready = Signal()
    complained = Signal(str)
    failed = Signal(object)
    died = Signal()

    def __init__(self, answers: MapAnswers, lanes: Lanes) -> None:
        super().__init__()
        register_scheme()
        self.channel = PageChannel(self)
        self.channel.page_ready.connect(self._begin)
        self._waiting: list[str] = []
        self.is_ready = False
        self._profile = QWebEngineProfile()  # without a name it keeps nothing on disk
        self.guard = RequestGuard(self._profile)
        self.handler = SchemeHandler(answers, lanes, self._profile)
        self.handler.failed.connect(self.failed)
        self._profile.setUrlRequestInterceptor(self.guard)
        self._profile.installUrlSchemeHandler(SCHEME, self.handler)
        self._profile.downloadRequested.connect(_refuse_download)
        self.channel.request_blocked.connect(lambda address: self.guard.note(QUrl(address)))
        self._page = self._make_page()
        self._web = QWebEngineView(self)
        self._web.setPage(self._page)
        self._web.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)
        self._web.setAccessibleName(self.tr("Map"))
        self.setFocusProxy(self._web)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._web)
        self._page.load(QUrl(ORIGIN))
        # A window that is simply deleted must take its page down before its profile as well.
        self.destroyed.connect(partial(_delete_in_order, self._page, self._profile))

    def _make_page(self) -> _Page:
        page = _Page(self._profile)
        for attribute in _OFF:
            page.settings().setAttribute(attribute, False)
        page.setBackgroundColor(QColor(colour("map_land")))
        page.strayed.connect(self.guard.note)
        page.complained.connect(self.complained)
        page.renderProcessTerminated.connect(lambda *_how: self.died.emit())
        bridge = QWebChannel(page)
        bridge.registerObject("desk", self.channel)
        page.setWebChannel(bridge)
        return page

    @property
    def page(self) -> QWebEnginePage:
        """The page itself, for tests and grabbing."""
        return self._page

    def web_widget(self) -> QWidget:
        """Return the widget that gets the mouse and the keys."""
        return self._web.focusProxy() or self._web

    def run(self, function: str, *arguments: object) -> None:
        """Call a function of the page; its arguments travel as JSON."""
        script = call(function, *arguments)
        if not shiboken6.isValid(self._page):
            return
        if self.is_ready:
            self._page.runJavaScript(script)
        else:
            self._waiting.append(script)

    def _begin(self) -> None:
        self.is_ready = True
        for script in self._waiting:
            self._page.runJavaScript(script)
        self._waiting.clear()
        self.ready.emit()

    def restart(self) -> None:
        """Load the page anew after its process has died; what was told it is to be told again."""
        self.is_ready = False
        self._waiting.clear()
        self._page.load(QUrl(ORIGIN))

    def tear_down(self) -> None:
        """Take the page down: first the page, then its profile. Nothing of it stays."""
        if not shiboken6.isValid(self._page):
            return
        self.is_ready = False
        self._waiting.clear()
        self._web.hide()
        _delete_in_order(self._page, self._profile)


def _delete_in_order(page: QWebEnginePage, profile: QWebEngineProfile, *_gone: object) -> None:
    for each in (page, profile):
        if shiboken6.isValid(each):
            shiboken6.delete(each)


def _refuse_download(download: QWebEngineDownloadRequest) -> None:
    download.cancel()
