"""The reports that can be had: what stands in the chosen one, and what to do with it."""

from typing import cast

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QVBoxLayout, QWidget

from trafficdesk.domain.reporting.catalogue import Template
from trafficdesk.qt.analytics.facts_table import FactsTable
from trafficdesk.qt.analytics.report_language import LanguageChoice
from trafficdesk.qt.analytics.report_rows import template_columns, template_rows
from trafficdesk.qt.analytics.report_words import say, template_about, template_title
from trafficdesk.qt.widgets.buttons import ActionButton, Kind
from trafficdesk.qt.widgets.flow import FlowLayout
from trafficdesk.qt.widgets.labels import Hairline, Label


class ReportOffer(QWidget):
    """``chosen`` when another report is looked at, ``opened`` when it is to be seen."""

    chosen = Signal()
    opened = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.templates = FactsTable(
            say("Reports"), template_columns(), is_dense=True, by_click=False
        )
        self.name = Label("", 15, 600).set_wrapped()
        self.contents = Label("", 13, 400, "text2").set_wrapped()
        self.about = Label("", 12, 400, "text2").set_wrapped()
        self.language = LanguageChoice()
        self.look_button = ActionButton(say("Look at it"), "", Kind.PRIMARY)
        self.make_button = ActionButton(say("Save as…"))
        self.plan_button = ActionButton(say("Let it come round…"))
        self._lay_out()
        self.templates.selectionModel().currentChanged.connect(self._choose)
        self.templates.opened.connect(self._open)
        self.setFocusProxy(self.templates)

    def _lay_out(self) -> None:
        buttons = FlowLayout(8)
        for widget in (self.look_button, self.make_button, self.plan_button, self.language):
            buttons.addWidget(widget)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 8)
        column.setSpacing(8)
        self.templates.hug()
        column.addWidget(self.templates)
        column.addWidget(Hairline())
        for label in (self.name, self.contents, self.about):
            column.addWidget(label)
        column.addLayout(buttons)
        column.addStretch(1)

    def show_templates(self, found: tuple[Template, ...]) -> None:
        """Offer these; the first is chosen."""
        self.templates.show_rows(template_rows(found))
        if found:
            self.templates.setCurrentIndex(self.templates.facts.index(0, 0))

    def template(self) -> Template | None:
        """Return the chosen one."""
        row = self.templates.current_row()
        return None if row is None else cast("Template", row.subject)

    def tell(self, about: str, refusal: str) -> None:
        """Say whom and which days it would be about, or why it cannot be had so."""
        template = self.template()
        if template is None:
            return
        self.name.setText(template_title(template.id))
        self.contents.setText(template_about(template))
        self.about.setText(refusal or about)
        self.refuse(refusal)

    def refuse(self, reason: str) -> None:
        """Have no report made, and say why; "" lets it be made."""
        for button in (self.look_button, self.make_button, self.plan_button):
            button.set_refusal(reason)

    @Slot()
    def _choose(self, *_index: object) -> None:
        self.chosen.emit()

    @Slot()
    def _open(self, *_row: object) -> None:
        self.opened.emit()
