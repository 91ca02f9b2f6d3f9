"""Imports: a file of reports or wards brought in by a mapping, and imports taken back."""

from dataclasses import dataclass
from functools import partial
from pathlib import Path
from threading import Event
from zoneinfo import ZoneInfo

from PySide6.QtCore import QCoreApplication

from trafficdesk.domain.permissions import Permission
from trafficdesk.exports.table import Tick
from trafficdesk.qt.admin.import_row import ImportRow, reports_word
from trafficdesk.qt.admin.import_words import import_sentence, row_lines, take_back_sentence
from trafficdesk.qt.admin.list_export import PageList
from trafficdesk.qt.admin.parts import AdminPage, Block, Buttons, Column, Errands, wrapped
from trafficdesk.qt.equipment import Equipment
from trafficdesk.qt.widgets.asking_path import FilePicker
from trafficdesk.qt.widgets.buttons import ActionButton, Kind
from trafficdesk.qt.widgets.messages import InlineMessage
from trafficdesk.qt.widgets.panels import ProgressRow
from trafficdesk.services.admin_exports import IMPORTS, export_imports
from trafficdesk.services.exporting import Exported, ExportFault, ListFile
from trafficdesk.services.importing import batches
from trafficdesk.services.importing.batches import TakeBackFault, TakenBack
from trafficdesk.services.importing.faults import ImportRefused, RefusedError
from trafficdesk.services.importing.files import Imported, Watch, import_reports
from trafficdesk.services.importing.mapping import load_mapping
from trafficdesk.services.importing.wards import import_wards
from trafficdesk.services.session import Session
from trafficdesk.store import facts
from trafficdesk.store.imports import ImportBatch


@dataclass(frozen=True, slots=True)
class ImportShelf:
    """What was imported, and the zone its times are told in."""

    found: tuple[ImportBatch, ...]
    zone: ZoneInfo


def load_shelf(session: Session) -> ImportShelf:
    """Read what was imported at this desk."""
    with session.store.reading() as connection:
        zone = ZoneInfo(facts.time_zone(connection))
    return ImportShelf(tuple(batches.find_imports(session)), zone)


def run_import(
    session: Session, path: Path, mapping: Path, watch: Watch
) -> Imported | ImportRefused:
    """Import a file of reports or wards, whichever the mapping is for."""
    try:
        rules = load_mapping(mapping)
    except RefusedError as error:
        return error.refused
    if rules.kind == "wards":
        return import_wards(session, path, rules)
    return import_reports(session, path, rules, watch)


class ImportsPage(AdminPage):
    """Files of others, and the way back."""

    def __init__(self, session: Session, equipment: Equipment, picker: FilePicker) -> None:
        super().__init__(
            QCoreApplication.translate("ImportsPage", "Imports"),
            QCoreApplication.translate(
                "ImportsPage", "Reports and wards from files: every row, or none if one is wrong."
            ),
        )
        self._session = session
        self._picker = picker
        self._changes = equipment.changes
        self._errands = Errands(self, equipment)
        self._may_import = session.may(Permission.REPORT_IMPORT)
        self._stop = Event()
        self._found: tuple[ImportBatch, ...] | None = None
        self.rows: list[ImportRow] = []
        self.message = InlineMessage()
        self.progress = ProgressRow()
        self.progress.hide()
        self.progress.cancelled.connect(self._stop.set)
        self.import_button = ActionButton(
            self.tr("Import a file"), "", Kind.PRIMARY, icon="folder-open"
        )
        self.import_button.clicked.connect(self._pick)
        self.faults = Column(2)
        self._list = Column(4)
        self._add_blocks()

    def _add_blocks(self) -> None:
        bring = Block(
            self.tr("Bring in"),
            self.tr(
                "Choose a CSV or GeoJSON file, then the mapping that says what its columns mean. "
                "Mappings to start from come with the program."
            ),
        )
        bring.add(Buttons(self.import_button), self.progress, self.message, self.faults)
        if not self._may_import:
            reason = self.tr("Only a supervisor or an administrator can import files.")
            self.import_button.set_refusal(reason)
            bring.add(wrapped(reason))
        before = Block(self.tr("Imported at this desk"))
        before.add(Buttons(self.make_list_button()), self._list)
        self.add(bring, before)

    def open(self) -> None:
        self._errands.read(partial(load_shelf, self._session), self._show, self.message)

    def listed(self) -> PageList | None:
        found = self._found
        if found is None:
            return None

        def export(session: Session, file: ListFile, tick: Tick) -> Exported | ExportFault:
            return export_imports(session, found, file, tick)

        return PageList(IMPORTS, self.tr("Imports"), len(found), export)

    def _show(self, shelf: ImportShelf) -> None:
        self._found = shelf.found
        self._list.clear()
        self.rows = []
        for batch in shelf.found:
            row = ImportRow(batch, shelf.zone, may_import=self._may_import)
            row.taken_back.connect(partial(self._take_back, batch.pk))
            self.rows.append(row)
            self._list.add(row)
        if not shelf.found:
            self._list.add(wrapped(self.tr("Nothing yet.")))

    def _pick(self) -> None:
        tables = self.tr("Tables and maps") + " (*.csv *.csv.gz *.geojson *.json *.gz)"
        path = self._picker.to_open(self, self.tr("Import a file"), tables)
        if path is None:
            return
        title = self.tr("The mapping of {name}").format(name=path.name)
        mapping = self._picker.to_open(self, title, self.tr("Mappings") + " (*.toml)")
        if mapping is not None:
            self.import_file(path, mapping)

    def import_file(self, path: Path, mapping: Path) -> None:
        """Import a file in the background: officers go on deciding meanwhile."""
        self._begin(self.tr("Reading {name}").format(name=path.name))

        def tell(done: int, total: int) -> None:
            share = done / total
            self._errands.call_home(partial(self._tell_progress, path.name, share))

        work = partial(run_import, self._session, path, mapping, Watch(tell, self._stop.is_set))
        self._errands.work(work, self._imported, self.message, self._end)

    def _begin(self, words: str) -> None:
        self._stop.clear()
        self.message.clear()
        self.faults.clear()
        self.import_button.set_refusal(self.tr("A file is being imported."))
        self.progress.tell(words)
        self.progress.show()

    def _tell_progress(self, name: str, share: float) -> None:
        self.progress.tell(self.tr("Importing {name}").format(name=name), share)

    def _end(self) -> None:
        self.progress.hide()
        self.import_button.set_refusal("")

    def _imported(self, result: Imported | ImportRefused) -> None:
        self._end()
        if isinstance(result, ImportRefused):
            self.message.tell(import_sentence(result))
            for line in row_lines(result.errors):
                self.faults.add(wrapped(line))
        else:
            words = reports_word(result.rows) if result.batch else self.tr("The wards")
            self.message.note(self.tr("Imported: {what}.").format(what=words))
            self._changes.tell(result.changed)
        self.open()

    def _take_back(self, pk: int) -> None:
        self._begin(self.tr("Taking the import back"))
        work = partial(batches.take_back, self._session, pk)
        self._errands.work(work, self._taken_back, self.message, self._end)

    def _taken_back(self, result: TakenBack | TakeBackFault) -> None:
        self._end()
        if isinstance(result, TakeBackFault):
            self.message.tell(take_back_sentence(result))
        else:
            words = self.tr("Taken back: {taken}.").format(taken=reports_word(result.taken))
            if result.kept:
                kept = reports_word(result.kept)
                words += " " + self.tr("Worked on since, so still here: {kept}.").format(kept=kept)
            self.message.note(words)
            self._changes.tell(result.changed)
        self.open()
