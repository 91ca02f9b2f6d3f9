"""The command palette: everything that can be done here, and everything that can be found."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import QEvent, QModelIndex, QObject, QRect, QSize, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QListView, QWidget

from trafficdesk.qt.commands import GLOBAL, Command, Commands, shown_key
from trafficdesk.qt.shell.matching import find_match
from trafficdesk.qt.shell.overlays import OverlayPanel, below_top_bar
from trafficdesk.qt.shell.palette_rows import PaletteDelegate, PaletteModel, PaletteRow
from trafficdesk.qt.tasks import Lane, Lanes
from trafficdesk.qt.theme.palette import colour, px
from trafficdesk.qt.widgets.input_field import InputField
from trafficdesk.qt.widgets.labels import ElidedLabel, Hairline, KeycapLabel, Label
from trafficdesk.qt.widgets.panels import use_thin_bars

WIDTH_PX = 620
SHOWN_ROWS = 8
# A match worth less than this share of the best one only stands in the way.
WORTH = 0.5


@dataclass(frozen=True, slots=True)
class Found:
    """Something a finder found; ``open`` runs on the GUI thread."""

    title: str
    open: Callable[[], object]
    detail: str = ""
    icon: str = ""


@dataclass(frozen=True, slots=True)
class Finder:
    """Looks things up for the palette on a reader thread (reports, places, officers)."""

    group: str
    find: Callable[[str], list[Found]]


@dataclass(frozen=True, slots=True)
class PaletteSources:
    """Where the palette's rows come from; ``subject`` names what the workspace acts on now."""

    commands: Commands
    lanes: Lanes
    finders: tuple[Finder, ...] = ()
    subject: str = ""


class _Input(InputField):
    """The palette's line, without an edge."""

    def __init__(self) -> None:
        super().__init__(self.tr("Command or report"), shows_name=False, icon="search")
        self.set_placeholder(self.tr("What do you want to do or find?"))
        self.box.set_bare(52)


class CommandPalette(OverlayPanel):
    """Type, move with the arrows, Enter runs; the groups stand in the order of their use."""

    def __init__(self, sources: PaletteSources) -> None:
        super().__init__()
        self._sources = sources
        self._found: dict[str, list[Found]] = {}
        self.field = _Input()
        self.model = PaletteModel()
        self.list = QListView()
        self._make_list()
        self.column.setContentsMargins(1, 1, 1, 1)
        self.column.addLayout(self._head())
        self.column.addWidget(Hairline())
        self.column.addWidget(self.list, 1)
        self.column.addWidget(Hairline())
        self.column.addWidget(self._foot())
        self.setFocusProxy(self.field)
        self.field.edited.connect(self._search)
        self.field.submitted.connect(self._run_current)
        self.field.edit.installEventFilter(self)
        self.setAccessibleName(self.tr("Command palette"))
        self._search("")

    def _make_list(self) -> None:
        self.list.setModel(self.model)
        self.list.setItemDelegate(PaletteDelegate(self.list))
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.setProperty("has_command", True)
        self.list.setAccessibleName(self.tr("Results"))
        self.list.setMouseTracking(True)
        self.list.clicked.connect(self._run)
        self.list.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        use_thin_bars(self.list)

    def _head(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setContentsMargins(px(6), 0, px(16), 0)
        row.setSpacing(px(10))
        row.addWidget(self.field, 1)
        if self._sources.subject:
            row.addWidget(Label(self._sources.subject, 12, 400, "text2"))
        row.addWidget(KeycapLabel("Esc"))
        return row

    def _foot(self) -> QWidget:
        foot = QWidget()
        foot.setFixedHeight(px(36))
        row = QHBoxLayout(foot)
        row.setContentsMargins(px(14), 0, px(14), 0)
        row.setSpacing(px(8))
        for keys, words in (
            (("↑", "↓"), self.tr("move")),
            (("Enter",), self.tr("run")),
        ):
            for key in keys:
                row.addWidget(KeycapLabel(key))
            row.addWidget(Label(words, 12, 400, "text2"))
        row.addStretch(1)
        self.status = ElidedLabel(self.tr("Works offline"), 12, 400, "text2").hug()
        row.addWidget(self.status)
        return foot

    def place(self, area: QRect) -> QRect:
        width = min(px(WIDTH_PX), area.width() - px(32))
        top = below_top_bar(area)
        rows = sum(px(36 if row.run else 32) for row in self.model.rows)
        chrome = px(52) + px(36) + 4
        height = min(max(rows, px(72)) + chrome + px(8), area.height() - top - px(24))
        return QRect(area.center().x() - width // 2, top, width, height)

    def sizeHint(self) -> QSize:
        return QSize(px(WIDTH_PX), px(434))

    def restyle(self) -> None:
        """Take the list's fill from the look that holds now."""
        palette = self.list.palette()
        palette.setColor(palette.ColorRole.Base, colour("surface"))
        self.list.setPalette(palette)
        super().restyle()

    def _search(self, query: str) -> None:
        self._show(query.strip())
        for finder in self._sources.finders:
            if len(query.strip()) < 2:
                self._found.pop(finder.group, None)
                continue
            self._sources.lanes.owned_by(self).run(
                Lane.READER,
                partial(finder.find, query.strip()),
                partial(self._take, finder.group, query),
                key=finder.group,
            )
        if len(query.strip()) < 2:
            self._show(query.strip())

    def _take(self, group: str, query: str, found: list[Found]) -> None:
        if query == self.field.text():
            self._found[group] = found
            self._show(query.strip(), keeps_place=True)

    def _show(self, query: str, *, keeps_place: bool = False) -> None:
        place = self.list.currentIndex().row() if keeps_place else -1
        rows = self._command_rows(query)
        for finder in self._sources.finders:
            found = self._found.get(finder.group, [])
            if found:
                rows.append(PaletteRow(finder.group))
                rows += [_row_of(each, query) for each in found[:SHOWN_ROWS]]
        self.model.replace(rows)
        self.status.setText(self.tr("Works offline") if rows else self.tr("Nothing found"))
        runnable = [i for i, row in enumerate(rows) if row.run is not None]
        if runnable:
            self._go_to(place if place in runnable else runnable[0])
        host = self.parentWidget()
        if host is not None:
            self.setGeometry(self.place(host.rect()))

    def _command_rows(self, query: str) -> list[PaletteRow]:
        groups: dict[str, list[tuple[float, PaletteRow]]] = {}
        own_first = sorted(self._sources.commands.in_reach(), key=lambda c: c.context == GLOBAL)
        for command in own_first:
            match = find_match(query, command.title)
            if match is not None:
                row = self._row(command, match.at)
                groups.setdefault(command.group, []).append((match.score, row))
        best = max((score for each in groups.values() for score, _ in each), default=0.0)
        rows: list[PaletteRow] = []
        for group, ranked in groups.items():
            near = [pair for pair in ranked if pair[0] >= best * WORTH]
            if query:
                near.sort(key=lambda pair: (not pair[1].is_enabled, -pair[0]))
            if near:
                rows.append(PaletteRow(group))
                rows += [row for _score, row in near]
        return rows

    def _row(self, command: Command, at: tuple[int, ...]) -> PaletteRow:
        keys = self._sources.commands.keys_of(command.id)
        reason = command.disabled_reason
        detail = reason or (command.detail() if command.detail else "")
        return PaletteRow(
            title=command.title,
            run=partial(self._sources.commands.run, command.id),
            detail=detail,
            keys=shown_key(keys[0]) if keys else (),
            icon=command.icon or "chevron-right",
            at=at,
            is_enabled=not reason,
        )

    def _go_to(self, row: int) -> None:
        self.list.setCurrentIndex(self.model.index(row, 0))
        self.field.edit.setAccessibleDescription(self.model.rows[row].spoken)

    def _step(self, by: int) -> None:
        runnable = [i for i, row in enumerate(self.model.rows) if row.run is not None]
        if not runnable:
            return
        at = self.list.currentIndex().row()
        place = runnable.index(at) if at in runnable else -1
        self._go_to(runnable[(place + by) % len(runnable)])

    def _run_current(self) -> None:
        self._run(self.list.currentIndex())

    def _run(self, index: QModelIndex) -> None:
        if not index.isValid():
            return
        row = self.model.rows[index.row()]
        if row.run is None or not row.is_enabled:
            return
        run = row.run
        self.close_overlay()
        run()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            steps = {
                Qt.Key.Key_Down: 1,
                Qt.Key.Key_Up: -1,
                Qt.Key.Key_PageDown: SHOWN_ROWS,
                Qt.Key.Key_PageUp: -SHOWN_ROWS,
            }
            by = steps.get(Qt.Key(event.key())) if event.key() in steps else None
            if by is not None:
                self._step(by)
                return True
        return False


def _row_of(found: Found, query: str) -> PaletteRow:
    match = find_match(query, found.title)
    at = match.at if match is not None else ()
    return PaletteRow(found.title, found.open, found.detail, (), found.icon or "file-text", at)
