"""What the officer is reading: noted as seen after a while, and the next reports read ahead."""

from typing import Final

from PySide6.QtCore import QObject

from trafficdesk.qt.later import later
from trafficdesk.qt.review.detail_source import DetailSource
from trafficdesk.qt.review.queue_column import QueueColumn
from trafficdesk.qt.tasks import Lane, Lanes
from trafficdesk.services import board
from trafficdesk.services.session import Session

_SEEN_AFTER_MS: Final = 700
_READ_ON_AFTER_MS: Final = 40
_AHEAD: Final = 2


class Reading(QObject):
    """Follows the current report of a queue."""

    def __init__(
        self, session: Session, lanes: Lanes, column: QueueColumn, source: DetailSource
    ) -> None:
        super().__init__(column)
        self._session = session
        self._lanes = lanes
        self._column = column
        self._source = source
        self._pk = 0
        self._seen = later(self, _SEEN_AFTER_MS, self._mark_seen)
        self._on = later(self, _READ_ON_AFTER_MS, self._read_on)

    def follow(self, pk: int) -> None:
        """Begin to read a report; what only confirms what is shown waits until it is painted."""
        self._pk = pk
        self._on.start()
        self._seen.start()

    def stop(self) -> None:
        """Read nothing."""
        self._on.stop()
        self._seen.stop()

    def prefetch(self) -> None:
        """Read the reports around the current one, with their first photos."""
        place, model = self._column.list.place, self._column.model
        near = [model.row(place + by) for by in (*range(1, _AHEAD + 1), -1)]
        self._source.prefetch([row.pk for row in near if row is not None])

    def _read_on(self) -> None:
        self._source.ask(self._pk)
        self.prefetch()

    def _mark_seen(self) -> None:
        row = self._column.list.current_row()
        if row is None:
            return
        session = self._session
        self._lanes.owned_by(self).run(
            Lane.WRITER,
            lambda: board.mark_seen(session, row.pk, row.revision),
            lambda _none: self._column.model.mark_read(row.pk),
        )
