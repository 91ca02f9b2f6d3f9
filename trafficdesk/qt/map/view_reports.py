"""The reports that the map shows, as data: those of its view, its days and what is ticked."""

from datetime import tzinfo
from functools import partial
from typing import Final

from PySide6.QtCore import QObject, Signal

from trafficdesk.domain.queues import ReportFilter
from trafficdesk.exports.writing import LISTS, Format
from trafficdesk.maps.sources import count_points
from trafficdesk.qt.exporting.export_words import refusal_words
from trafficdesk.qt.exporting.file_choice import FileChoice
from trafficdesk.qt.exporting.file_writing import FileWriting
from trafficdesk.qt.map.frame import MapFrame
from trafficdesk.qt.map.selection import Look
from trafficdesk.qt.review.filter_words import chip_words
from trafficdesk.qt.review.report_columns import reports_taken
from trafficdesk.qt.tasks import Lane, Lanes
from trafficdesk.qt.widgets.asking_path import FilePicker
from trafficdesk.services.exporting import ListFile, find_fault
from trafficdesk.services.listing import Listing
from trafficdesk.services.session import Session

# A page or a paper of the map is a picture of it; the list in Review makes those of rows.
DATA: Final = tuple(form for form in LISTS if form not in {Format.HTML, Format.PDF})


def filter_of(look: Look) -> ReportFilter:
    """Return what a list asks for to hold the reports that the map shows; its days are when."""
    query = look.query
    return ReportFilter(
        statuses=query.statuses,
        violations=query.violations,
        severities=query.severities,
        bounds=look.bounds,
        occurred_from_ms=query.from_ms,
        occurred_to_ms=query.to_ms,
    )


class ViewReports(QObject):
    """Writes them where the officer says, newest first; ``told`` carries why it does not.

    What comes of a file that is begun is told by ``writing``, which writes one at a time.
    """

    told = Signal(str)

    def __init__(
        self,
        session: Session,
        lanes: Lanes,
        writing: FileWriting,
        frame: MapFrame,
        picker: FilePicker,
    ) -> None:
        super().__init__(frame)
        self._session = session
        self._lanes = lanes.owned_by(self)
        self._writing = writing
        self._frame = frame
        self.files = picker

    def refusal(self, form: Format) -> str:
        """Return why no report can be taken out in this format, "" if they can."""
        fault = find_fault(self._session, form)
        return "" if fault is None else refusal_words(fault)

    def start(self, form: Format, look: Look, zone: tzinfo) -> None:
        """Ask for a file and write what is seen into it; its notes say what was asked, and when."""
        if refusal := self.refusal(form) or self._writing.refusal():
            self.told.emit(refusal)
            return
        day = self._session.clock().date().isoformat()
        choice = FileChoice(self.files, self._frame, self.told.emit)
        chosen = choice.ask(self.tr("Export the reports in view"), f"reports-{day}", (form,))
        if chosen is None:
            return
        path, _ = chosen
        asked = filter_of(look)
        chips = " · ".join(words for _, words in chip_words(asked, None, zone))
        now = self._session.clock().astimezone(zone).isoformat(timespec="minutes")
        notes = (chips, self.tr("As of {time}").format(time=now))
        is_void = not self._frame.layers.has_any_report()
        listing = Listing(asked, is_void=is_void)
        # Counted first, for only then can be told how far it is.
        count = partial(count_points, self._session.store, look.in_view())

        def write(total: int) -> None:
            taken = reports_taken(self._session, listing, 0 if is_void else total, notes)
            file = ListFile(path, form, taken.title, taken.notes, taken.titles)
            self._writing.start(path, partial(taken.export, file), taken.total)

        self._lanes.run(Lane.READER, count, write)
