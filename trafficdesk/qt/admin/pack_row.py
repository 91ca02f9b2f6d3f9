"""One base map in the list: what it shows, whether it is in use, and what can be done with it."""

from PySide6.QtCore import QLocale, Signal

from trafficdesk.maps.packs import Pack
from trafficdesk.qt.admin.parts import Buttons, Column, Question, wrapped
from trafficdesk.qt.widgets.buttons import ActionButton, Kind
from trafficdesk.qt.widgets.labels import ElidedLabel, label_row


class PackRow(Column):
    """``chosen``: show it on the map; ``removed``: it was confirmed that it shall go."""

    chosen = Signal()
    removed = Signal()

    def __init__(self, pack: Pack, size_bytes: int, *, in_use: bool, may_manage: bool) -> None:
        super().__init__(4, (0, 8, 0, 8))
        self.pack = pack
        facts = pack.facts
        name = ElidedLabel(facts.title or pack.name, 13, 500).hug()
        mark = ElidedLabel(self.tr("On the map") if in_use else "", 12, 500, "accent").hug()
        self.rows.addLayout(label_row(name, mark, spacing_px=12))
        detail = self.tr("Zoom {least} to {most} · {size} · {attribution}").format(
            least=facts.min_zoom,
            most=facts.max_zoom,
            size=QLocale().formattedDataSize(size_bytes, 1),
            attribution=facts.attribution or self.tr("no source given"),
        )
        self.add(wrapped(detail))
        if facts.sketch:
            self.add(wrapped(self.tr("A sketch, not for navigation.")))
        self.use = ActionButton(self.tr("Show on the map"))
        self.use.setAccessibleName(self.tr("Show {name} on the map").format(name=pack.name))
        if in_use:
            self.use.hide()
        self.remove = ActionButton(self.tr("Remove"), "", Kind.GHOST, icon="trash-2")
        self.remove.setAccessibleName(self.tr("Remove {name}").format(name=pack.name))
        if not may_manage:
            self.remove.hide()
        buttons = Buttons(self.use, self.remove)
        if in_use and not may_manage:
            buttons.hide()
        self.question = Question(
            self.tr(
                "Remove the base map {name} from this desk? Its file can be imported again."
            ).format(name=pack.name),
            self.tr("Remove"),
            self.remove,
            buttons,
        )
        self.add(buttons, self.question)
        self.use.clicked.connect(self.chosen)
        self.question.confirmed.connect(self.removed)
