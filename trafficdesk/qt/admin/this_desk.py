"""This desk: where it stands, what it holds, its crash reports, and the end of its keys."""

import platform
from functools import partial
from pathlib import Path
from zoneinfo import ZoneInfo

from PySide6.QtCore import QCoreApplication, QLocale, Signal, qVersion

from trafficdesk import __version__
from trafficdesk.qt.admin.crash_block import CrashBlock
from trafficdesk.qt.admin.diagnostics_block import DiagnosticsBlock
from trafficdesk.qt.admin.list_export import PageList, plain_list
from trafficdesk.qt.admin.parts import AdminPage, Block, Buttons, Column, Errands, FactRow, wrapped
from trafficdesk.qt.admin.shred_block import ShredBlock
from trafficdesk.qt.admin.updates_block import UpdatesBlock
from trafficdesk.qt.ages import number
from trafficdesk.qt.equipment import Equipment
from trafficdesk.qt.widgets.asking_path import FilePicker
from trafficdesk.qt.widgets.messages import InlineMessage
from trafficdesk.services import desk_care
from trafficdesk.services.admin_exports import POLICY, policy_rows
from trafficdesk.services.desk_care import DeskFacts
from trafficdesk.services.session import Session


class DeskPage(AdminPage):
    """``shredded``: the keys are destroyed; the window must be blanked and the program closed."""

    shredded = Signal()

    def __init__(self, session: Session, equipment: Equipment, picker: FilePicker) -> None:
        super().__init__(
            QCoreApplication.translate("DeskPage", "This desk"),
            QCoreApplication.translate(
                "DeskPage", "What station IT asks for first, and what it can't undo."
            ),
        )
        self._session = session
        self._errands = Errands(self, equipment)
        self.message = InlineMessage()
        self.about = Column(6)
        self.store = Column(6)
        about, store = Block(self.tr("About")), Block(self.tr("What it holds"))
        export = self.make_list_button(self.tr("Export the policy"))
        about.add(self.about, Buttons(export), self.message)
        store.add(self.store)
        self.updates = UpdatesBlock(session.profile.machine, equipment)
        self.diagnostics = DiagnosticsBlock(session, equipment, picker)
        self.crashes = CrashBlock(session.profile, equipment)
        self.shred = ShredBlock(session, equipment)
        self.shred.shredded.connect(self.shredded)
        self.add(about, self.updates, store, self.diagnostics, self.crashes, self.shred)
        self._show_about(None)
        self.store.add(wrapped(self.tr("Counting")))

    def open(self) -> None:
        self._errands.read(
            partial(desk_care.load_desk_facts, self._session), self._show, self.message
        )

    def listed(self) -> PageList | None:
        rows = policy_rows(self._session.profile.machine)
        return plain_list(POLICY, self.tr("Policy of the machine"), rows)

    def _show(self, desk: DeskFacts) -> None:
        self._show_about(desk)
        self._show_store(desk)
        self.shred.set_code(desk.code)
        zone = ZoneInfo(desk.city.time_zone)
        self.updates.open(zone)
        self.crashes.open(zone)

    def _show_about(self, desk: DeskFacts | None) -> None:
        self.about.clear()
        self.about.add(
            FactRow(self.tr("Program"), f"TrafficDesk {__version__}"),
            FactRow(self.tr("Runs on"), f"Python {platform.python_version()}, Qt {qVersion()}"),
            FactRow(self.tr("Folder"), str(self._session.profile.folder)),
        )
        self._show_policy()
        if desk is not None:
            self.about.add(
                FactRow(self.tr("Desk code"), desk.code),
                FactRow(self.tr("City"), desk.city.name),
                FactRow(self.tr("Station"), desk.station),
                FactRow(self.tr("Time zone"), desk.city.time_zone),
                FactRow(self.tr("Device"), str(desk.device_id)),
            )

    def _show_policy(self) -> None:
        machine = self._session.profile.machine
        place = machine.place or self.tr("None: everything is this desk's to choose")
        self.about.add(FactRow(self.tr("Policy of the machine"), place))
        for warned in machine.warned:
            sentence = self.tr("Its part {section} is passed over: {reason}.").format(
                section=warned.section,
                reason=warned.detail or self.tr("this version does not know it"),
            )
            self.about.add(wrapped(sentence, "moderate"))

        rules = machine.policy.enrolment
        if rules is not None and Path(rules.token_file).exists():
            sentence = self.tr("The one-time token in {file} is spent. Let IT remove it.")
            self.about.add(wrapped(sentence.format(file=rules.token_file), "moderate"))

    def _show_store(self, desk: DeskFacts) -> None:
        figures, locale = desk.figures, QLocale()
        self.store.clear()
        counts = (
            (self.tr("Reports"), "reports"),
            (self.tr("Photos"), "media"),
            (self.tr("Citations"), "citations"),
            (self.tr("Incidents"), "incidents"),
            (self.tr("Citizens"), "citizens"),
            (self.tr("Events in the history"), "events"),
            (self.tr("Audit entries"), "audit"),
        )
        for words, table in counts:
            self.store.add(FactRow(words, number(figures.rows[table])))
        size = locale.formattedDataSize(figures.database_bytes + figures.log_bytes, 1)
        self.store.add(
            FactRow(self.tr("Waiting to be sent"), number(figures.waiting_operations)),
            FactRow(self.tr("Size on disk, encrypted"), size),
            FactRow(self.tr("Schema"), number(figures.schema)),
        )
