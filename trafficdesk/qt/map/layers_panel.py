"""The panel at the leading edge: which layers, severities and stages are shown, on which map."""

from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication, QSize, Signal
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from trafficdesk.domain.vocabulary import Entity, ReportStatus, Severity
from trafficdesk.maps.overview import Chosen, Overview
from trafficdesk.qt.map.layer_check import LayerCheck
from trafficdesk.qt.map.type_choice import TypeChoice
from trafficdesk.qt.theme.palette import px
from trafficdesk.qt.widgets.buttons import ActionButton, Kind
from trafficdesk.qt.widgets.labels import Hairline, Label, SectionHeading
from trafficdesk.qt.widgets.menus import Menu, MenuItem
from trafficdesk.qt.widgets.panels import Panel, ScrollPanel
from trafficdesk.qt.words import severity_word

if TYPE_CHECKING:
    from collections.abc import Iterable

LAYERS: Final[dict[str, object]] = {
    "reports": QT_TRANSLATE_NOOP("MapLayers", "Reports, clustered"),
    "incidents": QT_TRANSLATE_NOOP("MapLayers", "Open incidents"),
    "conflicts": QT_TRANSLATE_NOOP("MapLayers", "Conflicts"),
    "hotspots": QT_TRANSLATE_NOOP("MapLayers", "Hotspots, 500 m"),
    "units": QT_TRANSLATE_NOOP("MapLayers", "Units"),
    "heat": QT_TRANSLATE_NOOP("MapLayers", "Heat"),
    "geofences": QT_TRANSLATE_NOOP("MapLayers", "Areas drawn"),
    "patrols": QT_TRANSLATE_NOOP("MapLayers", "Patrol plan"),
    "stations": QT_TRANSLATE_NOOP("MapLayers", "Stations"),
    "wards": QT_TRANSLATE_NOOP("MapLayers", "Wards"),
}
SHOWN_FIRST: Final = ("reports", "incidents", "conflicts", "geofences", "stations")
REPORT_LAYERS: Final = frozenset({"reports", "heat"})
_LAYERS_OF: Final = {
    # A conflict lies where what it is about lies.
    Entity.INCIDENT: ("incidents", "conflicts"),
    Entity.UNIT: ("units", "conflicts", "patrols"),
    # Where incidents stand and what units do follows from who was sent.
    Entity.ASSIGNMENT: ("incidents", "units"),
    Entity.CONFLICT: ("conflicts",),
    Entity.GEOFENCE: ("geofences", "patrols"),
    Entity.STATION: ("stations",),
    Entity.WARD: ("wards", "patrols"),
}


def layers_of(kinds: AbstractSet[Entity]) -> list[str]:
    """Return the layers that show these kinds of record, reports excepted."""
    return sorted({layer for kind in kinds for layer in _LAYERS_OF.get(kind, ())})


@dataclass(frozen=True, slots=True)
class Stage:
    """Statuses that are ticked together."""

    id: str
    words: object
    statuses: frozenset[ReportStatus]


STAGES: Final = (
    Stage(
        "open",
        QT_TRANSLATE_NOOP("MapLayers", "Waiting for review"),
        frozenset({ReportStatus.PENDING, ReportStatus.UNDER_REVIEW, ReportStatus.NEEDS_INFO}),
    ),
    Stage(
        "approved",
        QT_TRANSLATE_NOOP("MapLayers", "Approved"),
        frozenset({ReportStatus.APPROVED, ReportStatus.CITED, ReportStatus.CLOSED}),
    ),
    Stage(
        "rejected",
        QT_TRANSLATE_NOOP("MapLayers", "Rejected, duplicate"),
        frozenset({ReportStatus.REJECTED, ReportStatus.DUPLICATE}),
    ),
)
STAGES_FIRST: Final = ("open", "approved")


def _say(source: object) -> str:
    return QCoreApplication.translate("MapLayers", str(source))


class LayersPanel(Panel):
    """What is ticked. ``layers_changed`` and ``choice_changed`` tell, ``base_chosen`` the pack."""

    layers_changed = Signal()
    choice_changed = Signal()
    base_chosen = Signal(str)
    reset_wanted = Signal()
    export_wanted = Signal()

    def __init__(self) -> None:
        super().__init__("surface")
        self.setProperty("pane", True)
        self.setAccessibleName(self.tr("Layers"))
        self._width_px = 216
        self._bases: list[tuple[str, str]] = []
        self._base = ""
        self.layers = {key: LayerCheck(_say(words)) for key, words in LAYERS.items()}
        self.severities = {
            severity: LayerCheck(severity_word(severity), severity)
            for severity in sorted(Severity, reverse=True)
        }
        self.stages = {stage.id: LayerCheck(_say(stage.words)) for stage in STAGES}
        self.types = TypeChoice()
        self.types.changed.connect(self.choice_changed)
        self.base_button = ActionButton("", icon="map")
        self.base_button.clicked.connect(self._open_bases)
        self.base_note = Label("", 12, 400, "text2").set_wrapped()
        self.base_note.hide()
        self.export_button = ActionButton(self.tr("Export"), icon="file-down")
        self.export_button.clicked.connect(self.export_wanted)
        self._lay_out()
        self.reset()
        for check in self.layers.values():
            check.clicked.connect(self.layers_changed)
        for check in (*self.severities.values(), *self.stages.values()):
            check.clicked.connect(self.choice_changed)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Expanding)

    def _lay_out(self) -> None:
        body = QWidget()
        column = QVBoxLayout(body)
        column.setContentsMargins(10, 6, 10, 6)
        column.setSpacing(0)
        groups: tuple[tuple[str, Iterable[QWidget]], ...] = (
            (self.tr("Show"), self.layers.values()),
            (self.tr("Violation"), (self.types,)),
            (self.tr("Severity"), self.severities.values()),
            (self.tr("Stage"), self.stages.values()),
        )
        for title, checks in groups:
            if column.count():
                column.addSpacing(5)
                column.addWidget(Hairline())
                column.addSpacing(5)
            _add_heading(column, title)
            for check in checks:
                column.addWidget(check)
        column.addStretch(1)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        outer.addWidget(self._head())
        outer.addWidget(Hairline())
        outer.addWidget(ScrollPanel(body), 1)
        outer.addWidget(Hairline())
        outer.addLayout(self._foot())

    def _head(self) -> QWidget:
        head = QWidget()
        row = QHBoxLayout(head)
        row.setContentsMargins(16, 4, 8, 4)
        row.addWidget(Label(self.tr("Layers"), 15, 600))
        row.addStretch(1)
        reset = ActionButton(self.tr("Reset"), kind=Kind.GHOST)
        reset.clicked.connect(self.reset_wanted)
        row.addWidget(reset)
        return head

    def _foot(self) -> QVBoxLayout:
        """Return what is always in sight: the base map, and the way out of it."""
        foot = QVBoxLayout()
        foot.setContentsMargins(16, 8, 16, 8)
        foot.setSpacing(6)
        for button in (self.base_button, self.export_button):
            button.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        for widget in (self.base_note, self.base_button, self.export_button):
            foot.addWidget(widget)
        return foot

    def reset(self) -> None:
        """Tick what a new desk shows, without telling anybody."""
        for key, check in self.layers.items():
            check.setChecked(key in SHOWN_FIRST)
        for check in self.severities.values():
            check.setChecked(True)
        for key, check in self.stages.items():
            check.setChecked(key in STAGES_FIRST)
        self.types.choose(frozenset())

    def layers_shown(self) -> list[str]:
        """Return the layers ticked; those of reports only if any severity and stage is."""
        ticked = [key for key, check in self.layers.items() if check.isChecked()]
        if self.has_any_report():
            return ticked
        return [key for key in ticked if key not in REPORT_LAYERS]

    def has_any_report(self) -> bool:
        """Tell whether what is ticked leaves any report: a severity and a stage."""
        return self._any(self.severities) and self._any(self.stages)

    @staticmethod
    def _any(checks: "dict[str, LayerCheck] | dict[Severity, LayerCheck]") -> bool:
        return any(check.isChecked() for check in checks.values())

    def chosen(self) -> Chosen:
        """Return what is ticked and which types are chosen; all of them are the empty set."""
        severities = frozenset(s for s, check in self.severities.items() if check.isChecked())
        statuses = frozenset[ReportStatus]().union(
            *(stage.statuses for stage in STAGES if self.stages[stage.id].isChecked())
        )
        return Chosen(
            frozenset() if statuses == frozenset(ReportStatus) else statuses,
            frozenset() if severities == frozenset(Severity) else severities,
            violations=self.types.chosen,
        )

    def show_counts(self, seen: Overview, chosen: Chosen) -> None:
        """Write the counts beside the ticks."""
        for severity, check in self.severities.items():
            check.set_count(seen.of_severity(severity, chosen))
        for stage in STAGES:
            self.stages[stage.id].set_count(
                sum(seen.of_status(status, chosen) for status in stage.statuses)
            )
        shown = seen.shown(chosen) if "reports" in self.layers_shown() else 0
        self.layers["reports"].set_count(shown if shown or self.has_any_report() else 0)
        for key, n in seen.things.items():
            self.layers[key].set_count(n)
        self.types.show_counts(seen.named_types, seen.one_in)

    def toggle(self, layer: str) -> None:
        """Tick or untick a layer as a click would."""
        self.layers[layer].click()

    def tick_for(self, status: ReportStatus, severity: Severity, violation: str) -> bool:
        """Tick what a report needs to be seen; False when it was all ticked."""
        hides_type = bool(self.types.chosen) and violation not in self.types.chosen
        if hides_type:
            self.types.choose(self.types.chosen | {violation})
        stage = next(stage.id for stage in STAGES if status in stage.statuses)
        needed = [self.layers["reports"], self.severities[severity], self.stages[stage]]
        missing = [check for check in needed if not check.isChecked()]
        for check in missing:
            check.setChecked(True)
        return bool(missing) or hides_type

    def memory(self) -> dict[str, list[str]]:
        """Return what is ticked, to be remembered."""
        return {
            "layers": [key for key, check in self.layers.items() if check.isChecked()],
            "severities": [s.name for s, check in self.severities.items() if check.isChecked()],
            "stages": [key for key, check in self.stages.items() if check.isChecked()],
            "violations": sorted(self.types.chosen),
        }

    def recall(self, memory: dict[str, list[str]]) -> None:
        """Tick what was ticked last time."""
        for key, check in self.layers.items():
            check.setChecked(key in memory["layers"])
        for severity, check in self.severities.items():
            check.setChecked(severity.name in memory["severities"])
        for key, check in self.stages.items():
            check.setChecked(key in memory["stages"])
        self.types.choose(frozenset(memory["violations"]))

    def set_bases(self, bases: list[tuple[str, str]], base: str, note: str) -> None:
        """Offer base maps (name, title); ``note`` says what is missing, "" if nothing is."""
        self._bases, self._base = bases, base
        title = dict(bases).get(base, base)
        self.base_button.setText(title)
        self.base_button.setAccessibleName(self.tr("Base map: {title}").format(title=title))
        self.base_button.set_refusal("" if len(bases) > 1 else self.tr("There is no other map yet"))
        self.base_button.restyle()
        self.base_note.setText(note)
        self.base_note.setVisible(bool(note))

    def _open_bases(self) -> None:
        items = tuple(
            MenuItem(
                title,
                lambda name=name: self.base_chosen.emit(name),  # type: ignore[misc]  # mypy cannot infer a lambda's default
                is_checked=name == self._base,
            )
            for name, title in self._bases
        )
        Menu(items, self).open_below(self.base_button)

    def set_roomy(self, is_roomy: bool) -> None:
        """Take the measures of a large or of a small window."""
        self._width_px = 264 if is_roomy else 216
        for check in (
            *self.layers.values(),
            *self.severities.values(),
            *self.stages.values(),
        ):
            check.set_row_height(36 if is_roomy else 28)
        self.restyle()

    def restyle(self) -> None:
        """Take the width from the look that holds now."""
        self.setFixedWidth(px(self._width_px))
        super().restyle()

    def sizeHint(self) -> QSize:
        return QSize(px(self._width_px), px(400))

    def focus_first(self) -> None:
        """Give the keyboard to the first layer."""
        next(iter(self.layers.values())).setFocus()


def _add_heading(column: QVBoxLayout, title: str) -> None:
    row = QHBoxLayout()
    row.setContentsMargins(6, 0, 6, 4)
    row.addWidget(SectionHeading(title))
    column.addLayout(row)
