"""The administration workspace: sections at the leading side, one page beside them."""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from trafficdesk.qt.admin.account import AccountPage
from trafficdesk.qt.admin.admin_commands import CONTEXT, admin_commands, section_groups
from trafficdesk.qt.admin.audit import AuditPage
from trafficdesk.qt.admin.base_maps import BaseMapsPage
from trafficdesk.qt.admin.city import CityPage
from trafficdesk.qt.admin.imports import ImportsPage
from trafficdesk.qt.admin.keys import KeysPage
from trafficdesk.qt.admin.list_export import AdminExport
from trafficdesk.qt.admin.locking import LockingPage
from trafficdesk.qt.admin.look import LookPage
from trafficdesk.qt.admin.officers import OfficersPage
from trafficdesk.qt.admin.parts import AdminPage
from trafficdesk.qt.admin.section_list import SectionList
from trafficdesk.qt.admin.this_desk import DeskPage
from trafficdesk.qt.admin.violation_types import TypesPage
from trafficdesk.qt.equipment import Equipment
from trafficdesk.qt.theme.palette import px
from trafficdesk.qt.widgets.asking_path import FilePicker, SystemFilePicker
from trafficdesk.qt.widgets.labels import Hairline
from trafficdesk.qt.widgets.messages import InlineMessage, boxed
from trafficdesk.qt.widgets.panels import Panel, StackedPage
from trafficdesk.services.session import Session

ROOM_PX = 760


class AdminWorkspace(QWidget):
    """Pages are made when they are first opened.

    ``shredded``: the desk's keys are destroyed and the session has ended; blank the window, don't
    close the session again, and leave.
    """

    shredded = Signal()

    def __init__(
        self, session: Session, equipment: Equipment, picker: FilePicker | None = None
    ) -> None:
        super().__init__()
        self._session = session
        self.equipment = equipment
        self._picker = picker or SystemFilePicker()
        self._factories = self._page_factories()
        self._made: dict[str, AdminPage] = {}
        self.sections = SectionList(section_groups())
        self.pages = StackedPage()
        self.export = AdminExport(session, self)
        self.export.files = self._picker
        self.told = InlineMessage()
        self.export.told.connect(self._tell)
        self._lay_out()
        self.setFocusProxy(self.sections)
        self.sections.opened.connect(self.open_section)
        equipment.commands.add(admin_commands(self), owner=self)
        equipment.commands.changed.connect(self._show_keys)
        self._show_keys()
        self.open_section("account")

    def _lay_out(self) -> None:
        told = self._told_strip = Panel()
        within = QVBoxLayout(told)
        within.setContentsMargins(0, 0, 0, 0)
        within.setSpacing(0)
        within.addWidget(Hairline())
        within.addWidget(boxed(self.told))
        told.hide()
        column = QVBoxLayout()
        column.setSpacing(0)
        column.addWidget(self.pages, 1)
        column.addWidget(told)
        column.addWidget(self.export.writing.strip)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self.sections)
        row.addLayout(column, 1)

    def _tell(self, words: str) -> None:
        self.told.note(words)
        self._told_strip.show()

    def _page_factories(self) -> dict[str, Callable[[], AdminPage]]:
        session, equipment, picker = self._session, self.equipment, self._picker
        return {
            "account": partial(AccountPage, session, equipment),
            "look": partial(LookPage, equipment),
            "keys": partial(KeysPage, equipment),
            "locking": partial(LockingPage, session, equipment),
            "officers": partial(OfficersPage, session, equipment),
            "types": partial(TypesPage, session, equipment),
            "base_maps": partial(BaseMapsPage, session, equipment, picker),
            "city": partial(CityPage, session, equipment),
            "imports": partial(ImportsPage, session, equipment, picker),
            "audit": partial(AuditPage, session, equipment, picker),
            "desk": self._make_desk_page,
        }

    def _make_desk_page(self) -> AdminPage:
        page = DeskPage(self._session, self.equipment, self._picker)
        page.shredded.connect(self.shredded)
        return page

    def go_to(self, section_id: str) -> None:
        """Show a section and give it the keyboard."""
        self.open_section(section_id)
        self.sections.setFocus()

    def open_section(self, section_id: str) -> AdminPage:
        """Show a section, read anew; returns its page."""
        page = self._made.get(section_id)
        if page is None:
            page = self._made[section_id] = self._factories[section_id]()
            page.export_wanted.connect(self._take_list)
            self._show_export_key(page)
        self._told_strip.hide()
        self.sections.mark(section_id)
        self.pages.show_page(page)
        page.open()
        return page

    def page(self) -> AdminPage:
        """Return the page of the section on screen."""
        return self._made[self.sections.open_id()]

    def _take_list(self) -> None:
        if refusal := self.export.refusal():
            self._tell(refusal)
        else:
            self.export.take()

    def _show_export_key(self, page: AdminPage) -> None:
        if page.list_button is not None:
            page.list_button.set_key(self.equipment.commands.first_key(f"{CONTEXT}.export"))

    def _show_keys(self) -> None:
        for section_id in self._factories:
            key = self.equipment.commands.first_key(f"{CONTEXT}.{section_id}")
            self.sections.set_key(section_id, key)
        for page in self._made.values():
            self._show_export_key(page)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        page = self._made.get(self.sections.open_id())
        if page is not None:
            page.open()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def restyle(self) -> None:
        """Take the list's width from the look that holds now."""
        self._fit()

    def _fit(self) -> None:
        self.sections.set_narrow(self.width() < px(ROOM_PX))
