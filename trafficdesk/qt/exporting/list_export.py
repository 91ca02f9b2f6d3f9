"""Taking a list that is shown out as a file, with its progress beside the list."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from trafficdesk.exports.table import Tick
from trafficdesk.exports.writing import LISTS, OF_PLACES, Format
from trafficdesk.qt.exporting.export_words import refusal_words
from trafficdesk.qt.exporting.file_choice import FileChoice
from trafficdesk.qt.exporting.file_writing import FileWriting
from trafficdesk.qt.exporting.list_pdf import write_pdf
from trafficdesk.qt.tasks import Lanes
from trafficdesk.qt.widgets.asking_path import FilePicker, SystemFilePicker
from trafficdesk.services.exporting import Exported, ExportFault, ListFile, find_fault
from trafficdesk.services.session import Session


@dataclass(frozen=True, slots=True)
class Taken:
    """A list that is taken out: its file's first word, its title, its rows, and who writes it.

    ``notes`` say of the file what it holds; ``titles`` are the columns' words. Without
    ``has_places`` it goes into no format of maps.
    """

    name: str
    title: str
    total: int
    export: Callable[[ListFile, Tick], Exported | ExportFault]
    notes: tuple[str, ...] = ()
    titles: Mapping[str, str] = field(default_factory=dict)
    has_places: bool = True


class ListExport(QObject):
    """Writes a list where the officer says; ``told`` carries what came of it, in words.

    ``writing`` shows how far it is and stops it. One list is written at a time.
    """

    told = Signal(str)

    def __init__(self, session: Session, lanes: Lanes, parent: QWidget) -> None:
        super().__init__(parent)
        self._session = session
        self._parent = parent
        self.files: FilePicker = SystemFilePicker()
        self.writing = FileWriting(lanes, self)
        self.writing.told.connect(self.told)

    def refusal(self) -> str:
        """Return why no list can be taken out, "" if one can."""
        if refusal := self.writing.refusal():
            return refusal
        faults = [find_fault(self._session, form) for form in LISTS]
        return "" if None in faults else refusal_words(faults[0] or ExportFault.NOT_PERMITTED)

    def start(self, taken: Taken) -> None:
        """Ask for a file and write a list into it."""
        if refusal := self.refusal():
            self.told.emit(refusal)
            return
        left_out = frozenset[Format]() if taken.has_places else OF_PLACES
        forms = (form for form in LISTS if form not in left_out)
        offered = [form for form in forms if find_fault(self._session, form) is None]
        if not offered:
            self.told.emit(refusal_words(ExportFault.BY_POLICY))
            return
        day = self._session.clock().date().isoformat()
        choice = FileChoice(self.files, self._parent, self.told.emit)
        chosen = choice.ask(self.tr("Export the list"), f"{taken.name}-{day}", offered)
        if chosen is None:
            return
        path, form = chosen
        write = write_pdf if form is Format.PDF else None
        file = ListFile(path, form, taken.title, taken.notes, taken.titles, write)
        self.writing.start(path, partial(taken.export, file), taken.total)
