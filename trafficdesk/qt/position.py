"""The system's own location service as a source of positions: that of Windows or macOS.

Not GeoClue, which Qt would take on Linux: it guesses by asking a server of others which radios are
near, and where it is missing Qt does not say so. There a receiver is heard by gpsd or a port.
"""

from collections.abc import Generator, Mapping
from queue import Empty, SimpleQueue
from typing import Final

from PySide6.QtCore import QCoreApplication, QLocationPermission, QObject, Qt, Signal, Slot
from PySide6.QtPositioning import QGeoPositionInfo, QGeoPositionInfoSource

from trafficdesk.domain.records import Place
from trafficdesk.domain.times import from_ms
from trafficdesk.position import receiving
from trafficdesk.position.fix import Extras, Fix, SourceKind, is_of_our_time, sound_fix
from trafficdesk.position.receiving import POLL_S, Heard
from trafficdesk.position.status import PositionFault, SourceError

_EVERY_MS: Final = 1000
_SERVICES: Final = ("winrt", "corelocation")
_Error = QGeoPositionInfoSource.Error
_Attribute = QGeoPositionInfo.Attribute


class QtReceiver(QObject):
    """Listened to on the watch's thread; the service itself lives where this was made.

    Leave to ask for the position is looked at and never asked for: station IT gives it. The watch
    is to be stopped before this is deleted. ``plugin`` names one of Qt's; '' is the system's.
    """

    _wanted = Signal(bool)

    def __init__(
        self,
        parent: QObject | None = None,
        plugin: str = "",
        parameters: Mapping[str, object] | None = None,
    ) -> None:
        super().__init__(parent)
        self._plugin = plugin
        self._parameters = dict(parameters or {})
        self._source: QGeoPositionInfoSource | None = None
        self._heard: SimpleQueue[Heard | SourceError] = SimpleQueue()
        self._wanted.connect(self._turn, Qt.ConnectionType.QueuedConnection)

    def listen(self) -> Generator[Heard, None, None]:
        """Have the service started and yield what it tells.

        It is never called silent: at rest some services have nothing to tell.
        """
        while not self._heard.empty():
            self._heard.get()
        self._wanted.emit(True)
        try:
            while True:
                try:
                    heard = self._heard.get(timeout=POLL_S)
                except Empty:
                    heard = receiving.Signal()
                if isinstance(heard, SourceError):
                    raise heard
                yield heard
        finally:
            self._wanted.emit(False)

    @Slot(bool)
    def _turn(self, wanted: bool) -> None:
        if self._source is not None:
            self._source.stopUpdates()
            self._source.deleteLater()
            self._source = None
        if not wanted:
            return
        if not _is_allowed():
            self._heard.put(SourceError(PositionFault.LOCATION_FORBIDDEN))
            return
        source = self._make()
        if source is None:
            detail = "none was found"
            self._heard.put(SourceError(PositionFault.NO_LOCATION_SERVICE, detail=detail))
            return
        self._source = source
        source.positionUpdated.connect(self._take)
        source.errorOccurred.connect(self._fail)
        source.setUpdateInterval(_EVERY_MS)
        source.startUpdates()

    def _make(self) -> QGeoPositionInfoSource | None:
        known = QGeoPositionInfoSource.availableSources()
        for plugin in (self._plugin,) if self._plugin else _SERVICES:
            if plugin in known:
                return QGeoPositionInfoSource.createSource(plugin, self._parameters, self)
        return None

    @Slot(QGeoPositionInfo)
    def _take(self, info: QGeoPositionInfo) -> None:
        self._heard.put(fix_of(info) or receiving.Signal())

    @Slot(QGeoPositionInfoSource.Error)
    def _fail(self, error: QGeoPositionInfoSource.Error) -> None:
        if error in {_Error.UpdateTimeoutError, _Error.NoError}:
            return
        fault = PositionFault.NO_LOCATION_SERVICE
        if error is _Error.AccessError:
            fault = PositionFault.LOCATION_FORBIDDEN
        self._heard.put(SourceError(fault, detail=error.name))


def fix_of(info: QGeoPositionInfo) -> Fix | None:
    """Return what the service told as a fix; None if it is none."""
    if not info.isValid():
        return None
    at = from_ms(info.timestamp().toMSecsSinceEpoch())
    if not is_of_our_time(at):
        return None
    place = Place(info.coordinate().longitude(), info.coordinate().latitude())
    extras = Extras(
        _told(info, _Attribute.HorizontalAccuracy),
        _told(info, _Attribute.GroundSpeed),
        _told(info, _Attribute.Direction),
    )
    return sound_fix(place, at, SourceKind.QT, extras)


def _told(info: QGeoPositionInfo, attribute: QGeoPositionInfo.Attribute) -> float | None:
    return info.attribute(attribute) if info.hasAttribute(attribute) else None


def _is_allowed() -> bool:
    app = QCoreApplication.instance()
    permission = QLocationPermission()
    permission.setAccuracy(QLocationPermission.Accuracy.Precise)
    granted = Qt.PermissionStatus.Granted
    return app is not None and app.checkPermission(permission) == granted
