"""The desk of one signed-in officer: rail, top bar, workspaces, and what is laid over them."""

import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from importlib import import_module, invalidate_caches

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QApplication, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from trafficdesk.journal import Event
from trafficdesk.qt.commands import Command
from trafficdesk.qt.equipment import Equipment
from trafficdesk.qt.later import later
from trafficdesk.qt.shell.banner import Banner
from trafficdesk.qt.shell.coming_page import ComingPage
from trafficdesk.qt.shell.command_palette import CommandPalette, Finder, PaletteSources
from trafficdesk.qt.shell.key_sheet import KeySheet
from trafficdesk.qt.shell.outbox import OutboxPage, OutboxPanel
from trafficdesk.qt.shell.overlays import OverlayPanel, Overlays
from trafficdesk.qt.shell.rail import Rail, Workspace
from trafficdesk.qt.shell.top_bar import SyncSummary, TopBar
from trafficdesk.qt.tasks import Lane
from trafficdesk.qt.widgets.panels import Panel, StackedPage

_THEME = ("Ctrl+Shift+D",)
_LARGER = ("Ctrl++", "Ctrl+=")


@dataclass(frozen=True, slots=True)
class Who:
    """The officer at the desk, as the top bar shows them."""

    name: str
    detail: str
    initials: str


class DeskView(QWidget):
    """Made at unlock, destroyed at lock.

    ``searched`` carries the text of the search field while it is typed, ``search_submitted`` when
    Enter is pressed; ``workspace_opened`` a workspace's id; ``lock_wanted`` is asked for by key or
    button.
    """

    lock_wanted = Signal()
    searched = Signal(str)
    search_submitted = Signal(str)
    workspace_opened = Signal(str)

    def __init__(
        self, equipment: Equipment, who: Who, load_outbox: Callable[[], OutboxPage]
    ) -> None:
        super().__init__()
        self._equipment = equipment
        self._make_outbox: Callable[[], OverlayPanel] = lambda: OutboxPanel(
            equipment.lanes, load_outbox
        )
        self._outbox: OverlayPanel | None = None
        self._workspaces: dict[str, Workspace] = {}
        self._made: dict[str, QWidget] = {}
        self._coming: dict[str, ComingPage] = {}
        self._arriving: dict[str, tuple[Iterator[None], QTimer]] = {}
        self._awaited: dict[str, Callable[[], object]] = {}
        self._finders: list[Finder] = []
        self._subject: Callable[[], str] = str
        self._open_id = ""
        self.rail = Rail()
        self.top_bar = TopBar()
        self.banner = Banner()
        self.pages = StackedPage()
        below = Panel("bg")
        self._lay_out(below)
        self.overlays = Overlays(self, below, equipment.commands)
        self._who = who
        self.set_unit("")
        self._connect()
        equipment.commands.add(self._own_commands(), owner=self)
        self._show_keys()

    def _lay_out(self, below: QWidget) -> None:
        column = self._column = QVBoxLayout()
        column.setSpacing(0)
        column.addWidget(self.top_bar)
        under = QVBoxLayout(below)
        under.setContentsMargins(0, 0, 0, 0)
        under.setSpacing(0)
        under.addWidget(self.banner)
        under.addWidget(self.pages, 1)
        column.addWidget(below, 1)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self.rail)
        row.addLayout(column, 1)

    def _connect(self) -> None:
        self.rail.chosen.connect(self.open_workspace)
        self.overlays.closed.connect(lambda: self.top_bar.pill.setChecked(False))
        self.top_bar.palette_button.clicked.connect(self.open_palette)
        self.top_bar.pill.clicked.connect(self.open_outbox)
        self.top_bar.lock_button.clicked.connect(self.lock_wanted)
        search = self.top_bar.search
        search.edited.connect(self.searched)
        search.submitted.connect(lambda: self.search_submitted.emit(search.text()))
        search.left.connect(self.focus_workspace)
        self._equipment.commands.changed.connect(self._show_keys)

    def _own_commands(self) -> list[Command]:
        desk, view = self.tr("Desk"), self.tr("View")
        larger, smaller = partial(self._scale, 10), partial(self._scale, -10)
        rows: tuple[tuple[str, str, str, Callable[[], object], tuple[str, ...], str], ...] = (
            ("search", self.tr("Search"), desk, self.focus_search, ("/",), "search"),
            ("palette", self.tr("All commands"), desk, self.open_palette, ("Ctrl+K",), "command"),
            ("outbox", self.tr("Outbox"), desk, self.open_outbox, ("Ctrl+J",), "send"),
            ("keys", self.tr("Keys"), desk, self.open_keys, ("F1", "?"), "keyboard"),
            ("lock", self.tr("Lock"), desk, self.lock_wanted.emit, ("Ctrl+L",), "lock"),
            ("pane", self.tr("Next pane"), view, self.focus_next_pane, ("F6",), "panels-top-left"),
            ("theme", self.tr("Light or dark"), view, self._switch_theme, _THEME, "sun-moon"),
            ("text.larger", self.tr("Larger text"), view, larger, _LARGER, "zoom-in"),
            ("text.smaller", self.tr("Smaller text"), view, smaller, ("Ctrl+-",), "zoom-out"),
            ("full_screen", self.tr("Full screen"), view, self._full_screen, ("F11",), "maximize"),
        )
        return [
            Command(each, title, group, handler, keys, icon=icon)
            for each, title, group, handler, keys, icon in rows
        ]

    def add_workspace(self, workspace: Workspace) -> None:
        """Offer a workspace; it is made when it is first opened."""
        self._workspaces[workspace.id] = workspace
        self.rail.add(workspace)
        command = Command(
            id=f"open.{workspace.id}",
            title=workspace.title,
            group=self.tr("Go to"),
            handler=lambda: self.open_workspace(workspace.id),
            keys=(workspace.key,),
            detail=workspace.detail,
            icon=workspace.icon,
        )
        self._equipment.commands.add([command], owner=self)

    def add_alert(self, alert: QWidget) -> None:
        """Put an alert under the top bar: no panel and no scrim ever lies over it."""
        self._column.insertWidget(1, alert)

    def add_finder(self, finder: Finder) -> None:
        """Let the palette find more (reports, places)."""
        self._finders.append(finder)

    def set_subject(self, subject: Callable[[], str]) -> None:
        """Tell the palette what commands act on now, as ``on CBE-2026-000123``."""
        self._subject = subject

    def open_workspace(self, workspace_id: str) -> QWidget:
        """Show a workspace and let its commands act; returns what is on screen now.

        That is its widget, or what stands for it while its modules are loaded.
        """
        workspace = self._workspaces[workspace_id]
        self.overlays.close()
        self._open_id = workspace_id
        self._equipment.commands.activate(workspace_id)
        widget = self._made.get(workspace_id) or self._make(workspace)
        self.pages.show_page(widget)
        self.rail.mark(workspace_id)
        self.focus_workspace()
        self._equipment.settings.change(workspace=workspace_id)
        self.workspace_opened.emit(workspace_id)
        return widget

    def act_in(self, workspace_id: str, act: Callable[[], object]) -> None:
        """Show a workspace and do something in it as soon as it is made, now if it is.

        Whoever goes elsewhere before does without.
        """
        self.open_workspace(workspace_id)
        if workspace_id in self._made:
            act()
        else:
            self._awaited[workspace_id] = act

    def _make(self, workspace: Workspace) -> QWidget:
        """Return a new workspace, or what stands for it while its modules are loaded."""
        coming = self._coming.get(workspace.id)
        if coming is None and sys.modules.keys() >= set(workspace.modules):
            made = self._made[workspace.id] = workspace.factory()
            return made
        if coming is None:
            coming = self._coming[workspace.id] = ComingPage(workspace.title)
            coming.tried_again.connect(partial(self._load, workspace))
            self._load(workspace)
        elif coming.has_failed:
            self._awaited.pop(workspace.id, None)  # whoever wanted it went elsewhere since
            self._load(workspace)
        return coming

    def _load(self, workspace: Workspace) -> None:
        self._coming[workspace.id].begin()
        load, come = partial(_load, workspace.modules), partial(self._come, workspace)
        fail = partial(self._fail, workspace)
        self._equipment.lanes.run(Lane.WRITER, load, come, fail)  # as all that is loaded late

    def _fail(self, workspace: Workspace, error: Exception | None = None) -> None:
        """Say on its page that it cannot be opened, and to whoever keeps faults what failed."""
        kind = None if error is None else type(error).__name__
        journal = self._equipment.journal
        journal.note(Event.NOT_OPENED, workspace=workspace.id, error=kind)
        self._coming[workspace.id].tell_failed()
        invalidate_caches()  # what is missing may be there at the next try
        if error is not None:
            self._equipment.lanes.failed.emit(error)

    def _come(self, workspace: Workspace, _loaded: None) -> None:
        next_turn = later(self._coming[workspace.id], 0, partial(self._go_on, workspace))
        self._arriving[workspace.id] = self._arrive(workspace), next_turn
        next_turn.start()

    def _go_on(self, workspace: Workspace) -> None:
        turns, next_turn = self._arriving.pop(workspace.id)
        try:
            for _turn in turns:
                self._arriving[workspace.id] = turns, next_turn
                next_turn.start()
                return
            self._coming.pop(workspace.id).deleteLater()
        finally:
            if workspace.id not in self._arriving and workspace.id in self._coming:
                self._break_off(workspace)  # why is on its way to whoever keeps faults

    def _break_off(self, workspace: Workspace) -> None:
        if workspace.id in self._made:  # it stands there, and what was to be done in it failed
            self._coming.pop(workspace.id).deleteLater()
        else:
            self._fail(workspace)

    def _arrive(self, workspace: Workspace) -> Iterator[None]:
        """Begin, make and show what is loaded: keys and clicks come in between."""
        if workspace.begin is not None and self._open_id == workspace.id:
            workspace.begin()
            yield
        if self._open_id == workspace.id and workspace.id not in self._made:
            made = self._made[workspace.id] = workspace.factory()
            self.pages.keep(made)
            yield
        self._show_come(workspace.id, self._coming[workspace.id])

    def _show_come(self, workspace_id: str, coming: QWidget) -> None:
        made, act = self._made.get(workspace_id), self._awaited.pop(workspace_id, None)
        if made is None or self._open_id != workspace_id:
            return
        had_focus = coming.hasFocus()
        self.pages.show_page(made)
        if had_focus:
            made.setFocus(Qt.FocusReason.OtherFocusReason)
        if act is not None:
            act()

    def has_workspace(self, workspace_id: str) -> bool:
        """Tell whether a workspace is offered at this desk."""
        return workspace_id in self._workspaces

    def open_first(self) -> None:
        """Open the workspace that was open last, else the first."""
        self.open_workspace(self._first_id())

    def make_first(self) -> None:
        """Make what ``open_first`` shows, and show nothing yet."""
        if not self._open_id:
            # Not among the pages yet: the first of them is shown as soon as it is there.
            self._make(self._workspaces[self._first_id()]).setParent(self.pages)

    def _first_id(self) -> str:
        last = self._equipment.settings.values.workspace
        return last if last in self._workspaces else next(iter(self._workspaces))

    def open_id(self) -> str:
        """Return the id of the workspace on screen."""
        return self._open_id

    def find_made(self, workspace_id: str) -> QWidget | None:
        """Return a workspace's widget if it was opened before."""
        return self._made.get(workspace_id)

    def set_unit(self, unit: str) -> None:
        """Show beside the officer with which unit the desk rides; "" for none."""
        who = self._who
        detail = " · ".join(filter(None, (who.detail, unit)))
        self.top_bar.set_officer(who.name, detail, who.initials)

    def set_sync(self, summary: SyncSummary) -> None:
        """Show how far work has travelled."""
        self.top_bar.pill.tell(summary)
        self.top_bar.restyle()

    def focus_workspace(self) -> None:
        """Give the keyboard to the workspace on screen."""
        page = self.pages.currentWidget()
        if page is not None:
            page.setFocus(Qt.FocusReason.OtherFocusReason)

    def focus_search(self) -> None:
        """Give the keyboard to the search field."""
        self.top_bar.search.edit.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.top_bar.search.edit.selectAll()

    def focus_next_pane(self) -> None:
        """Give the keyboard to the next pane: search, rail, then the workspace's own."""
        page = self.pages.currentWidget()
        panes: list[QWidget] = [self.top_bar, self.rail]
        if page is not None:
            own = [w for w in page.findChildren(QWidget) if w.property("pane") and w.isVisible()]
            panes += own or [page]
        focused = QApplication.focusWidget()
        inside = [i for i, pane in enumerate(panes) if focused and pane.isAncestorOf(focused)]
        inside += [i for i, pane in enumerate(panes) if pane is focused]
        target = panes[(inside[-1] + 1) % len(panes)] if inside else panes[0]
        first = _first_focusable(target)
        if first is not None:
            first.setFocus(Qt.FocusReason.TabFocusReason)

    def open_palette(self) -> None:
        """Open the command palette."""
        sources = PaletteSources(
            self._equipment.commands, self._equipment.lanes, tuple(self._finders), self._subject()
        )
        self.open_overlay(CommandPalette(sources), "palette")

    def open_keys(self) -> None:
        """Open the cheat-sheet."""
        self.open_overlay(KeySheet(self._equipment.commands), "keys_sheet")

    def set_outbox(self, make: Callable[[], OverlayPanel]) -> None:
        """Let another panel open in the outbox's place (that of a desk with a server)."""
        self._make_outbox = make

    def open_outbox(self) -> None:
        """Open the outbox, or close it if it is open."""
        is_open = self._outbox is not None and self.overlays.current() is self._outbox
        self.overlays.close()
        self._outbox = None if is_open else self._make_outbox()
        if self._outbox is not None:
            self.overlays.open(self._outbox, "outbox_panel", has_scrim=False)
        self.top_bar.pill.setChecked(not is_open)

    def open_overlay(self, panel: OverlayPanel, context: str) -> None:
        """Lay a panel over the workspaces; ``context`` is that of its commands."""
        self.overlays.open(panel, context)

    def _show_keys(self) -> None:
        commands, bar = self._equipment.commands, self.top_bar
        bar.search.keycap.set_key(commands.first_key("search"))
        bar.palette_button.set_key(commands.first_key("palette"))
        bar.lock_button.set_key(commands.first_key("lock"))
        bar.pill.set_key(commands.first_key("outbox"))
        for workspace_id in self._workspaces:
            self.rail.set_key(workspace_id, commands.first_key(f"open.{workspace_id}"))

    def _switch_theme(self) -> None:
        from trafficdesk.qt.theme.palette import is_dark

        self._equipment.settings.change(theme="light" if is_dark() else "dark")

    def _scale(self, by_percent: int) -> None:
        settings = self._equipment.settings
        settings.change(text_percent=settings.values.text_percent + by_percent)

    def _full_screen(self) -> None:
        window = self.window()
        if window.isFullScreen():
            window.showNormal()
        else:
            window.showFullScreen()


def _load(modules: tuple[str, ...]) -> None:
    for name in modules:
        import_module(name)


def _first_focusable(pane: QWidget) -> QWidget | None:
    if pane.focusPolicy() & Qt.FocusPolicy.TabFocus or pane.focusProxy() is not None:
        return pane
    for child in pane.findChildren(QWidget):
        can = child.focusPolicy() & Qt.FocusPolicy.TabFocus and child.isEnabled()
        if can and child.isVisible() and not (isinstance(child, QLineEdit) and child.isReadOnly()):
            return child
    return None
