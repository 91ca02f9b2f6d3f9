"""Crash reports of this desk: read in place, removed together."""

from functools import partial
from zoneinfo import ZoneInfo

from PySide6.QtCore import QCoreApplication

from trafficdesk.profile import Profile
from trafficdesk.qt.admin.parts import Block, Buttons, Column, Errands, wrapped
from trafficdesk.qt.ages import moment, number
from trafficdesk.qt.equipment import Equipment
from trafficdesk.qt.widgets.buttons import ActionButton
from trafficdesk.qt.widgets.labels import Label
from trafficdesk.qt.widgets.messages import InlineMessage
from trafficdesk.services import crash_reports
from trafficdesk.services.crash_reports import CrashReport

SHOWN = 5


class CrashBlock(Block):
    """The newest reports by their error; each opens its text."""

    def __init__(self, profile: Profile, equipment: Equipment) -> None:
        super().__init__(
            QCoreApplication.translate("CrashBlock", "Crash reports"),
            QCoreApplication.translate(
                "CrashBlock",
                "Written when the program met a fault of its own; without personal data. They stay "
                "on this desk until you hand them to station IT.",
            ),
        )
        self._profile = profile
        self._zone = ZoneInfo("UTC")
        self._errands = Errands(self, equipment)
        self.message = InlineMessage()
        self.list = Column(4)
        self.clear_button = ActionButton(self.tr("Remove all crash reports"))
        self.clear_button.clicked.connect(self._clear)
        self.add(self.list, Buttons(self.clear_button), self.message)

    def open(self, zone: ZoneInfo) -> None:
        """Read what lies in the profile; times are shown in ``zone``."""
        self._zone = zone
        self._errands.work(
            partial(crash_reports.list_crash_reports, self._profile), self._show, self.message
        )

    def _show(self, reports: list[CrashReport]) -> None:
        self.list.clear()
        self.heading.set_fact(number(len(reports)) if reports else "")
        self.clear_button.setVisible(bool(reports))
        if not reports:
            self.list.add(wrapped(self.tr("None. That is good.")))
        for report in reports[:SHOWN]:
            self._add(report)
        if reports:
            where = self.tr("Folder: {path}").format(path=self._profile.crash_reports)
            self.list.add(wrapped(where).set_selectable())

    def _add(self, report: CrashReport) -> None:
        when = moment(report.at, self._zone)
        self.list.add(Label(report.summary, 13, 500).set_wrapped().set_selectable())
        show = ActionButton(self.tr("Show the text"))
        show.setAccessibleName(self.tr("Show the crash report of {when}").format(when=when))
        text = Label("", 12, 400, "text2").set_wrapped().set_selectable()
        text.hide()
        show.clicked.connect(partial(self._read, report, text))
        self.list.add(wrapped(when), Buttons(show), text)

    def _read(self, report: CrashReport, text: Label, _checked: bool = False) -> None:
        if text.isVisible():
            text.hide()
            return

        def show(content: str) -> None:
            text.setText(content)
            text.show()

        read = partial(crash_reports.load_crash_report, report.path)
        self._errands.work(read, show, self.message)

    def _clear(self) -> None:
        remove = partial(crash_reports.remove_crash_reports, self._profile)
        self._errands.work(remove, self._cleared, self.message)

    def _cleared(self, count: int) -> None:
        self.message.note(self.tr("Crash reports removed: {count}").format(count=number(count)))
        self.open(self._zone)
