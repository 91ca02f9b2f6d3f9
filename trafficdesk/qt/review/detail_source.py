"""Reports in full, read off the GUI thread; the next ones are read before they are asked for."""

from collections import OrderedDict
from functools import partial
from typing import Final

from PySide6.QtCore import QObject, Signal
from sqlalchemy.exc import NoResultFound

from trafficdesk.qt.review.photos import Photos
from trafficdesk.qt.tasks import Lane, Lanes
from trafficdesk.services import board
from trafficdesk.services.board import ReportDetail
from trafficdesk.services.session import Session

_KEPT: Final = 24


class DetailSource(QObject):
    """``loaded`` carries a ``ReportDetail`` that was asked for; ``gone`` the pk of a lost one."""

    loaded = Signal(object)
    gone = Signal(int)

    def __init__(
        self, session: Session, lanes: Lanes, photos: Photos, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._session = session
        self._lanes = lanes
        self._photos = photos
        self._kept: OrderedDict[int, ReportDetail] = OrderedDict()
        self._coming: set[int] = set()
        self._wanted = 0

    def find(self, pk: int) -> ReportDetail | None:
        """Return a report that was read before; it may have changed since."""
        return self._kept.get(pk)

    def ask(self, pk: int) -> None:
        """Read a report and hand it out by ``loaded``."""
        self._wanted = pk
        session = self._session
        self._lanes.owned_by(self).run(
            Lane.READER,
            lambda: find_detail(session, pk),
            lambda detail: self._take(pk, detail),
            key="detail",
        )

    def prefetch(self, pks: list[int]) -> None:
        """Read reports that will probably be asked for, with their first photo."""
        session = self._session
        for pk in pks:
            if pk in self._kept or pk in self._coming:
                continue
            self._coming.add(pk)
            self._lanes.owned_by(self).run(
                Lane.READER, partial(find_detail, session, pk), partial(self._keep, pk)
            )

    def forget(self, pks: frozenset[int]) -> None:
        """Drop what has changed."""
        for pk in pks:
            self._kept.pop(pk, None)

    def _take(self, pk: int, detail: ReportDetail | None) -> None:
        if detail is None:
            self.gone.emit(pk)
            return
        self._keep(pk, detail)
        if pk == self._wanted:
            self.loaded.emit(detail)

    def _keep(self, pk: int, detail: ReportDetail | None) -> None:
        self._coming.discard(pk)
        if detail is None:
            return
        self._kept[pk] = detail
        self._kept.move_to_end(pk)
        while len(self._kept) > _KEPT:
            self._kept.popitem(last=False)
        for media in detail.media[:1]:
            self._photos.ask(media, lambda _photo: None)


def find_detail(session: Session, pk: int) -> ReportDetail | None:
    """Return a report in full, or None when this desk has it no more."""
    try:
        return board.get_detail(session, pk)
    except NoResultFound:
        return None
