"""One imported file in the list: when, how many reports, and taking it back."""

from datetime import tzinfo

from PySide6.QtCore import QCoreApplication, Signal

from trafficdesk.domain.times import from_ms
from trafficdesk.qt.admin.parts import Buttons, Column, Question, wrapped
from trafficdesk.qt.ages import moment
from trafficdesk.qt.widgets.buttons import ActionButton, Kind
from trafficdesk.qt.widgets.labels import ElidedLabel
from trafficdesk.store.imports import ImportBatch, ImportState


def reports_word(count: int) -> str:
    """Return a number of reports."""
    return QCoreApplication.translate("ImportsPage", "%n reports", "", count)


class ImportRow(Column):
    """``taken_back``: it was confirmed that the import shall go."""

    taken_back = Signal()

    def __init__(self, batch: ImportBatch, zone: tzinfo, *, may_import: bool) -> None:
        super().__init__(4, (0, 8, 0, 8))
        self.batch = batch
        at = moment(from_ms(batch.at_ms), zone)
        detail = f"{at} · {reports_word(batch.row_count)}"
        if batch.state is ImportState.TAKEN_BACK:
            kept = self.tr("taken back")
            if batch.kept_count:
                kept = self.tr("taken back, {kept} stay").format(
                    kept=reports_word(batch.kept_count)
                )
            detail += f" · {kept}"
        self.add(ElidedLabel(batch.file, 13, 500), wrapped(detail))
        self.remove = ActionButton(self.tr("Take back"), "", Kind.GHOST, icon="trash-2")
        self.remove.setAccessibleName(self.tr("Take {name} back").format(name=batch.file))
        buttons = Buttons(self.remove)
        buttons.setVisible(may_import and batch.state is ImportState.DONE)
        self.question = Question(
            self.tr(
                "Take the reports of {name} off this desk again? Those that somebody has worked on "
                "since stay."
            ).format(name=batch.file),
            self.tr("Take back"),
            self.remove,
            buttons,
        )
        self.add(buttons, self.question)
        self.question.confirmed.connect(self.taken_back)
