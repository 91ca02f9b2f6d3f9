"""A file for whoever mends this desk, written where the officer says."""

from functools import partial
from pathlib import Path

from PySide6.QtCore import QCoreApplication

from trafficdesk.domain.times import utc_now
from trafficdesk.qt.admin.parts import Block, Buttons, Errands
from trafficdesk.qt.equipment import Equipment
from trafficdesk.qt.widgets.asking_path import FilePicker
from trafficdesk.qt.widgets.buttons import ActionButton
from trafficdesk.qt.widgets.messages import InlineMessage
from trafficdesk.services.diagnostics import write_diagnostics
from trafficdesk.services.session import Session


class DiagnosticsBlock(Block):
    """One button; says what the file holds before it is written."""

    def __init__(self, session: Session, equipment: Equipment, picker: FilePicker) -> None:
        super().__init__(
            QCoreApplication.translate("DiagnosticsBlock", "Diagnostics"),
            QCoreApplication.translate(
                "DiagnosticsBlock",
                "A file for station IT: versions, sizes, counts, codes, the journal and crash "
                "reports. It holds nothing of people or cases, and no keys.",
            ),
        )
        self._session = session
        self._picker = picker
        self._errands = Errands(self, equipment)
        self.message = InlineMessage()
        self.button = ActionButton(self.tr("Write a diagnostics file"), icon="file-down")
        self.button.clicked.connect(self._ask)
        self.add(Buttons(self.button), self.message)

    def _ask(self) -> None:
        title = self.tr("Write a diagnostics file")
        name = f"trafficdesk-diagnostics-{utc_now():%Y%m%d}.zip"
        path = self._picker.to_save(self, title, name)
        if path is None:
            return
        self.message.clear()
        self.button.set_refusal(self.tr("The file is being written."))
        write = partial(write_diagnostics, self._session.profile, path, self._session)
        self._errands.work(write, partial(self._tell, path), self.message, self._end)

    def _end(self) -> None:
        self.button.set_refusal("")

    def _tell(self, path: Path, _parts: list[str]) -> None:
        self._end()
        self.message.note(self.tr("Written to {file}.").format(file=path.name))
