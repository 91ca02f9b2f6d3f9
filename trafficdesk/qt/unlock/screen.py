"""The unlock screen: who is at the desk, and the row below that lets them in."""

from datetime import datetime
from uuid import UUID

from PySide6.QtCore import QCoreApplication, QEvent, QObject, QTimer, Signal
from PySide6.QtGui import QHideEvent, QPainter, QPaintEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from trafficdesk import __version__
from trafficdesk.domain.times import utc_now
from trafficdesk.qt.theme.palette import colour, px, text_percent
from trafficdesk.qt.unlock.header import UnlockHeader
from trafficdesk.qt.unlock.new_password_row import NewPasswordRow
from trafficdesk.qt.unlock.rows import LockedRow, PasswordRow, clock_words
from trafficdesk.qt.unlock.state import UnlockState
from trafficdesk.qt.unlock.tiles import COLUMNS, OfficerTiles
from trafficdesk.qt.widgets.labels import Hairline, IconLabel, Label
from trafficdesk.qt.widgets.messages import InlineMessage
from trafficdesk.qt.widgets.painting import Painted
from trafficdesk.qt.widgets.panels import ScrollPanel, StackedPage
from trafficdesk.security.key_slots import Holder

WIDE_PX = 1600
ROW_PX = 100
HELP_ROW_PX = 232
LEAST_TILE_PX = 60


class UnlockFooter(Painted):
    """What the desk says of itself while nobody is signed in."""

    def __init__(self, lock_minutes: int) -> None:
        super().__init__()
        minutes = QCoreApplication.translate(
            "UnlockFooter", "Locks after %n minutes without a key", "", lock_minutes
        )
        version = self.tr("Version {version}").format(version=__version__)
        self._row = QHBoxLayout(self)
        self._row.setSpacing(8)
        self._row.addWidget(IconLabel("shield-check", 16))
        self._row.addWidget(
            Label(self.tr("Everything is kept encrypted on this desk"), 12, 500, "text2")
        )
        self._row.addStretch(1)
        self._row.addWidget(Label(minutes, 12, 400, "text2"))
        self._row.addSpacing(12)
        self._row.addWidget(Label(version, 12, 400, "text2"))
        self.restyle()

    def restyle(self) -> None:
        """Take the sizes from the look that holds now."""
        self._row.setContentsMargins(px(24), 0, px(24), 0)
        self.setFixedHeight(px(52))
        super().restyle()

    def paintEvent(self, event: QPaintEvent) -> None:
        QPainter(self).fillRect(0, 0, self.width(), 1, colour("line"))


class UnlockScreen(Painted):
    """Shows the officers and one row below them; ``UnlockFlow`` decides which.

    ``officer_chosen`` carries the ``Holder``; ``lock_ended`` when a lock-out has run down.
    """

    officer_chosen = Signal(object)
    lock_ended = Signal()

    def __init__(self, state: UnlockState, lock_minutes: int) -> None:
        super().__init__()
        self._locks = dict(state.locks)
        self._keyrings = state.keyrings
        self._header = UnlockHeader()
        self._question = Label(self.tr("Who is at the desk?"), 22, 600)
        self.tiles = OfficerTiles(state.holders)
        self._scroll = ScrollPanel(self.tiles, "bg")
        self.message = InlineMessage()
        self.password = PasswordRow()
        self.locked = LockedRow()
        self.supervisor = NewPasswordRow(
            self.tr("Password of the supervisor"), self.tr("Set new password")
        )
        self.recovery = NewPasswordRow(self.tr("Recovery code"), self.tr("Set new password"))
        self.recovery.set_proof_shown(True)
        self.own = NewPasswordRow(self.tr("Password"), self.tr("Keep and go on"))
        self.own.leave_proof_out()
        self._rows = StackedPage()
        self._column = QWidget()
        self._note: QWidget | None = None
        self._lay_out(UnlockFooter(lock_minutes))
        self.tiles.chosen.connect(self.officer_chosen)
        self._clock = QTimer(self)
        self._clock.setInterval(1000)
        self._clock.timeout.connect(self._tick)
        self._tell_locks()

    def _lay_out(self, footer: QWidget) -> None:
        column = QVBoxLayout(self._column)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(px(16))
        column.addWidget(self._header)
        column.addSpacing(px(12))
        column.addWidget(self._question)
        column.addWidget(self._scroll)
        column.addWidget(Hairline())
        column.addWidget(self.message)
        for row in (self.password, self.locked, self.supervisor, self.recovery, self.own):
            self._rows.addWidget(row)
        column.addWidget(self._rows)
        middle = QHBoxLayout()
        middle.setContentsMargins(px(24), px(20), px(24), px(12))
        middle.addStretch(1)
        middle.addWidget(self._column)
        middle.addStretch(1)
        self._outer = outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        outer.addStretch(1)
        outer.addLayout(middle)
        outer.addStretch(1)
        outer.addWidget(footer)
        self._fit()

    def put_above(self, note: QWidget) -> None:
        """Let something stand across the top, which may come and go."""
        self._note = note
        self._outer.insertWidget(0, note)
        note.installEventFilter(self)
        self._fit()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in {QEvent.Type.Show, QEvent.Type.Hide}:
            self._fit()
        return super().eventFilter(watched, event)

    def restyle(self) -> None:
        """Take the sizes from the look that holds now."""
        self._fit()
        super().restyle()

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._fit()
        super().resizeEvent(event)

    def _fit(self) -> None:
        is_wide = self.width() >= WIDE_PX
        width = min(px(1040 if is_wide else 840), max(px(480), self.width() - px(48)))
        self._column.setFixedWidth(width)
        is_helping = isinstance(self._rows.currentWidget(), NewPasswordRow)
        row_px = px(HELP_ROW_PX if is_helping else ROW_PX)
        self._rows.setFixedHeight(row_px)
        # Header, question, the row below, gaps and footer stay in sight; the tiles give way.
        room = self.height() - px(52 + 48 + 12 + 5 * 16 + 36) - row_px
        if self._note is not None and not self._note.isHidden():
            room -= self._note.height()
        rows = max(1, -(-len(self.tiles.tiles()) // COLUMNS))
        gaps = (rows - 1) * 12
        needed = rows * px(LEAST_TILE_PX) + gaps
        # Where the tiles need its place, the question is left out: they ask the same.
        asks = needed + px(30 + 16) <= room
        room -= px(30 + 16) if asks else 0
        fitting = int((room - gaps) / rows * 100 / text_percent())
        tile_px = max(LEAST_TILE_PX, min(104 if is_wide else 84, fitting))
        self.tiles.set_height(tile_px)
        self._scroll.setFixedHeight(max(px(LEAST_TILE_PX), min(rows * px(tile_px) + gaps, room)))
        # Whoever sets a new password has chosen the officer: where room is short, only that shows.
        is_short = is_helping and room < px(LEAST_TILE_PX) + 12
        self._scroll.setVisible(not is_short)
        self._question.setVisible(asks and not is_short)

    def show_password(self, holder: Holder, demo_password: str) -> None:
        """Ask for an officer's password."""
        self.message.clear()
        self.tiles.mark(holder.officer_id)
        has_keyring = holder.officer_id in self._keyrings
        self.password.ask(holder, demo_password, has_keyring=has_keyring)
        self._rows.show_page(self.password)
        self._fit()
        self.password.field.setFocus()

    def show_lock(self, holder: Holder, until: datetime) -> None:
        """Show an officer's lock-out in place of the password."""
        self.message.clear()
        self._locks[holder.officer_id] = until
        self.tiles.mark(holder.officer_id)
        self.locked.tell(holder, until)
        self._rows.show_page(self.locked)
        self._fit()
        self._tell_locks()

    def note_lock(self, officer_id: UUID, until: datetime) -> None:
        """Show at their tile that an officer is locked out."""
        self._locks[officer_id] = until
        self._tell_locks()

    def show_row(self, row: NewPasswordRow) -> None:
        """Show one of the ways to another password."""
        self.message.clear()
        self._rows.show_page(row)
        self._fit()
        row.setFocus()

    def row(self) -> QWidget | None:
        """Return the row that stands below the tiles."""
        return self._rows.currentWidget()

    def find_lock(self, officer_id: UUID) -> datetime | None:
        """Return until when an officer is locked out, as far as the screen knows."""
        until = self._locks.get(officer_id)
        return until if until is not None and until > utc_now() else None

    def forget_lock(self, officer_id: UUID) -> None:
        """The officer's lock-out was ended by somebody."""
        self._locks.pop(officer_id, None)
        self._tell_locks()

    def _tick(self) -> None:
        self._header.tick()
        if not self._locks:
            return
        self.locked.tick()
        ended = [officer for officer, until in self._locks.items() if until <= utc_now()]
        for officer in ended:
            del self._locks[officer]
        self._tell_locks()
        if ended:
            self.lock_ended.emit()

    def _tell_locks(self) -> None:
        def words(officer_id: UUID) -> str:
            until = self._locks.get(officer_id)
            if until is None:
                return ""
            left = clock_words((until - utc_now()).total_seconds())
            return self.tr("Locked, {time} left").format(time=left)

        self.tiles.tell_locks(words)

    def showEvent(self, event: QShowEvent) -> None:
        self._clock.start()
        self._header.tick()
        super().showEvent(event)

    def hideEvent(self, event: QHideEvent) -> None:
        self._clock.stop()
        super().hideEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        QPainter(self).fillRect(self.rect(), colour("bg"))
