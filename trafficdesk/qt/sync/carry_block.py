"""A colleague's bundle is carried: chosen, handed in, and its answer lies beside it."""

from functools import partial
from pathlib import Path

from PySide6.QtWidgets import QVBoxLayout, QWidget

from trafficdesk.qt.equipment import Equipment
from trafficdesk.qt.sync.carry_words import carry_words
from trafficdesk.qt.tasks import Lane
from trafficdesk.qt.theme.palette import px
from trafficdesk.qt.widgets.asking_path import (
    FilePicker,
    FolderPicker,
    SystemFilePicker,
    SystemFolderPicker,
)
from trafficdesk.qt.widgets.buttons import ActionButton
from trafficdesk.qt.widgets.labels import Label, label_row
from trafficdesk.qt.widgets.messages import InlineMessage
from trafficdesk.qt.widgets.panels import BusyBar
from trafficdesk.services.carried import note_carried
from trafficdesk.services.session import Session
from trafficdesk.sync.carrying import CarryError, CarryFault, Errand, Handed, carry_file


class CarryBlock(QWidget):
    """What carrying is, the button for it, and what came of the last try."""

    def __init__(self, equipment: Equipment, session: Session) -> None:
        super().__init__()
        self._lanes = equipment.lanes.owned_by(self)
        self._failed = equipment.lanes.failed
        self._session = session
        self._unwritten: Path | None = None
        self._had_focus = False
        self.files: FilePicker = SystemFilePicker()
        self.folders: FolderPicker = SystemFolderPicker()
        self.message = InlineMessage()
        self.message.acted.connect(self._carry_elsewhere)
        self.busy = BusyBar()
        self.button = ActionButton(self.tr("Carry a file…"))
        self.button.clicked.connect(self._choose)
        words = self.tr(
            "What a colleague's desk wrote can be handed in over this desk's line. It is sealed, "
            "and nothing of it can be read here. The server's answer is put beside it, for that "
            "desk alone."
        )
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(px(8))
        column.addWidget(Label(self.tr("For a colleague"), 13, 600))
        column.addWidget(Label(words, 13, 400).set_wrapped())
        column.addLayout(label_row(self.button))
        column.addWidget(self.busy)
        column.addWidget(self.message)

    def _choose(self) -> None:
        kinds = self.tr("Bundles (*.tdbundle);;All files (*)")
        path = self.files.to_open(self, self.tr("A colleague's bundle"), kinds)
        if path is not None:
            self._carry(Errand(path))

    def _carry_elsewhere(self) -> None:
        """Carry the same file again, and put its answer into another folder."""
        path = self._unwritten
        folder = self.folders.to_use(self, self.tr("A folder for the answer"))
        if path is not None and folder is not None:
            self._carry(Errand(path, folder))

    def _carry(self, errand: Errand) -> None:
        self.message.clear()
        self._set_busy(self.tr("The server is asked"))
        session = self._session

        def note(handed: Handed) -> None:
            note_carried(session, handed.name, handed.sha256)

        work = partial(carry_file, session.store, session.device, errand, note)
        self._lanes.run(Lane.IO, work, self._tell_carried, partial(self._fail, errand))

    def _tell_carried(self, back: Path) -> None:
        self._set_busy("")
        self.message.note(
            self.tr("The server has it. Its answer: {name}").format(name=back.name),
            self.tr(
                "It lies in {folder}. Give it back, for your colleague's desk to take in."
            ).format(folder=back.parent),
        )

    def _fail(self, errand: Errand, error: Exception) -> None:
        self._set_busy("")
        words = carry_words(error)
        if words is None:
            self._failed.emit(error)
            return
        is_unwritten = isinstance(error, CarryError) and error.fault is CarryFault.UNWRITTEN
        self._unwritten = errand.file if is_unwritten else None
        self.message.tell(*words, self.tr("Choose a folder…") if is_unwritten else "")

    def _set_busy(self, reason: str) -> None:
        has_focus = self.button.hasFocus()
        self.button.set_refusal(reason)
        if not reason and self._had_focus:
            self.button.setFocus()
        self._had_focus = has_focus
        self.busy.set_busy(bool(reason))
