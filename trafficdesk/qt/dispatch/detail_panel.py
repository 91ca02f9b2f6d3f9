"""One incident in full: facts, who told of it, its units with their times, what happened to it."""

from collections.abc import Sequence
from datetime import datetime, tzinfo
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from trafficdesk.domain.dispatch import times_of
from trafficdesk.domain.records import Event, Media
from trafficdesk.domain.vocabulary import IncidentStatus
from trafficdesk.qt.ages import clock, coordinates, day
from trafficdesk.qt.dispatch.lines import IncidentLine
from trafficdesk.qt.dispatch.timeline_words import timeline_rows
from trafficdesk.qt.dispatch.words import facts, place, running, say, title
from trafficdesk.qt.incident_words import incident_status_word, service_word, step_word
from trafficdesk.qt.review.media_viewer import MediaViewer
from trafficdesk.qt.review.photos import Photos
from trafficdesk.qt.widgets.buttons import ActionButton, IconButton, Kind
from trafficdesk.qt.widgets.labels import (
    ElidedLabel,
    Hairline,
    Label,
    SectionHeading,
    SyncMark,
)
from trafficdesk.qt.widgets.panels import Panel, ScrollPanel
from trafficdesk.qt.widgets.timeline import TimelineView
from trafficdesk.qt.words import source_word


class DetailPanel(Panel):
    """``closed`` on leaving; ``wanted`` carries the command of a button.

    ``times_wanted`` carries the id of the assignment whose times are to be corrected.
    """

    closed = Signal()
    wanted = Signal(str)
    times_wanted = Signal(object)

    def __init__(self, photos: Photos, zone: tzinfo) -> None:
        super().__init__()
        self._zone = zone
        self.line: IncidentLine | None = None
        self.title = Label("", 15, 600).set_wrapped()
        self.reference = ElidedLabel("", 12, 400, "text2")
        self.cancel = IconButton("x", say("Close the incident"), "Esc")
        self.facts = Label("", 13, 400).set_wrapped()
        self.words = Label("", 13, 400).set_wrapped().set_selectable()
        self.response = Label("", 12, 400, "text2").set_wrapped()
        self.viewer = MediaViewer(photos, zone)
        self.viewer.hide()
        self.timeline = TimelineView()
        self.correct = ActionButton(say("Correct"), "E")
        self.verify = ActionButton(say("Also seen"), "V", Kind.GHOST)
        self.reopen = ActionButton(say("Reopen"), "", Kind.GHOST)
        self._accounts = QVBoxLayout()
        self._units = QVBoxLayout()
        self._lay_out()
        self.cancel.clicked.connect(self.closed)
        for button, command in (
            (self.correct, "dispatch.correct"),
            (self.verify, "dispatch.verify"),
            (self.reopen, "dispatch.reopen"),
        ):
            button.clicked.connect(lambda _on=False, each=command: self.wanted.emit(each))

    def _lay_out(self) -> None:
        content = QWidget()
        column = QVBoxLayout(content)
        column.setContentsMargins(16, 12, 16, 16)
        column.setSpacing(8)
        column.addWidget(self.facts)
        column.addWidget(self.words)
        column.addWidget(self.response)
        column.addWidget(self.viewer)
        for heading, layout in (
            (say("Units"), self._units),
            (say("Who told of it"), self._accounts),
        ):
            column.addWidget(SectionHeading(heading))
            layout.setSpacing(4)
            column.addLayout(layout)
        column.addWidget(SectionHeading(say("What happened to it")))
        column.addWidget(self.timeline)
        column.addStretch(1)
        foot = QHBoxLayout()
        foot.setContentsMargins(12, 8, 12, 8)
        foot.setSpacing(6)
        for button in (self.correct, self.verify, self.reopen):
            foot.addWidget(button)
        foot.addStretch(1)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addLayout(self._head())
        whole.addWidget(Hairline())
        whole.addWidget(ScrollPanel(content), 1)
        whole.addWidget(Hairline())
        whole.addLayout(foot)

    def _head(self) -> QHBoxLayout:
        head = QHBoxLayout()
        head.setContentsMargins(16, 8, 8, 8)
        names = QVBoxLayout()
        names.setSpacing(2)
        names.addWidget(self.title)
        names.addWidget(self.reference)
        head.addLayout(names, 1)
        head.addWidget(self.cancel)
        return head

    def show_incident(self, line: IncidentLine, signs: dict[object, str]) -> None:
        """Show an incident; ``signs`` are call signs by unit."""
        self.line = line
        incident = line.incident
        self.title.setText(f"{title(line)} · {incident.severity_score}")
        status = incident_status_word(incident.status)
        self.reference.setText(f"{incident.reference} · {status} · {place(line)}")
        self.facts.setText(f"{facts(line)}\n{coordinates(incident.place)}")
        self.words.setText(incident.description)
        self.words.setVisible(bool(incident.description))
        self._show_response(line)
        self._show_units(line, signs)
        self._show_accounts(line)
        self.reopen.setVisible(incident.status is IncidentStatus.CLEARED)

    def _show_response(self, line: IncidentLine) -> None:
        incident = line.incident
        parts = [
            (say("sent after {time}"), incident.dispatched_at),
            (say("on scene after {time}"), incident.arrived_at),
            (say("cleared after {time}"), incident.cleared_at),
        ]
        told = [words.format(time=running(at - incident.reported_at)) for words, at in parts if at]
        self.response.setText(" · ".join(told) or say("Nobody was sent yet"))

    def _show_units(self, line: IncidentLine, signs: dict[object, str]) -> None:
        _empty(self._units)
        for row in line.row.assignments:
            assignment = row.assignment
            sign = signs.get(assignment.unit_id, say("another unit"))
            times = [
                f"{step_word(step)} {clock(at, self._zone)}"
                for step, at in times_of(assignment).items()
            ]
            head = f"{sign} · {service_word(assignment.role)}"
            pencil = IconButton("pencil", say("Correct the times of {unit}").format(unit=sign))
            pencil.clicked.connect(partial(self.times_wanted.emit, assignment.id))
            self._units.addWidget(_marked((head, " · ".join(times)), SyncMark(row.mark), pencil))
        if not line.row.assignments:
            self._units.addWidget(Label(say("No unit yet"), 12, 400, "text2"))

    def _show_accounts(self, line: IncidentLine) -> None:
        _empty(self._accounts)
        incident = line.incident
        first = _told(source_word(incident.source), incident.reported_at, self._zone)
        self._accounts.addWidget(Label(first, 12, 400, "text2"))
        for account in incident.accounts:
            head = _told(source_word(account.source), account.at, self._zone)
            words = f"{head}\n{account.text}" if account.text else head
            self._accounts.addWidget(Label(words, 12, 400, "text2").set_wrapped())

    def show_photos(self, photos: Sequence[Media]) -> None:
        """Show the photos that were filed with it; those that are not here are fetched."""
        self.viewer.setVisible(bool(photos))
        self.viewer.show_media(tuple(photos))

    def show_events(self, events: Sequence[Event], signs: dict[object, str]) -> None:
        """Show what happened to it and to its units, the latest first."""
        self.timeline.set_rows(timeline_rows(events, signs, self._zone))


def _told(source: str, at: datetime, zone: tzinfo) -> str:
    return f"{day(at, zone)} {clock(at, zone)} · {source}"


def _marked(told: tuple[str, str], mark: SyncMark, button: IconButton) -> QWidget:
    line = QWidget()
    row = QHBoxLayout(line)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(8)
    words = QVBoxLayout()
    words.setSpacing(0)
    words.addWidget(Label(told[0], 13, 500))
    words.addWidget(Label(told[1], 12, 400, "text2").set_wrapped())
    row.addLayout(words, 1)
    row.addWidget(mark)
    row.addWidget(button)
    return line


def _empty(layout: QVBoxLayout) -> None:
    while layout.count():
        item = layout.takeAt(0)
        widget = item.widget() if item is not None else None
        if widget is not None:
            widget.hide()
            widget.deleteLater()
