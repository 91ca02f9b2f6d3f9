"""Deleted by one, changed by the other: a plain question with what follows from each answer."""

from typing import Final

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QMouseEvent, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from trafficdesk.domain.conflicts import Side
from trafficdesk.domain.merge import DELETED
from trafficdesk.domain.plates import format_plate
from trafficdesk.domain.vocabulary import Entity
from trafficdesk.qt.conflicts import words
from trafficdesk.qt.conflicts.view import ConflictView
from trafficdesk.qt.conflicts.words import say
from trafficdesk.qt.event_words import told_changes
from trafficdesk.qt.review.photo_view import PhotoView
from trafficdesk.qt.theme.palette import colour, px
from trafficdesk.qt.widgets.facts import SeverityTag
from trafficdesk.qt.widgets.labels import (
    ElidedLabel,
    Hairline,
    IconLabel,
    KeycapLabel,
    Label,
    label_row,
)
from trafficdesk.qt.widgets.painting import Painted, edge_round, fill_round, painter_on

_TOLD: Final = 3


class Answer(Painted):
    """One answer: its key, what it means, who stands behind it, what follows."""

    taken = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.key = KeycapLabel()
        self.is_taken = False
        self._title = Label("", 15, 600).set_wrapped()
        self._who = Label("", 12, 400, "text2").set_wrapped()
        self._lines = QVBoxLayout()
        self._lines.setSpacing(px(4))
        head = QHBoxLayout()
        head.setSpacing(px(10))
        head.addWidget(self.key, 0, Qt.AlignmentFlag.AlignTop)
        head.addWidget(self._title, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(px(12), px(12), px(12), px(12))
        column.setSpacing(px(6))
        column.addLayout(head)
        column.addWidget(self._who)
        column.addSpacing(px(4))
        column.addLayout(self._lines)
        column.addStretch(1)

    def tell(self, title: str, who: str, follows: list[str]) -> None:
        """Say what this answer means."""
        self._title.setText(title)
        self._who.setText(who)
        while (item := self._lines.takeAt(0)) is not None:
            gone = item.widget()
            if gone is not None:
                gone.hide()
                gone.deleteLater()
        for sentence in follows:
            line = QWidget()
            row = QHBoxLayout(line)
            row.setContentsMargins(0, 0, 0, 0)
            row.setSpacing(px(8))
            row.addWidget(IconLabel("chevron-right", 14), 0, Qt.AlignmentFlag.AlignTop)
            row.addWidget(Label(sentence, 13).set_wrapped(), 1)
            self._lines.addWidget(line)
        self.setAccessibleName(". ".join((title, who, *follows)))

    def title(self) -> str:
        """Return what it is called."""
        return self._title.text()

    def set_taken(self, taken: bool) -> None:
        """Show whether it is the answer."""
        self.is_taken = taken
        self.setAccessibleDescription(say("Chosen") if taken else "")
        self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self.rect().contains(event.position().toPoint()):
            self.taken.emit()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = painter_on(self)
        box = QRectF(self.rect())
        if self.is_taken:
            fill_round(painter, box, colour("accent_weak"))
            edge_round(painter, box, colour("accent"), 6, 2.0)
        else:
            edge_round(painter, box, colour("line"))


class DeletionQuestion(QWidget):
    """``chosen`` carries the side whose answer was clicked."""

    chosen = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName(say("Deletion"))
        self._question = Label("", 20, 600).set_wrapped()
        self._severity = SeverityTag(is_filled=False)
        self._where = ElidedLabel("", 12, 400, "text2")
        self._what = ElidedLabel("", 13, 500)
        self.mine, self.theirs = Answer(), Answer()
        self.mine.taken.connect(lambda: self.chosen.emit(Side.MINE))
        self.theirs.taken.connect(lambda: self.chosen.emit(Side.THEIRS))
        place = label_row(self._severity, spacing_px=10)
        place.insertWidget(1, self._where, 1)
        answers = QHBoxLayout()
        answers.setSpacing(px(16))
        answers.addWidget(self.mine, 1)
        answers.addWidget(self.theirs, 1)
        self._beside = QWidget()
        self.photo = PhotoView()
        self.photo.shows_labels = False
        beside = QVBoxLayout(self._beside)
        beside.setContentsMargins(0, 0, 0, 0)
        beside.setSpacing(px(6))
        beside.addWidget(Label(say("In the photo"), 12, 600, "text2"))
        beside.addWidget(self.photo)
        beside.addStretch(1)
        self._beside.hide()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(px(24))
        column = QVBoxLayout()
        row.addLayout(column, 1)
        row.addWidget(self._beside)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(px(10))
        column.addWidget(self._question)
        column.addLayout(place)
        column.addWidget(self._what)
        column.addWidget(Hairline())
        column.addLayout(answers)
        column.addStretch(1)

    def tell(self, view: ConflictView) -> None:
        """Ask about this conflict."""
        detail, sheet = view.detail, view.sheet
        mine, theirs = words.people(detail, view.reader)
        by, other = (mine, theirs) if sheet.mine_deleted else (theirs, mine)
        self._question.setText(words.deletion_question(detail, view.reader))
        self._tell_report(view)
        gone, kept = _deletion(view, by), _change(view, other)
        whose = [words.mine_head(detail, view.reader), words.theirs_head(detail, view.reader)]
        first, second = (gone, kept) if sheet.mine_deleted else (kept, gone)
        self.mine.tell(first[0], whose[0], first[1])
        self.theirs.tell(second[0], whose[1], second[1])
        self.show_choice(view)

    def set_beside(self, *, has_room: bool) -> None:
        """Show the photo at the trailing edge where there is room for it."""
        self._beside.setVisible(has_room)
        if has_room:
            self._beside.setFixedWidth(px(480))
            self.photo.setFixedHeight(px(270))

    def _tell_report(self, view: ConflictView) -> None:
        report = view.detail.report
        for part in (self._severity, self._where, self._what):
            part.setVisible(report is not None)
        if report is None:
            return
        self._severity.set_severity(report.severity)
        where = ", ".join(filter(None, (report.address, report.area)))
        seen = view.reader.moment(report.occurred_at)
        self._where.setText(" · ".join(filter(None, (where, seen))))
        plate = format_plate(report.plate) or say("No plate")
        evidence = say("evidence {score} of 100").format(score=report.score)
        self._what.setText(f"{plate} · {evidence}")

    def show_choice(self, view: ConflictView) -> None:
        """Show which answer was taken."""
        choice = view.sheet.choice(DELETED)
        self.mine.set_taken(choice is not None and choice.side is Side.MINE)
        self.theirs.set_taken(choice is not None and choice.side is Side.THEIRS)


def _change(view: ConflictView, who: str) -> tuple[str, list[str]]:
    """Return the answer that keeps the report, and what follows from it."""
    detail = view.detail
    names = {str(officer): name for officer, name in detail.names.items()}
    told = list[str]()
    if not view.sheet.mine_deleted:
        for operation in detail.conflict.operations:
            for change in operation.changes:
                for _title, _old, new in told_changes((change,), names):
                    told.append(f"{words.field_title(change.field)}: {new}")
    is_area = detail.conflict.record_entity is Entity.GEOFENCE
    back = (
        say("The area comes back to the map")
        if is_area
        else say("The report comes back to every list")
    )
    follows = [back, *told[:_TOLD]]
    if view.sheet.mine_deleted:
        follows.append(say("What {who} changed stays as it is").format(who=who))
    follows.append(say("The deletion stays in the history, with your note"))
    return say("Keep the area") if is_area else say("Keep the report"), follows


def _deletion(view: ConflictView, who: str) -> tuple[str, list[str]]:
    """Return the answer that lets the deletion stand, and what follows from it."""
    operations = view.detail.conflict.operations
    note = operations[-1].note if operations and view.sheet.mine_deleted else ""
    quoted = f"\N{LEFT DOUBLE QUOTATION MARK}{note}\N{RIGHT DOUBLE QUOTATION MARK}"
    follows = [say("Reason: {note}").format(note=quoted)] if note else []
    is_area = view.detail.conflict.record_entity is Entity.GEOFENCE
    gone = (
        say("The area leaves the map; its history stays")
        if is_area
        else say("The report leaves every list; its history stays")
    )
    follows += [
        gone,
        say("What was changed meanwhile is kept in the history alone"),
        say("It stays deleted, as {who} left it").format(who=who),
    ]
    return say("Let the deletion stand"), follows
