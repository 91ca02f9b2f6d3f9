"""Look: theme, text size and row height; each choice holds at once."""

from PySide6.QtCore import QCoreApplication

from trafficdesk.qt.admin.parts import AdminPage, Block, Buttons
from trafficdesk.qt.equipment import Equipment
from trafficdesk.qt.widgets.choices import Choice, Toggle

TEXT_PERCENTS = (100, 110, 125, 150)


class LookPage(AdminPage):
    """What an officer chooses for their eyes; it holds for everybody at this desk."""

    def __init__(self, equipment: Equipment) -> None:
        super().__init__(
            QCoreApplication.translate("LookPage", "Look"),
            QCoreApplication.translate(
                "LookPage", "Each choice holds at once, for everybody who uses this desk."
            ),
        )
        self._settings = equipment.settings
        self.theme = Choice(
            self.tr("Theme"),
            (
                ("system", self.tr("As the system")),
                ("light", self.tr("Light")),
                ("dark", self.tr("Dark")),
            ),
        )
        self.text_size = Choice(
            self.tr("Text size"), tuple((str(p), f"{p} %") for p in TEXT_PERCENTS)
        )
        self.compact = Toggle(self.tr("Compact rows"))
        self._add_blocks()
        self.theme.chosen.connect(lambda theme: self._settings.change(theme=theme))
        self.text_size.chosen.connect(
            lambda percent: self._settings.change(text_percent=int(percent))
        )
        self.compact.toggled.connect(self._set_compact)
        self._settings.changed.connect(self._show)
        self._show()

    def _add_blocks(self) -> None:
        theme = Block(
            self.tr("Theme"),
            self.tr("The dark theme spares your eyes at night; photos are dimmed a little."),
        )
        theme.add(Buttons(self.theme))
        text = Block(
            self.tr("Text size"), self.tr("The whole desk grows with its text. Nothing is cut off.")
        )
        text.add(Buttons(self.text_size))
        rows = Block(
            self.tr("Rows"), self.tr("Compact rows show more reports and need a surer hand.")
        )
        rows.add(self.compact)
        self.add(theme, text, rows)

    def _set_compact(self, is_compact: bool) -> None:
        self._settings.change(density="compact" if is_compact else "comfortable")

    def _show(self) -> None:
        values = self._settings.values
        self.theme.choose(values.theme)
        nearest = min(TEXT_PERCENTS, key=lambda percent: abs(percent - values.text_percent))
        self.text_size.choose(str(nearest))
        self.compact.setChecked(values.density == "compact")
