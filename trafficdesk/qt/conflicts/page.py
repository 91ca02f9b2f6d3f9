"""One conflict in full: what is asked, what each side has, where, and the words for the record."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from trafficdesk.domain.conflicts import Side
from trafficdesk.domain.records import Place
from trafficdesk.domain.vocabulary import SyncState
from trafficdesk.qt.conflicts import words
from trafficdesk.qt.conflicts.deletion import DeletionQuestion
from trafficdesk.qt.conflicts.editor import Editor, can_edit
from trafficdesk.qt.conflicts.evidence import EvidenceStrip
from trafficdesk.qt.conflicts.happened import Happened
from trafficdesk.qt.conflicts.merge_table import MergeTable
from trafficdesk.qt.conflicts.sheet import PLACE, Line
from trafficdesk.qt.conflicts.table_head import TableHead
from trafficdesk.qt.conflicts.view import ConflictView
from trafficdesk.qt.conflicts.words import say
from trafficdesk.qt.review.decision_panel import NoteField
from trafficdesk.qt.review.gear import ReviewGear
from trafficdesk.qt.theme.palette import px
from trafficdesk.qt.widgets.buttons import ActionButton, Kind
from trafficdesk.qt.widgets.labels import (
    ElidedLabel,
    Hairline,
    KeycapLabel,
    Label,
    SyncMark,
    label_row,
)
from trafficdesk.qt.widgets.messages import InlineMessage
from trafficdesk.qt.widgets.panels import ScrollPanel
from trafficdesk.qt.words import sync_word
from trafficdesk.services.conflicts import Surroundings

_WIDE_FROM_PX = 1100


class ConflictPage(QWidget):
    """``changed``: something was chosen. ``saved`` on Enter in the note, ``bulk_wanted`` by click.

    What asks is one of several questions; another kind of conflict brings another.
    """

    changed = Signal()
    saved = Signal()
    bulk_wanted = Signal()

    def __init__(self, gear: ReviewGear) -> None:
        super().__init__()
        self.view: ConflictView | None = None
        self._shows_all = False
        self._head_parts()
        self.table_head, self.table = TableHead(), MergeTable()
        self.editor = Editor()
        self.deletion = DeletionQuestion()
        self.evidence = EvidenceStrip(gear)
        self.map = self.evidence.map
        self.happened = Happened()
        self.note = NoteField(say("Note for the record"), "")
        self.bulk = ActionButton("")
        self._lay_out()
        self._connect()

    def _head_parts(self) -> None:
        self.message = InlineMessage()
        self.title = Label("", 17, 600)
        self.reference = ElidedLabel("", 13, 500, "text2")
        self.all_fields = ActionButton(say("All fields"), "", Kind.GHOST)
        self.all_fields.setCheckable(True)
        self.sentence = Label("", 13, 400, "text2").set_wrapped()
        self.mark = SyncMark(SyncState.CONFLICT)
        self.question = ElidedLabel("", 15, 600)

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(px(10))
        head.addWidget(self.title)
        head.addWidget(self.reference, 1)
        head.addWidget(self.all_fields)
        asked = QHBoxLayout()
        asked.setSpacing(px(8))
        asked.addWidget(self.mark)
        asked.addWidget(self.question, 1)
        table = QVBoxLayout()
        table.setSpacing(0)
        table.addWidget(self.table_head)
        table.addWidget(self.table)
        content = QWidget()
        self.column = QVBoxLayout(content)
        self.column.setContentsMargins(px(20), px(14), px(20), px(14))
        self.column.setSpacing(px(8))
        self.column.addWidget(self.message)
        self.column.addLayout(head)
        self.column.addWidget(self.sentence)
        self.column.addLayout(asked)
        self.column.addLayout(table)
        self.column.addWidget(self.editor)
        self.column.addWidget(self.deletion)
        self.column.addWidget(self.evidence)
        self.column.addWidget(self._noting())
        self.column.addWidget(self.happened)
        self.column.addStretch(1)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(ScrollPanel(content))

    def _noting(self) -> QWidget:
        self._noted = QWidget()
        self.note_key = KeycapLabel()
        column = QVBoxLayout(self._noted)
        column.setContentsMargins(0, px(4), 0, 0)
        column.setSpacing(px(6))
        title = Label(say("Note for the record"), 12, 600, "text2")
        optional = Label(say("optional"), 12, 400, "text2")
        column.addWidget(Hairline())
        column.addLayout(label_row(title, optional, self.note_key))
        column.addWidget(self.note)
        column.addLayout(label_row(self.bulk))
        return self._noted

    def _connect(self) -> None:
        self.table.moved.connect(self._show_question)
        self.table.chosen.connect(self._clicked)
        self.deletion.chosen.connect(self.choose)
        self.editor.written.connect(self._write)
        self.editor.left.connect(self.table.setFocus)
        self.map.placed.connect(self._put_place)
        self.evidence.photo_came.connect(self.deletion.photo.show_image)
        self.all_fields.clicked.connect(self.toggle_all)
        self.note.submitted.connect(self.saved)
        self.bulk.clicked.connect(self.bulk_wanted)

    # what is shown

    def show_view(self, view: ConflictView) -> None:
        """Show a conflict with nothing chosen yet."""
        self.view = view
        self.editor.hide()
        self.note.clear()
        self.message.clear()
        self.table.table.current = 0
        detail = view.detail
        self.title.setText(words.title(detail))
        self.reference.setText(words.reference(detail))
        self.sentence.setText(words.sentence(detail, view.reader))
        other = words.people(detail, view.reader)[1]
        self.note.set_placeholder(say("Why you chose this, seen by {name}").format(name=other))
        self._tell_standing(view)
        self.refresh()
        self.table.go_to_open()

    def _tell_standing(self, view: ConflictView) -> None:
        if view.is_settled:
            conflict = view.detail.conflict
            state = sync_word(conflict.sync_state)
            told = words.settled_line(view.detail, view.reader)
            self.message.note(f"{told} · {state}", conflict.settle_note)
            self.mark.set_state(conflict.sync_state)
        else:
            self.mark.set_state(SyncState.CONFLICT)
            if view.refusal:
                self.message.note(say("You can look at it, not settle it"), view.refusal)

    def show_around(self, around: Surroundings) -> None:
        """Put in what was read meanwhile: photos, references, wards."""
        if self.view is None:
            return
        self.view.around = around
        self.refresh()
        self.evidence.ask_for_photo(around.media)

    def refresh(self) -> None:
        """Show what was chosen by now."""
        view = self.view
        if view is None:
            return
        is_deletion = view.sheet.is_deletion
        is_fixed = view.is_settled or bool(view.refusal)
        self.deletion.setVisible(is_deletion)
        for part in (self.table_head, self.table, self.all_fields, self.sentence):
            part.setVisible(not is_deletion)
        self.mark.setVisible(not is_deletion)
        self.question.setVisible(not is_deletion)
        if is_deletion:
            self.deletion.tell(view)
        self.table_head.tell(view.heads())
        self.table.tell(view.rows(everything=self._shows_all), is_fixed=is_fixed)
        self.all_fields.setChecked(self._shows_all)
        self._noted.setVisible(not is_fixed)
        self.evidence.show_view(view)
        self._place_photo(view)
        self.happened.show_view(view)
        self._fit()
        self._show_question()

    def _show_question(self) -> None:
        view, row = self.view, self.table.current_row()
        if view is None or row is None:
            return
        if view.is_settled:
            self.question.setText(say("How it was settled"))
        elif not view.sheet.left:
            self.question.setText(say("All chosen: save, or choose again"))
        elif row.is_in_question:
            self.question.setText(words.question(row.key))
        else:
            self.question.setText(say("This merely came along: it follows your choice"))

    def show_bulk(self, text: str) -> None:
        """Offer to settle many at once; "" offers nothing."""
        if text:
            self.bulk.setText(text)
            self.bulk.restyle()
        self.bulk.setVisible(bool(text))

    def _fit(self) -> None:
        self.evidence.fit(self.width())
        if self.view is not None:
            self._place_photo(self.view)

    def _place_photo(self, view: ConflictView) -> None:
        """Put a deletion's photo beside its question where the page is wide."""
        is_wide = self.width() >= px(_WIDE_FROM_PX)
        is_beside = view.sheet.is_deletion and bool(view.around.media) and is_wide
        self.deletion.set_beside(has_room=is_beside)
        if view.sheet.is_deletion:
            self.evidence.setVisible(bool(view.around.media) and not is_beside)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def restyle(self) -> None:
        """Take sizes from the look that holds now."""
        self._fit()

    # choosing

    def choose(self, side: Side) -> None:
        """Choose a side for the current line and go to the next open one."""
        view, row = self.view, self.table.current_row()
        if view is None or self.refusal_to_choose():
            return
        if view.sheet.is_deletion:
            view.sheet.choose_all(side)
        elif row is not None:
            view.sheet.choose(row.key, side)
        self._chosen()

    def choose_all(self, side: Side) -> None:
        """Choose a side for the whole conflict."""
        if self.view is not None and not self.refusal_to_choose(is_whole=True):
            self.view.sheet.choose_all(side)
            self._chosen()

    def _chosen(self) -> None:
        self.refresh()
        self.table.go_to_open()
        self.changed.emit()

    def _clicked(self, side: Side) -> None:
        if side is Side.EDITED:
            self.edit()
        else:
            self.choose(side)

    def edit(self) -> None:
        """Let the current line be written anew."""
        line = self._line()
        if line is not None and not self.refusal_to_edit():
            self.editor.begin(line, self.table_head)

    def _line(self) -> Line | None:
        row = self.table.current_row()
        if self.view is None or row is None:
            return None
        return next((each for each in self.view.sheet.lines if each.key == row.key), None)

    def _write(self, key: str, value: object) -> None:
        if self.view is not None:
            self.view.sheet.choose(key, Side.EDITED, value)
            self.table.setFocus()
            self._chosen()

    def _put_place(self, place: Place) -> None:
        if self.view is not None:
            self.editor.hide()
            self._write(PLACE, place)

    def refusal_to_place(self) -> str:
        """Return why no place can be put on the map; "" if one can."""
        return "" if self.evidence.can_place() else say("No place is in question here")

    def refusal_to_choose(self, *, is_whole: bool = False) -> str:
        """Return why the current line can't be chosen; "" if it can."""
        view, row = self.view, self.table.current_row()
        if view is None:
            return say("Choose a conflict first")
        if view.is_settled:
            return say("It is settled; reopen it to choose again")
        if view.refusal:
            return view.refusal
        asks = view.sheet.is_deletion or is_whole or (row is not None and row.is_in_question)
        return "" if asks else say("This merely came along: it follows your choice")

    def refusal_to_edit(self) -> str:
        """Return why the current line can't be written anew; "" if it can."""
        refusal = self.refusal_to_choose()
        if refusal or self.view is None:
            return refusal
        if self.view.sheet.is_deletion:
            return say("There is nothing to write here: keep it, or let it be deleted")
        line = self._line()
        if line is None or not can_edit(line):
            return say("This can't be written by hand: choose a side")
        return ""

    def toggle_all(self) -> None:
        """Show every field, or only those in question."""
        self._shows_all = not self._shows_all
        self.refresh()

    def leave(self) -> bool:
        """Close the line that is being written; False if there is none."""
        if self.editor.isVisible():
            self.editor.end()
            return True
        if self.map.is_walking:
            self.map.let_be()
            return True
        return False

    def focus_note(self) -> None:
        """Give the keyboard to the note."""
        if self._noted.isVisible():
            self.note.edit.setFocus(Qt.FocusReason.ShortcutFocusReason)
