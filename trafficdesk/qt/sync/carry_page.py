"""Carrying a colleague's bundle: the file is chosen, handed in, and its answer lies beside it."""

from functools import partial
from pathlib import Path

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from trafficdesk.qt.equipment import Equipment
from trafficdesk.qt.shell.sheet import Sheet
from trafficdesk.qt.sync.carry_words import carry_words
from trafficdesk.qt.tasks import Lane
from trafficdesk.qt.theme.palette import px
from trafficdesk.qt.widgets.asking_path import (
    FilePicker,
    FolderPicker,
    SystemFilePicker,
    SystemFolderPicker,
)
from trafficdesk.qt.widgets.buttons import ActionButton, Kind
from trafficdesk.qt.widgets.labels import Hairline, Label
from trafficdesk.qt.widgets.messages import InlineMessage
from trafficdesk.qt.widgets.panels import BusyBar, ScrollPanel
from trafficdesk.services.carried import note_carried
from trafficdesk.services.session import Session
from trafficdesk.sync.carrying import CarryError, CarryFault, Errand, Handed, carry_file


class CarryPage(Sheet):
    """A sheet at the trailing edge, as the sync panel that opens it."""

    def __init__(self, equipment: Equipment, session: Session) -> None:
        super().__init__(self.tr("Carry for a colleague"), is_roomy=True)
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
        self.button = ActionButton(self.tr("Choose the file…"), "", Kind.PRIMARY)
        self.button.clicked.connect(self._choose)
        self._build()

    def _build(self) -> None:
        body = QWidget()
        column = QVBoxLayout(body)
        column.setContentsMargins(px(20), px(12), px(20), px(12))
        column.setSpacing(px(12))
        for words in (
            self.tr(
                "A desk that cannot reach the server writes what waits there into a bundle, on a "
                "stick. This desk can hand it in."
            ),
            self.tr(
                "The bundle is sealed: nothing of it can be read here. The server's answer is put "
                "beside it, for your colleague's desk alone."
            ),
        ):
            column.addWidget(Label(words, 13, 400).set_wrapped())
        column.addWidget(self.message)
        column.addWidget(self.busy)
        column.addStretch(1)
        foot = QHBoxLayout()
        foot.setContentsMargins(px(20), px(10), px(20), px(10))
        foot.addWidget(self.button)
        foot.addStretch(1)
        self.column.setContentsMargins(1, 0, 0, 0)
        self.column.addWidget(Hairline())
        self.column.addWidget(ScrollPanel(body), 1)
        self.column.addWidget(Hairline())
        self.column.addLayout(foot)
        self.setFocusProxy(self.button)

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
                "It lies in {folder}. Give it back; the other desk takes it in with: trafficdesk "
                "bundle import"
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
