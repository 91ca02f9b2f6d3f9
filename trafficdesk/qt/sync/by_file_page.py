"""Exchanging by file, where there is no line: this desk's own work, and a colleague's."""

from PySide6.QtWidgets import QVBoxLayout, QWidget

from trafficdesk.qt.equipment import Equipment
from trafficdesk.qt.shell.sheet import Sheet
from trafficdesk.qt.sync.carry_block import CarryBlock
from trafficdesk.qt.sync.own_file_block import OwnFileBlock
from trafficdesk.qt.sync.running import DeskSync
from trafficdesk.qt.theme.palette import px
from trafficdesk.qt.widgets.labels import Hairline
from trafficdesk.qt.widgets.panels import ScrollPanel
from trafficdesk.services.session import Session


class ByFilePage(Sheet):
    """A sheet at the trailing edge, as the sync panel that opens it."""

    def __init__(self, equipment: Equipment, session: Session, sync: DeskSync) -> None:
        super().__init__(self.tr("By file"), is_roomy=True)
        self.own = OwnFileBlock(equipment, session, sync)
        self.carrying = CarryBlock(equipment, session)
        body = QWidget()
        column = QVBoxLayout(body)
        column.setContentsMargins(px(20), px(16), px(20), px(16))
        column.setSpacing(px(16))
        column.addWidget(self.own)
        column.addWidget(Hairline())
        column.addWidget(self.carrying)
        column.addStretch(1)
        self.column.setContentsMargins(1, 0, 0, 0)
        self.column.addWidget(Hairline())
        self.column.addWidget(ScrollPanel(body), 1)
        self.setFocusProxy(self.own.write_button)
