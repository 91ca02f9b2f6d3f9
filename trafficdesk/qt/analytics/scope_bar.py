"""What is looked at: days, whom, against what, and how old the data is."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from trafficdesk.qt.analytics.choosing import (
    Choice,
    against_words,
    period_words,
    say,
    subject_words,
    unfinished_words,
)
from trafficdesk.qt.analytics.metric_words import same_part_words
from trafficdesk.qt.theme.palette import px
from trafficdesk.qt.widgets.buttons import ActionButton, Kind
from trafficdesk.qt.widgets.labels import ElidedLabel, IconLabel
from trafficdesk.qt.widgets.panels import Panel


class ScopeBar(Panel):
    """Buttons that say what is chosen; pressed, they offer something else."""

    def __init__(self) -> None:
        super().__init__("surface")
        self.setProperty("pane", True)
        self.setAccessibleName(say("What is looked at"))
        self.period = ActionButton("", icon="calendar")
        self.subject = ActionButton("", icon="map-pin")
        self.against = ActionButton("", icon="git-compare-arrows")
        self.tables = ActionButton(say("Tables"), icon="table-2")
        self.tables.setCheckable(True)
        self._row = QHBoxLayout(self)
        self._row.setSpacing(8)
        for button in (self.period, self.subject, self.against, self.tables):
            self._row.addWidget(button)
            button.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self.unfinished = ElidedLabel("", 13, 500, "text2").hug()
        self._row.addWidget(self.unfinished)
        self._row.addStretch(1)
        self.restyle()

    def restyle(self) -> None:
        """Take the height from the look that holds now."""
        self._row.setContentsMargins(16, 0, 16, 0)
        self.setFixedHeight(px(48))
        super().restyle()

    def show_choice(self, choice: Choice) -> None:
        """Say what is looked at, and whether it is over as it is counted."""
        unfinished = unfinished_words(choice)
        for button, name, words in (
            (self.period, say("Period"), period_words(choice.period)),
            (self.subject, say("Place"), subject_words(choice.subject)),
            (self.against, say("Compared"), against_words(choice)),
        ):
            button.setText(words)
            button.setAccessibleName(f"{name}: {words}")
            button.restyle()
        self.unfinished.setText(unfinished)
        self.unfinished.setVisible(bool(unfinished))
        self.unfinished.setToolTip(f"{unfinished}\n{same_part_words()}" if unfinished else "")
        self.against.set_hint(same_part_words() if unfinished else "")
        if unfinished:
            self.period.setAccessibleName(f"{self.period.accessibleName()}. {unfinished}")


class AgeLine(QWidget):
    """How old the data is, and a way to stop counting; ``stopped`` when that is wanted."""

    stopped = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.stop = ActionButton(say("Stop"), kind=Kind.GHOST)
        self.stop.clicked.connect(self.stopped)
        self.icon = IconLabel("cloud-off", 14)
        self.age = ElidedLabel("", 13, 500).hug()
        row = QHBoxLayout(self)
        row.setContentsMargins(8, 0, 16, 0)
        row.setSpacing(8)
        row.addStretch(1)  # so that the age stays where it is when the button goes
        row.addWidget(self.stop)
        row.addWidget(self.icon)
        row.addWidget(self.age, 0, Qt.AlignmentFlag.AlignVCenter)
        self.stop.hide()

    def show_age(self, words: str, *, is_live: bool) -> None:
        """Say how old the data is."""
        self.age.setText(words)
        self.age.setToolTip(words)
        self.icon.set_icon("cloud-check" if is_live else "cloud-off")

    def show_busy(self, words: str) -> None:
        """Say what is being counted; "" when it is done."""
        self.stop.setVisible(bool(words))
        self.stop.set_hint(words)
