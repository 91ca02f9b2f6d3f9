"""Contact with the server: how it stands, when it is tried next, whose clock is off."""

from typing import Final

from PySide6.QtCore import QCoreApplication, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from trafficdesk.qt.ages import number
from trafficdesk.qt.sync.summary import is_fetching, span
from trafficdesk.qt.sync.words import contact_words
from trafficdesk.qt.theme.palette import px
from trafficdesk.qt.widgets.buttons import ActionButton
from trafficdesk.qt.widgets.labels import IconLabel, Label
from trafficdesk.qt.widgets.panels import ProgressRow
from trafficdesk.sync.status import Phase, Status
from trafficdesk.wire.codes import Code

SKEW_TOLD_MS: Final = 120_000
_JUST_NOW_MS: Final = 10_000


def _say(source: str) -> str:
    return QCoreApplication.translate("Contact", source)


def contact_title(status: Status) -> str:
    """Return how contact with the server stands, in one line."""
    if status.fault:
        return contact_words(status.fault, status.side)[0].removesuffix(".")
    if status.last_contact_ms is None:
        return _say("Connecting to the server")
    if status.phase is Phase.SENDING:
        return _say("Online, sending")
    if status.is_held:
        return _say("Online, fetching stopped here")
    if is_fetching(status):
        return _say("Online, fetching")
    return _say("Online")


def contact_times(status: Status, now_ms: int) -> str:
    """Return when contact was last and when it is tried next."""
    if status.last_contact_ms is None:
        last = _say("No contact since this desk was unlocked")
    else:
        past_ms = now_ms - status.last_contact_ms
        last = _say("Last contact {span} ago").format(span=span(past_ms))
        if past_ms < _JUST_NOW_MS:
            last = _say("Last contact just now")
    if status.next_try_ms is None:
        return last
    wait_ms = status.next_try_ms - now_ms
    if wait_ms <= 0:
        return _say("{last}, trying now").format(last=last)
    return _say("{last}, next try in {span}").format(last=last, span=span(wait_ms))


def skew_sentence(skew_ms: int | None) -> str:
    """Return how far this desk's clock is off, if so far that somebody should know."""
    if skew_ms is None or abs(skew_ms) <= SKEW_TOLD_MS:
        return ""
    if skew_ms > 0:
        words = _say("This desk's clock is {span} behind the server; nothing depends on it.")
    else:
        words = _say("This desk's clock is {span} ahead of the server; nothing depends on it.")
    return words.format(span=span(abs(skew_ms)))


def contact_icon(status: Status) -> str:
    """Return the icon beside the title."""
    if status.phase is Phase.STOPPED:
        return "octagon-x"
    if status.fault == Code.SIGN_IN_NEEDED:
        return "log-in"
    return "cloud-off" if status.fault else "cloud-check" if status.is_online else "cloud-cog"


def advice_of(status: Status) -> str:
    """Return what there is to do about how contact stands, '' if nothing."""
    if status.fault:
        return contact_words(status.fault, status.side)[1]
    if not status.is_held:
        return ""
    if status.fetched >= status.to_fetch:
        return _say("What others changed comes here when somebody fetches on.")
    words = _say("{done} of {all} are here; the rest comes when somebody fetches on.")
    return words.format(done=number(status.fetched), all=number(status.to_fetch))


class ContactBlock(QWidget):
    """``try_wanted``: somebody does not want to wait; ``hold_wanted``: or wants no more now."""

    try_wanted = Signal()
    hold_wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.icon = IconLabel("cloud-cog", 20)
        self.title = Label("", 15, 600).set_wrapped()
        self.times = Label("", 12, 400, "text2").set_wrapped()
        self.advice = Label("", 12, 400, "text2").set_wrapped()
        self.skew = Label("", 12, 500, "moderate").set_wrapped()
        self.button = ActionButton(self.tr("Try now"))
        self.button.clicked.connect(self.try_wanted)
        self.progress = ProgressRow()
        self.progress.cancelled.connect(self.hold_wanted)
        self.progress.hide()
        words = QVBoxLayout()
        words.setSpacing(px(2))
        for line in (self.title, self.times, self.advice, self.skew):
            words.addWidget(line)
        row = QHBoxLayout()
        row.setSpacing(px(12))
        row.addWidget(self.icon, 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(words, 1)
        row.addWidget(self.button, 0, Qt.AlignmentFlag.AlignTop)
        column = QVBoxLayout(self)
        column.setContentsMargins(px(20), px(12), px(20), px(12))
        column.setSpacing(px(8))
        column.addLayout(row)
        column.addWidget(self.progress)

    def show_status(self, status: Status, now_ms: int) -> None:
        """Show how it stands."""
        self.icon.set_icon(contact_icon(status))
        self.title.setText(contact_title(status))
        self.times.setText(contact_times(status, now_ms))
        self.button.setText(self.tr("Fetch on") if status.is_held else self.tr("Try now"))
        for line, words in (
            (self.advice, advice_of(status)),
            (self.skew, skew_sentence(status.skew_ms)),
        ):
            line.setText(words)
            line.setVisible(bool(words))
        self.button.setVisible(status.fault not in {Code.SIGN_IN_NEEDED, Code.DEVICE_COPIED})
        is_stopped = status.phase is Phase.STOPPED
        self.button.set_refusal(self.tr("Only station IT can help now.") if is_stopped else "")
        self.progress.setVisible(is_fetching(status))
        if is_fetching(status):
            words = self.tr("Fetching {done} of {all}").format(
                done=number(status.fetched), all=number(status.to_fetch)
            )
            self.progress.tell(words, status.fetched / status.to_fetch)
