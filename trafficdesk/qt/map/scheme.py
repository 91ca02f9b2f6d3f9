"""The page's own address scheme: answered off the GUI thread, and no way out to any other."""

from functools import cache, partial
from typing import Final

import shiboken6
from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QObject, QUrl, Signal
from PySide6.QtWebEngineCore import (
    QWebEngineUrlRequestInfo,
    QWebEngineUrlRequestInterceptor,
    QWebEngineUrlRequestJob,
    QWebEngineUrlScheme,
    QWebEngineUrlSchemeHandler,
)

from trafficdesk.maps.answers import NOT_FOUND, OK, Answer, MapAnswers
from trafficdesk.qt.tasks import Lane, Lanes

SCHEME: Final = b"desk"
HOST: Final = "map"
_WITHIN: Final = frozenset({"data", "blob"})  # made by the page itself, never fetched
_KEPT: Final = 50


@cache
def register_scheme() -> None:
    """Make ``desk:`` known; once, before the first page is made."""
    scheme = QWebEngineUrlScheme(SCHEME)
    scheme.setSyntax(QWebEngineUrlScheme.Syntax.Host)
    flag = QWebEngineUrlScheme.Flag
    scheme.setFlags(flag.SecureScheme | flag.CorsEnabled | flag.FetchApiAllowed)
    QWebEngineUrlScheme.registerScheme(scheme)


def is_own(url: QUrl) -> bool:
    """Tell whether an address is the page's own."""
    return url.scheme() == SCHEME.decode() and url.host() == HOST


class RequestGuard(QWebEngineUrlRequestInterceptor):
    """Blocks and counts whatever is not asked of this desk itself."""

    blocked = Signal(str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.count = 0
        self.origins: list[str] = []

    def interceptRequest(self, info: QWebEngineUrlRequestInfo) -> None:
        url = info.requestUrl()
        if not is_own(url) and url.scheme() not in _WITHIN:
            info.block(True)
            self.note(url)

    def note(self, url: QUrl) -> None:
        """Count an attempt; only its origin is kept, for the page may have put data behind it."""
        origin = f"{url.scheme()}://{url.host()}"
        self.count += 1
        self.origins = [*self.origins, origin][-_KEPT:]
        self.blocked.emit(origin)


class SchemeHandler(QWebEngineUrlSchemeHandler):
    """Hands each request to a lane and its answer back to the engine.

    ``failed`` carries the exception of an answer that could not be given.
    """

    failed = Signal(object)

    def __init__(self, answers: MapAnswers, lanes: Lanes, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._answers = answers
        self._lanes = lanes.owned_by(self)
        self.asked = 0

    def requestStarted(self, job: QWebEngineUrlRequestJob) -> None:
        self.asked += 1
        address = job.requestUrl().toString(QUrl.ComponentFormattingOption.FullyEncoded)
        # Reports wait for the store, tiles for the disk: neither holds up the other.
        lane = Lane.READER if job.requestUrl().path().startswith("/layer/") else Lane.IO
        self._lanes.run(
            lane,
            partial(self._answers.answer, address),
            partial(self._reply, job),
            partial(self._fail, job),
        )

    def _reply(self, job: QWebEngineUrlRequestJob, answer: Answer) -> None:
        if not shiboken6.isValid(job):  # the page has moved on
            return
        if answer.status != OK:
            error = QWebEngineUrlRequestJob.Error
            job.fail(error.UrlNotFound if answer.status == NOT_FOUND else error.RequestFailed)
            return
        body = QBuffer(job)
        body.setData(QByteArray(answer.body))
        body.open(QIODevice.OpenModeFlag.ReadOnly)
        job.reply(QByteArray(answer.mime.encode()), body)

    def _fail(self, job: QWebEngineUrlRequestJob, fault: Exception) -> None:
        if shiboken6.isValid(job):
            job.fail(QWebEngineUrlRequestJob.Error.RequestFailed)
        self.failed.emit(fault)
