"""Looking at others' decisions again, one after the other, without being told what they were."""

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from trafficdesk.domain.vocabulary import ReportStatus
from trafficdesk.qt.analytics.blind_commands import CONTEXT, blind_commands
from trafficdesk.qt.analytics.gear import AnalyticsGear
from trafficdesk.qt.analytics.second_look_rows import say
from trafficdesk.qt.key_hints import Hint, KeyHints
from trafficdesk.qt.refusal_words import refusal_sentence
from trafficdesk.qt.review.decision_panel import NoteField
from trafficdesk.qt.review.detail import DetailPane, DetailTools, Proportions
from trafficdesk.qt.review.photos import Photos
from trafficdesk.qt.tasks import Lane
from trafficdesk.qt.theme.palette import px
from trafficdesk.qt.widgets.buttons import ActionButton, Kind
from trafficdesk.qt.widgets.labels import ElidedLabel, Hairline, Label
from trafficdesk.qt.widgets.messages import InlineMessage, boxed
from trafficdesk.qt.widgets.panels import Panel
from trafficdesk.services import undo
from trafficdesk.services.analytics.second_looks import get_blind
from trafficdesk.services.choices import Choices, load_choices
from trafficdesk.services.review import Target
from trafficdesk.services.second_looks import give_opinion

if TYPE_CHECKING:
    from uuid import UUID

    from trafficdesk.services.board import ReportDetail
    from trafficdesk.services.outcomes import Outcome

_WIDE_FROM_PX = 1500
_BAR_PX = 52
_BUTTON_PX = 36


class BlindLook(Panel):
    """Lies over the workspace while somebody looks; ``closed`` when they are done."""

    closed = Signal()

    def __init__(self, gear: AnalyticsGear, parent: QWidget) -> None:
        super().__init__("surface")
        self.setParent(parent)
        self._gear = gear
        self._lanes = gear.lanes.owned_by(self)
        self._left: list[int] = []
        self._given: list[tuple[int, UUID]] = []
        self._done = 0
        self.photos = Photos(gear.session, gear.lanes, self)
        self.detail = DetailPane(
            DetailTools(gear.session, gear.lanes, self.photos, gear.zone, gear.find_pack)
        )
        self.title = Label("", 15, 600)
        self.close_button = ActionButton(say("Close"), kind=Kind.GHOST)
        self.message = InlineMessage()
        self._message_box = boxed(self.message)
        self.note = NoteField(say("Why"), say("Why, for whoever decided (optional)"))
        self.buttons = {
            ReportStatus.APPROVED: _button(say("I would approve")),
            ReportStatus.REJECTED: _button(say("I would reject")),
            ReportStatus.DUPLICATE: _button(say("Duplicate")),
        }
        self.skip_button = _button(say("Later"), Kind.GHOST)
        self.undo_button = _button(say("Undo"), Kind.GHOST)
        self._lay_out()
        self._connect()
        gear.commands.add(blind_commands(self), owner=self)
        KeyHints(gear.commands, self._hints(), self)
        self.hide()

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setContentsMargins(px(16), px(8), px(12), px(8))
        head.setSpacing(12)
        head.addWidget(self.title)
        told = say("What was decided, and by whom, is not shown.")
        head.addWidget(ElidedLabel(told, 12, 400, "text2"), 1)
        head.addWidget(self.close_button)
        self._bar = QWidget()
        row = QHBoxLayout(self._bar)
        row.setContentsMargins(16, 0, 12, 0)
        row.setSpacing(4)
        for button in self.buttons.values():
            row.addWidget(button)
        row.addSpacing(8)
        row.addWidget(self.note, 1)
        row.addWidget(self.skip_button)
        row.addWidget(self.undo_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(head)
        column.addWidget(Hairline())
        column.addWidget(self.detail, 1)
        column.addWidget(self._message_box)
        column.addWidget(Hairline())
        column.addWidget(self._bar)
        self._message_box.hide()

    def _connect(self) -> None:
        for verdict, button in self.buttons.items():
            button.clicked.connect(partial(self.give, verdict))
        self.skip_button.clicked.connect(self.skip)
        self.undo_button.clicked.connect(self.take_back)
        self.close_button.clicked.connect(self.close_look)
        self.message.acted.connect(self.leave)
        self.note.submitted.connect(self.leave_note)
        self.detail.head.copied.connect(self._copy)

    def _hints(self) -> tuple[Hint, ...]:
        named = zip(("approve", "reject", "duplicate"), self.buttons.values(), strict=True)
        return (
            *((f"{CONTEXT}.{name}", button.set_key) for name, button in named),
            (f"{CONTEXT}.later", self.skip_button.set_key),
            (f"{CONTEXT}.undo", self.undo_button.set_key),
            (f"{CONTEXT}.leave", self.close_button.set_key),
        )

    # what is looked at

    def open_look(self, pks: tuple[int, ...]) -> None:
        """Look at these one after the other."""
        self._left, self._given, self._done = list(pks), [], 0
        session = self._gear.session
        self._lanes.run(Lane.READER, lambda: load_choices(session), self._take_choices)
        self.place()
        self.show()
        self.raise_()
        self._gear.commands.activate(CONTEXT)
        self._show_first()

    def _take_choices(self, choices: Choices) -> None:
        self.detail.set_choices(choices)

    @property
    def pk(self) -> int:
        """The number of the report on screen; 0 for none."""
        return self._left[0] if self._left else 0

    @property
    def is_shown(self) -> bool:
        """Tell whether the report has come."""
        found = self.detail.detail
        return found is not None and found.report.pk == self.pk

    def _show_first(self) -> None:
        if not self._left:
            self.close_look()
            return
        words = say("Second look {place} of {count}")
        place = self._done + 1
        self.title.setText(words.format(place=place, count=self._done + len(self._left)))
        self.note.edit.clear()
        self.undo_button.setEnabled(bool(self._given))
        self.detail.setFocus(Qt.FocusReason.OtherFocusReason)
        session, pk = self._gear.session, self.pk
        self._lanes.run(
            Lane.READER, partial(get_blind, session, pk), partial(self._take, pk), key="blind"
        )

    def _take(self, pk: int, detail: "ReportDetail") -> None:
        if pk == self.pk:
            self.detail.show_detail(detail)
            self.detail.text.show_reporter(None)

    # what is said of it

    def give(self, verdict: ReportStatus, _checked: bool = False) -> None:
        """Say what one would have decided; the next one is shown at once."""
        shown = self.detail.detail
        if shown is None or not self.is_shown:
            return
        target, note = Target(self.pk, shown.report.revision), self.note.text()
        session = self._gear.session
        self._lanes.run(
            Lane.WRITER,
            lambda: give_opinion(session, target, verdict, note),
            partial(self._settle, self.pk),
        )
        self._left.pop(0)
        self._done += 1
        self._show_first()

    def _settle(self, pk: int, outcome: "Outcome") -> None:
        self._gear.changes.tell(outcome.changed)
        if outcome.action_id is not None:
            self._given.append((pk, outcome.action_id))
            self.undo_button.setEnabled(True)
            return
        codes = [refusal_sentence(each.code) for each in outcome.refused]
        self._tell(
            say("This second look was not taken"), (codes or [say("It has changed since")])[0]
        )

    def skip(self) -> None:
        """Look at this one after all others."""
        if len(self._left) > 1:
            self._left.append(self._left.pop(0))
            self._show_first()

    def take_back(self) -> None:
        """Take the latest opinion back and look at it again."""
        if not self._given:
            return
        pk, action_id = self._given.pop()
        session = self._gear.session
        self._lanes.run(
            Lane.WRITER, lambda: undo.undo(session, action_id), partial(self._put_back, pk)
        )

    def _put_back(self, pk: int, outcome: "Outcome") -> None:
        self._gear.changes.tell(outcome.changed)
        if outcome.is_done:
            self._left.insert(0, pk)
            self._done -= 1
        self._show_first()

    def write_note(self) -> None:
        """Put the keyboard into the note."""
        self.note.edit.setFocus(Qt.FocusReason.OtherFocusReason)

    def leave_note(self) -> None:
        """Put the keyboard back to the report; what was written stays."""
        self.detail.setFocus(Qt.FocusReason.OtherFocusReason)

    def step_photo(self, by: int) -> None:
        """Show the next photo or the one before."""
        self.detail.viewer.step(by)

    # leaving

    def _tell(self, title: str, detail: str) -> None:
        self.message.tell(title, detail, say("Close"), "Esc")
        self._message_box.show()

    def leave(self) -> None:
        """Step back by one: the note, a message, the look."""
        if self.note.edit.hasFocus():
            self.leave_note()
        elif self._message_box.isVisible():
            self.message.clear()
            self._message_box.hide()
        else:
            self.close_look()

    def close_look(self) -> None:
        """Go back to what second looks came to; what is left waits."""
        if self.isVisible():
            self.hide()
            self.closed.emit()

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self.detail.head.reference.text())

    def place(self) -> None:
        """Cover the workspace, in the proportions of its width."""
        parent = self.parentWidget()
        if parent is None:
            return
        self.setGeometry(parent.rect())
        self._bar.setFixedHeight(px(_BAR_PX))
        is_wide = self.width() >= px(_WIDE_FROM_PX)
        self.detail.set_proportions(
            Proportions.WIDE if is_wide else Proportions.MIDDLE, self.height() - px(2 * _BAR_PX)
        )
        self.detail.side.setFixedWidth(px(360 if is_wide else 260))


def _button(words: str, kind: Kind = Kind.PLAIN) -> ActionButton:
    return ActionButton(words, kind=kind, height_px=_BUTTON_PX)
