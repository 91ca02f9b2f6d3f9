"""Putting the workspaces on a desk that was just unlocked, and the ways between them."""

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Final
from uuid import UUID

from PySide6.QtCore import QCoreApplication, QObject
from PySide6.QtWidgets import QWidget

from trafficdesk.domain.plates import format_plate
from trafficdesk.domain.queues import ReportFilter
from trafficdesk.domain.records import Place, Position
from trafficdesk.maps.gazetteer import FoundPlace
from trafficdesk.maps.gazetteer import search as search_pack
from trafficdesk.maps.packs import Pack, list_packs
from trafficdesk.qt.analytics.undelivered import Undelivered
from trafficdesk.qt.commands import Command
from trafficdesk.qt.commands_ahead import outlines
from trafficdesk.qt.conflicts.badge import WaitingBadge
from trafficdesk.qt.dispatch.alert import Alert
from trafficdesk.qt.dispatch.alert_banner import AlertBanner
from trafficdesk.qt.dispatch.alerts import Alerts
from trafficdesk.qt.dispatch_papers.opening import Papers
from trafficdesk.qt.equipment import Equipment
from trafficdesk.qt.own_unit.riding import Riding
from trafficdesk.qt.review.gear import ReviewGear
from trafficdesk.qt.review.review_commands import review_commands
from trafficdesk.qt.review.workspace import ReviewWorkspace
from trafficdesk.qt.shell.command_palette import Finder, Found
from trafficdesk.qt.shell.rail import Workspace
from trafficdesk.qt.sitting import Sitting
from trafficdesk.qt.words import violation_word
from trafficdesk.services import board
from trafficdesk.store.queues import PageRequest

if TYPE_CHECKING:
    from trafficdesk.qt.conflicts.workspace import ConflictsWorkspace
    from trafficdesk.qt.dispatch.workspace import DispatchWorkspace
    from trafficdesk.qt.map.workspace import MapWorkspace

REVIEW, DISPATCH, MAP, ANALYTICS = "review", "dispatch", "map", "analytics"
CONFLICTS, ADMIN = "conflicts", "admin"
_FOUND_AT_MOST = 6
# What a workspace is made of; that of the review is loaded behind the unlock screen.
MODULES_OF: Final = {
    DISPATCH: ("trafficdesk.qt.dispatch.workspace", "trafficdesk.qt.dispatch.ways"),
    MAP: ("trafficdesk.qt.map.workspace",),
    ANALYTICS: ("trafficdesk.qt.analytics.workspace",),
    CONFLICTS: ("trafficdesk.qt.conflicts.workspace",),
    ADMIN: ("trafficdesk.qt.admin.workspace",),
}


def _coming_to_map() -> list[Command]:
    from trafficdesk.qt.map.map_commands import map_commands

    return outlines(map_commands)


def _start_map_engine() -> None:
    from trafficdesk.qt.map.map_view import start_engine

    start_engine()


def _coming_to_dispatch() -> list[Command]:
    from trafficdesk.qt.dispatch.dispatch_commands import dispatch_commands

    return outlines(dispatch_commands)


def _coming_to_analytics() -> list[Command]:
    from trafficdesk.qt.analytics.analytics_commands import analytics_commands
    from trafficdesk.qt.analytics.blind_commands import blind_commands

    return [*outlines(analytics_commands), *outlines(blind_commands)]


def _coming_to_conflicts() -> list[Command]:
    from trafficdesk.qt.conflicts.conflict_commands import conflict_commands

    return outlines(conflict_commands)


def _coming_to_admin() -> list[Command]:
    from trafficdesk.qt.admin.admin_commands import admin_commands

    return outlines(admin_commands)


# What each workspace brings when it is opened: its keys are listed and kept free before.
_COMING: Final[dict[str, Callable[[], list[Command]]]] = {
    REVIEW: partial(outlines, review_commands),
    DISPATCH: _coming_to_dispatch,
    MAP: _coming_to_map,
    ANALYTICS: _coming_to_analytics,
    CONFLICTS: _coming_to_conflicts,
    ADMIN: _coming_to_admin,
}


def furnish(equipment: Equipment, sitting: Sitting) -> None:
    """Offer every workspace of the desk; each is made when it is first opened."""
    Furnishing(equipment, sitting)


class Furnishing(QObject):
    """Makes the workspaces of one sitting and carries officers from one to the other."""

    def __init__(self, equipment: Equipment, sitting: Sitting) -> None:
        super().__init__(sitting)
        self._equipment = equipment
        self._sitting = sitting
        self._view = view = sitting.view
        for workspace in self._workspaces():
            view.add_workspace(workspace)
        for context, make in _COMING.items():
            equipment.commands.announce(context, make)
        view.search_submitted.connect(self._search)
        view.add_finder(Finder(self.tr("Reports"), self._find_reports))
        view.set_subject(self._subject)
        view.workspace_opened.connect(self._follow_workspace)
        sitting.report_wanted.connect(self._show_in_review)
        sitting.conflict_wanted.connect(self._show_conflict)
        self._badge = WaitingBadge(equipment, sitting.session, view.rail, CONFLICTS, self)
        Riding(equipment, sitting, self._ask_who_needs_help)
        self._add_alerts()
        Papers(equipment, sitting, self._find_pack, self)
        Undelivered(equipment, sitting, ANALYTICS, self)

    def _add_alerts(self) -> None:
        kit, sitting = self._equipment, self._sitting
        banner = AlertBanner()
        sitting.view.add_alert(banner)
        self._alerts = alerts = Alerts(kit, sitting.session, banner, self)
        alerts.show_wanted.connect(self._show_alert)
        alerts.counted.connect(self._count_incidents)
        sitting.alerts_told.connect(alerts.hear)
        sitting.moved.connect(self._take_moved)
        sitting.find_standing = alerts.kept
        sitting.ending.connect(alerts.end)

    def _take_moved(self, positions: list[Position]) -> None:
        made = self._view.find_made(DISPATCH)
        if made is not None and made.isVisible():
            self._made_dispatch().take_positions(positions)

    def _made_dispatch(self) -> "DispatchWorkspace":
        from trafficdesk.qt.dispatch.workspace import DispatchWorkspace

        opened = self._view.find_made(DISPATCH)
        if not isinstance(opened, DispatchWorkspace):
            raise TypeError(f"dispatch is a {type(opened).__name__}")
        return opened

    def _count_incidents(self, count: int) -> None:
        words = QCoreApplication.translate("Dispatch", "%n need a unit", "", count)
        self._view.rail.set_badge(DISPATCH, count, words, "critical_fill")

    def _workspaces(self) -> tuple[Workspace, ...]:
        rows = (
            (REVIEW, self.tr("Review"), "clipboard-check", self._make_review),
            (DISPATCH, self.tr("Dispatch"), "radio", self._make_dispatch),
            (MAP, self.tr("Map"), "map", self._make_map),
            (ANALYTICS, self.tr("Analytics"), "chart-line", self._make_analytics),
            (CONFLICTS, self.tr("Conflicts"), "git-merge", self._make_conflicts),
            (ADMIN, self.tr("Admin"), "sliders-horizontal", self._make_admin),
        )
        return tuple(
            Workspace(
                workspace_id,
                title,
                icon,
                f"Ctrl+{number}",
                make,
                is_last=workspace_id == ADMIN,
                modules=MODULES_OF.get(workspace_id, ()),
                begin=_start_map_engine if workspace_id == MAP else None,
            )
            for number, (workspace_id, title, icon, make) in enumerate(rows, 1)
        )

    def _gear(self) -> ReviewGear:
        kit = self._equipment
        return ReviewGear(
            self._sitting.session,
            kit.lanes,
            kit.changes,
            kit.commands,
            self._sitting.zone,
            self._find_pack,
            self._find_places,
            self._sitting.promises,
        )

    def _make_review(self) -> QWidget:
        made = ReviewWorkspace(self._gear())
        self._sitting.ending.connect(made.deciding.flush)
        made.map_wanted.connect(lambda _place, pk: self._show_on_map(pk))
        made.units_wanted.connect(self._show_on_map)
        return made

    def _make_map(self) -> QWidget:
        from trafficdesk.qt.map.workspace import MapWorkspace

        made = MapWorkspace(self._sitting.session, self._equipment)
        made.report_opened.connect(self._show_in_review)
        made.file_wanted.connect(self._file_at)
        made.selection.conflict_opened.connect(self._show_conflict)
        self._sitting.ending.connect(made.tear_down)
        return made

    def _make_dispatch(self) -> QWidget:
        from trafficdesk.qt.dispatch.gear import DispatchGear
        from trafficdesk.qt.dispatch.ways import LateTravelTimes
        from trafficdesk.qt.dispatch.workspace import DispatchWorkspace

        kit, sitting = self._equipment, self._sitting
        travel = LateTravelTimes(self._find_pack)
        sitting.ending.connect(travel.close)
        return DispatchWorkspace(
            DispatchGear(
                sitting.session,
                kit.lanes,
                kit.changes,
                kit.commands,
                sitting.zone,
                self._find_pack,
                self._find_places,
                travel,
            )
        )

    def _show_alert(self, alert: Alert) -> None:
        def show() -> None:
            work = self._made_dispatch()
            (work.show_unit if alert.is_of_crew else work.show_incident)(alert.id)

        self._view.act_in(DISPATCH, show)

    def _ask_who_needs_help(self) -> None:
        def ask() -> None:
            self._made_dispatch().asking.ask_for_help()

        self._view.act_in(DISPATCH, ask)

    def _make_analytics(self) -> QWidget:
        from trafficdesk.qt.analytics.gear import AnalyticsGear
        from trafficdesk.qt.analytics.workspace import AnalyticsWorkspace

        kit, sitting = self._equipment, self._sitting
        gear = AnalyticsGear(
            sitting.session, kit.lanes, kit.changes, kit.commands, sitting.zone, self._find_pack
        )
        made = AnalyticsWorkspace(gear)
        made.drilled.connect(self._list_behind)
        made.mapped.connect(self._show_hotspots)
        return made

    def _show_hotspots(self, place: Place | None) -> None:
        """Show the map's layer of hotspots of the same days, and one of them beside it."""
        from trafficdesk.qt.analytics.workspace import AnalyticsWorkspace

        asking = self._view.find_made(ANALYTICS)
        choice = asking.choice if isinstance(asking, AnalyticsWorkspace) else None

        def show() -> None:
            from trafficdesk.maps.time_window import Span

            opened = self._made_map()
            if choice is not None:
                opened.time.ask_for(Span(choice.period.first_day, choice.period.past_day))
            if not opened.layers.layers["hotspots"].isChecked():
                opened.layers.toggle("hotspots")
            if place is not None:
                opened.selection.show_place(place)

        self._view.act_in(MAP, show)

    def _made_map(self) -> "MapWorkspace":
        from trafficdesk.qt.map.workspace import MapWorkspace

        made = self._view.find_made(MAP)
        if not isinstance(made, MapWorkspace):
            raise TypeError(f"the map is a {type(made).__name__}")
        return made

    def _list_behind(self, wanted: ReportFilter) -> None:
        """List the reports behind a figure; Esc leads back to it."""
        back = partial(self._view.open_workspace, ANALYTICS)
        self._open_review().way_back.show(wanted, self.tr("Back to Analytics"), back)

    def _make_conflicts(self) -> QWidget:
        from trafficdesk.qt.conflicts.workspace import ConflictsWorkspace

        made = ConflictsWorkspace(self._gear())
        made.report_opened.connect(self._show_in_review)
        return made

    def _show_conflict(self, conflict_id: UUID) -> None:
        def show() -> None:
            made: ConflictsWorkspace = self._view.find_made(CONFLICTS)  # type: ignore[assignment] # made above
            made.show_conflict(conflict_id)

        self._view.act_in(CONFLICTS, show)

    def _make_admin(self) -> QWidget:
        from trafficdesk.qt.admin.workspace import AdminWorkspace

        made = AdminWorkspace(self._sitting.session, self._equipment)
        made.shredded.connect(self._sitting.lock_wanted)
        return made

    def _open_review(self) -> ReviewWorkspace:
        opened = self._view.open_workspace(REVIEW)
        if not isinstance(opened, ReviewWorkspace):
            raise TypeError(f"the review is a {type(opened).__name__}")
        return opened

    def _show_in_review(self, pk: int) -> None:
        self._open_review().show_report(pk)

    def _file_at(self, place: Place) -> None:
        review = self._open_review()
        review.open_form()
        review.form.place.choose(place)

    def _show_on_map(self, pk: int) -> None:
        self._view.act_in(MAP, lambda: self._made_map().show_report(pk))

    def _search(self, text: str) -> None:
        self._open_review().show_text(text)

    def _subject(self) -> str:
        review = self._view.find_made(REVIEW)
        is_open = self._view.open_id() == REVIEW
        return review.subject() if is_open and isinstance(review, ReviewWorkspace) else ""

    def _follow_workspace(self, _workspace_id: str) -> None:
        self._equipment.commands.state_changed.emit()

    def _find_reports(self, text: str) -> list[Found]:
        """Run on a reader: reports whose text, plate or reference has these words."""
        request = PageRequest(ReportFilter(text=text), limit=_FOUND_AT_MOST)
        return [
            Found(
                title=QCoreApplication.translate("Furnishing", "{violation}, {place}").format(
                    violation=violation_word(row.violation), place=row.place
                ),
                open=partial(self._show_in_review, row.pk),
                detail=" · ".join(filter(None, (row.reference, format_plate(row.plate)))),
                icon="file-text",
            )
            for row in board.find_page(self._sitting.session, request)
        ]

    def _find_pack(self) -> Pack | None:
        """Return the base map that was chosen, else the first there is."""
        packs = list_packs(*self._sitting.session.profile.pack_folders)
        chosen = self._equipment.settings.values.map_pack
        return next((pack for pack in packs if pack.name == chosen), next(iter(packs), None))

    def _find_places(self, text: str) -> list[FoundPlace]:
        pack = self._find_pack()
        return [] if pack is None else search_pack(pack, text, limit=_FOUND_AT_MOST)
