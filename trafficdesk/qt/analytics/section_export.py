"""Taking a section out: its chart as a picture, its numbers as a table, from one menu."""

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from trafficdesk.domain.permissions import Permission
from trafficdesk.exports.table import Table, Tick
from trafficdesk.exports.writing import LISTS, OF_PLACES, Format, write_table
from trafficdesk.qt.analytics.choosing import choice_words
from trafficdesk.qt.analytics.page import say
from trafficdesk.qt.analytics.section import Section
from trafficdesk.qt.analytics.section_table import is_personal, slug, table_of
from trafficdesk.qt.exporting.export_words import kind_word, refusal_words
from trafficdesk.qt.exporting.file_choice import FileChoice
from trafficdesk.qt.exporting.file_writing import FileWriting, put_made
from trafficdesk.qt.exporting.list_pdf import write_pdf
from trafficdesk.qt.exporting.pictures import Picture, picture_maker
from trafficdesk.qt.widgets.asking_path import FilePicker, SystemFilePicker
from trafficdesk.qt.widgets.menus import Menu, MenuHeading, MenuItem
from trafficdesk.services.exporting import (
    Exported,
    ExportFault,
    Making,
    export_made,
    find_fault,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from trafficdesk.qt.analytics.workspace import AnalyticsWorkspace

_PICTURES: Final = (Format.PNG, Format.SVG, Format.PDF)


class SectionExport(QObject):
    """Offers a section's formats and writes it; ``told`` carries what came of it, in words."""

    told = Signal(str)

    def __init__(self, desk: "AnalyticsWorkspace") -> None:
        super().__init__(desk)
        self._desk = desk
        self._session = desk.gear.session
        self._key = ""
        self.files: FilePicker = SystemFilePicker()
        self.writing = FileWriting(desk.gear.lanes, self)
        self.writing.told.connect(self.told)
        self.told.connect(desk.tell)

    def watch(self, page: QWidget) -> None:
        """Open the menu of a page's sections when that is wanted."""
        for section in page.findChildren(Section):
            section.export_wanted.connect(partial(self.open_menu, section))
            section.export_button.set_key(self._key)

    def show_key(self, key: str) -> None:
        """Show the key on the sections' buttons."""
        self._key = key
        for section in self._desk.findChildren(Section):
            section.export_button.set_key(key)

    # which section, and as what

    def section(self) -> Section | None:
        """Return the section that has the keyboard, else the first that has anything to show."""
        sections = [each for each in self._desk.page.findChildren(Section) if each.isVisible()]
        focused = self._desk.page.focusWidget()
        for section in sections:
            if focused is not None and section.isAncestorOf(focused):
                return section
        return next((each for each in sections if not each.is_empty), None)

    def refusal(self) -> str:
        """Return why nothing can be taken out; "" if something can."""
        faults = [self._fault(form) for form in Format]
        return "" if None in faults else refusal_words(faults[0] or ExportFault.NOT_PERMITTED)

    def _fault(self, form: Format) -> ExportFault | None:
        return find_fault(self._session, form, Permission.REPORT_EXPORT)

    def pictures_of(self, section: Section) -> tuple[Format, ...]:
        """Return the formats in which a section's chart may be taken out."""
        if not section.has_picture or section.is_empty:
            return ()
        return tuple(form for form in _PICTURES if self._fault(form) is None)

    def numbers_of(self, section: Section) -> tuple[Format, ...]:
        """Return the formats in which a section's numbers may be taken out."""
        table = self._table(section)
        if table is None:
            return ()
        left_out = frozenset[Format]() if table.place is not None else OF_PLACES
        forms = [form for form in LISTS if form not in left_out]
        return tuple(form for form in forms if self._fault(form) is None)

    def open_here(self) -> None:
        """Offer the formats of the section that has the keyboard."""
        section = self.section()
        if section is None:
            self.told.emit(say("There is nothing to export here yet"))
        else:
            self.open_menu(section)

    def open_menu(self, section: Section) -> None:
        """Offer the formats of a section."""
        if refusal := self.refusal():
            self.told.emit(refusal)
            return
        groups: tuple[tuple[str, tuple[Format, ...], Callable[[Section, Format], None]], ...] = (
            (say("The chart"), self.pictures_of(section), self.save_picture),
            (say("The numbers"), self.numbers_of(section), self.save_numbers),
        )
        lines: list[MenuItem | MenuHeading] = []
        for heading, forms, act in groups:
            if forms:
                lines.append(MenuHeading(heading))
            for form in forms:
                words = f"{kind_word(form)} (.{form})"
                lines.append(MenuItem(words, partial(act, section, form)))
        if lines:
            Menu(tuple(lines), self._desk).open_below(section.export_button)
        else:
            self.told.emit(say("There is nothing to export here yet"))

    # writing

    def save_picture(self, section: Section, form: Format) -> None:
        """Ask for a file and write a section's chart into it."""
        path = self._ask(section, form)
        if path is None:
            return
        picture = Picture(section.title.text(), self._notes(section), section.picture())
        made = picture_maker(picture, form)

        def write(tick: Tick, target: Path) -> int:
            return put_made(lambda _tick: made(), tick, target)

        self._run(self._making(section, path, form, is_masked=False), write)

    def save_numbers(self, section: Section, form: Format) -> None:
        """Ask for a file and write a section's numbers into it."""
        table, path = self._table(section), self._ask(section, form)
        if table is None or path is None:
            return

        def write(tick: Tick, target: Path) -> int:
            write_table(table, target, form, tick, write_pdf if form is Format.PDF else None)
            return 0

        is_masked = is_personal(section) and self._is_masked
        self._run(self._making(section, path, form, is_masked=is_masked), write)

    @property
    def _is_masked(self) -> bool:
        return not self._session.may(Permission.CITIZEN_READ_PII)

    def _table(self, section: Section) -> Table | None:
        return table_of(section, self._notes(section), is_masked=self._is_masked)

    def _notes(self, section: Section) -> tuple[str, ...]:
        desk, now = self._desk, self._session.clock()
        words = "" if desk.choice is None else choice_words(desk.choice)
        written = say("Written {time}").format(time=now.isoformat(timespec="minutes"))
        return tuple(filter(None, (section.fact.text(), words, desk.age.age.text(), written)))

    def _ask(self, section: Section, form: Format) -> Path | None:
        name = slug(section.title.text(), "figures")
        day = self._session.clock().date().isoformat()
        title = say("Export: {section}").format(section=section.title.text())
        choice = FileChoice(self.files, self._desk, self.told.emit)
        chosen = choice.ask(title, f"{name}-{day}", (form,))
        return None if chosen is None else chosen[0]

    def _making(self, section: Section, path: Path, form: Format, *, is_masked: bool) -> Making:
        detail = {"section": section.title.text(), "masked": is_masked}
        permission = Permission.REPORT_EXPORT
        return Making("analytics.export", permission, path, form, detail, is_masked)

    def _run(self, making: Making, write: "Callable[[Tick, Path], int]") -> None:
        def work(tick: Tick) -> Exported | ExportFault:
            return export_made(self._session, making, partial(write, tick))

        self.writing.start(making.path, work)
