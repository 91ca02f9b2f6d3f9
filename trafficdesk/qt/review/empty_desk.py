"""In place of a report when a queue is done: what was done, where to go on, what waits."""

from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from trafficdesk.domain.lifecycle import Move
from trafficdesk.domain.queues import QueueName
from trafficdesk.domain.vocabulary import SyncState
from trafficdesk.qt.ages import number
from trafficdesk.qt.review.filter_words import queue_word
from trafficdesk.qt.theme.fonts import MEDIUM, SEMIBOLD, font, numeral_width, numerals
from trafficdesk.qt.theme.marks import paint_check
from trafficdesk.qt.theme.palette import colour, px
from trafficdesk.qt.widgets.buttons import ActionButton, PaintedButton
from trafficdesk.qt.widgets.flow import clear_layout
from trafficdesk.qt.widgets.labels import Hairline, Label, SyncMark
from trafficdesk.qt.widgets.painting import (
    Painted,
    fill_round,
    keycap_size,
    paint_keycap,
    paint_line,
    painter_on,
    placed,
)
from trafficdesk.qt.widgets.panels import Panel

NEXT = (QueueName.UNASSIGNED, QueueName.MINE, QueueName.ESCALATED, QueueName.NEEDS_INFO)
_WIDTH_PX = 440


@dataclass(frozen=True, slots=True)
class DeskState:
    """What the empty desk tells: of which list, narrowed or not, and the counts it needs.

    ``clash`` are the conditions, in words, that no report of the queue can meet.
    """

    title: str
    is_narrowed: bool
    done: dict[str, int]
    queues: dict[QueueName, int]
    open_queue: QueueName | None
    waiting: int
    clash: str = ""


def clash_words(queue: str, clash: str) -> tuple[str, str, str]:
    """Return what to say where a condition excludes the whole queue, and what to do."""

    def say(source: str) -> str:
        return QCoreApplication.translate("EmptyDesk", source)

    return (
        say("No report can match"),
        say("“{condition}” leaves nothing in {queue}.").format(condition=clash, queue=queue),
        say("Drop “{condition}”").format(condition=clash),
    )


class _Check(Painted):
    def __init__(self) -> None:
        super().__init__()
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        return QSize(px(26), px(24))

    def paintEvent(self, event: QPaintEvent) -> None:
        paint_check(painter_on(self), QRectF(self.rect()), colour("ok"), 3.0)


class _NextRow(PaintedButton):
    """A queue, its count, and the key that opens it."""

    def __init__(self, words: str, count: int, key: str) -> None:
        super().__init__(words)
        self._count = number(count)
        self._key = key
        self.setAccessibleName(f"{words} {self._count}")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        return QSize(px(240), px(36))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = painter_on(self)
        if self.underMouse():
            fill_round(painter, QRectF(self.rect()), colour("hover"))
        painter.setPen(colour("text"))
        painter.setFont(font(13, MEDIUM))
        paint_line(painter, placed(self, self.rect().adjusted(px(4), 0, 0, 0)), self.text())
        x = self.width() - px(4)
        if self._key:
            cap = keycap_size(self._key)
            x -= cap.width()
            cap_box = QRect(x, (self.height() - cap.height()) // 2, cap.width(), cap.height())
            paint_keycap(painter, placed(self, cap_box), self._key)
            x -= px(6)
        painter.setFont(numerals(13, SEMIBOLD))
        painter.setPen(colour("text"))
        width = numeral_width(self._count, 13, SEMIBOLD)
        box = self.rect()
        box.setRect(x - px(6) - width, 0, width, self.height())
        paint_line(painter, placed(self, box), self._count)
        self.paint_ring(painter)


class EmptyDesk(Panel):
    """``queue_chosen`` carries a queue's id; ``filters_cleared`` to drop what is too narrow."""

    queue_chosen = Signal(str)
    filters_cleared = Signal()

    def __init__(self) -> None:
        super().__init__("bg")
        self._inner = QWidget()
        self._inner.setFixedWidth(px(_WIDTH_PX))
        self._column = QVBoxLayout(self._inner)
        self._column.setSpacing(0)
        self._state: DeskState | None = None
        self._keys: dict[QueueName, str] = {}
        whole = QVBoxLayout(self)
        whole.addStretch(1)
        whole.addWidget(self._inner, 0, Qt.AlignmentFlag.AlignHCenter)
        whole.addStretch(1)

    def restyle(self) -> None:
        """Take sizes from the look that holds now."""
        self._inner.setFixedWidth(px(_WIDTH_PX))
        super().restyle()

    def set_key(self, queue: QueueName, key: str) -> None:
        """Show another key beside a queue to go on with."""
        self._keys[queue] = key
        if self._state is not None:
            self._show(self._state)

    def show_state(self, state: DeskState) -> None:
        """Tell what is finished and what comes next."""
        if state != self._state:
            self._state = state
            self._show(state)

    def _show(self, state: DeskState) -> None:
        clear_layout(self._column)
        if state.is_narrowed:
            self._show_no_match(state)
        else:
            self._show_done(state)

    def _centred(self, widget: QWidget) -> None:
        self._column.addWidget(widget, 0, Qt.AlignmentFlag.AlignHCenter)

    def _show_no_match(self, state: DeskState) -> None:
        said = (
            self.tr("No report matches the filter"),
            self.tr("In {queue}, with the conditions above the list.").format(queue=state.title),
            self.tr("Clear filters"),
        )
        title, detail, action = clash_words(state.title, state.clash) if state.clash else said
        self._centred(Label(title, 20, 600))
        self._column.addWidget(_gap(4))
        self._centred(Label(detail, 13, 400, "text2"))
        self._column.addWidget(_gap(12))
        clear = ActionButton(action, "Esc")
        clear.clicked.connect(self.filters_cleared)
        self._centred(clear)

    def _show_done(self, state: DeskState) -> None:
        self._centred(_Check())
        self._column.addWidget(_gap(8))
        self._centred(Label(self.tr("Nothing left in {queue}").format(queue=state.title), 20, 600))
        total = sum(state.done.get(move, 0) for move in _TALLIED)
        self._column.addWidget(_gap(4))
        reviewed = QCoreApplication.translate(
            "EmptyDesk", "%n reviewed since you signed in", None, total
        )
        self._centred(Label(reviewed, 15, 400, "text2"))
        if total:
            self._column.addWidget(_gap(16))
            self._column.addWidget(_tally(state.done))
        self._column.addWidget(_gap(20))
        self._show_next(state)
        if state.waiting:
            words = QCoreApplication.translate(
                "EmptyDesk",
                "%n changes wait on this desk to be sent.",
                None,
                state.waiting,
            )
            row = QHBoxLayout()
            row.setContentsMargins(0, 0, 0, 0)
            row.setSpacing(10)
            line = QWidget()
            line.setLayout(row)
            policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
            policy.setHeightForWidth(True)
            line.setSizePolicy(policy)
            row.addWidget(SyncMark(SyncState.NOT_SENT), 0, Qt.AlignmentFlag.AlignTop)
            row.addWidget(Label(words, 12, 400, "text2").set_wrapped(), 1)
            self._column.addWidget(_gap(16))
            self._column.addWidget(line)

    def _show_next(self, state: DeskState) -> None:
        left = [q for q in NEXT if q is not state.open_queue and state.queues.get(q)]
        if not left:
            self._centred(Label(self.tr("Every queue is empty."), 13, 400, "text2"))
            return
        self._column.addWidget(Label(self.tr("Carry on with"), 12, 600, "text2"))
        self._column.addWidget(_gap(4))
        for queue in left:
            row = _NextRow(queue_word(queue), state.queues[queue], self._keys.get(queue, ""))
            row.clicked.connect(lambda _on=False, each=queue: self.queue_chosen.emit(str(each)))
            self._column.addWidget(row)
            self._column.addWidget(Hairline())


_TALLIED = (Move.APPROVE, Move.REJECT, Move.ASK_INFO, Move.MARK_DUPLICATE)


def _tally(done: dict[str, int]) -> QWidget:
    """Return how often each decision was made, side by side."""
    tally = QWidget()
    row = QHBoxLayout(tally)
    row.setContentsMargins(0, 0, 0, 0)
    row.addStretch(1)
    for move, words in (
        (Move.APPROVE, QCoreApplication.translate("EmptyDesk", "approved")),
        (Move.REJECT, QCoreApplication.translate("EmptyDesk", "rejected")),
        (Move.ASK_INFO, QCoreApplication.translate("EmptyDesk", "needs info")),
        (Move.MARK_DUPLICATE, QCoreApplication.translate("EmptyDesk", "duplicate")),
    ):
        if move is not Move.APPROVE:
            row.addSpacing(16)
            row.addWidget(Hairline(Qt.Orientation.Vertical))
            row.addSpacing(16)
        cell = QVBoxLayout()
        cell.setSpacing(0)
        for label in (
            Label(number(done.get(move, 0)), 20, 600),
            Label(words, 12, 400, "text2"),
        ):
            label.setAlignment(Qt.AlignmentFlag.AlignCenter)
            cell.addWidget(label)
        row.addLayout(cell)
    row.addStretch(1)
    return tally


def _gap(height_px: int) -> QWidget:
    gap = QWidget()
    gap.setFixedHeight(px(height_px))
    return gap
