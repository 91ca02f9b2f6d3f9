"""Taking the list of an administration's page out as a file."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication

from trafficdesk.exports.table import Row, Tick
from trafficdesk.qt.exporting.list_export import ListExport, Taken
from trafficdesk.services.admin_exports import export_plain
from trafficdesk.services.exporting import Exported, ExportFault, ListFile
from trafficdesk.services.list_exports import Shape
from trafficdesk.services.session import Session

if TYPE_CHECKING:
    from trafficdesk.qt.admin.workspace import AdminWorkspace

_COLUMNS: Final[dict[str, object]] = {
    "name": QT_TRANSLATE_NOOP("AdminExport", "Name"),
    "initials": QT_TRANSLATE_NOOP("AdminExport", "Initials"),
    "rank": QT_TRANSLATE_NOOP("AdminExport", "Rank"),
    "role": QT_TRANSLATE_NOOP("AdminExport", "Role"),
    "has_password": QT_TRANSLATE_NOOP("AdminExport", "Has a password"),
    "temporary_password": QT_TRANSLATE_NOOP("AdminExport", "Temporary password"),
    "keyring": QT_TRANSLATE_NOOP("AdminExport", "Keyring"),
    "locked_out": QT_TRANSLATE_NOOP("AdminExport", "Locked out"),
    "file": QT_TRANSLATE_NOOP("AdminExport", "File"),
    "sha256": QT_TRANSLATE_NOOP("AdminExport", "SHA-256"),
    "imported_by": QT_TRANSLATE_NOOP("AdminExport", "Imported by"),
    "imported_at": QT_TRANSLATE_NOOP("AdminExport", "Imported at"),
    "state": QT_TRANSLATE_NOOP("AdminExport", "State"),
    "reports": QT_TRANSLATE_NOOP("AdminExport", "Reports"),
    "kept": QT_TRANSLATE_NOOP("AdminExport", "Stayed when taken back"),
    "code": QT_TRANSLATE_NOOP("AdminExport", "Code"),
    "built_in": QT_TRANSLATE_NOOP("AdminExport", "Built in"),
    "title": QT_TRANSLATE_NOOP("AdminExport", "Title"),
    "least_zoom": QT_TRANSLATE_NOOP("AdminExport", "Least zoom"),
    "most_zoom": QT_TRANSLATE_NOOP("AdminExport", "Most zoom"),
    "size_bytes": QT_TRANSLATE_NOOP("AdminExport", "Size, bytes"),
    "attribution": QT_TRANSLATE_NOOP("AdminExport", "Source"),
    "sketch": QT_TRANSLATE_NOOP("AdminExport", "A sketch"),
    "in_use": QT_TRANSLATE_NOOP("AdminExport", "On the map"),
    "section": QT_TRANSLATE_NOOP("AdminExport", "Section"),
    "setting": QT_TRANSLATE_NOOP("AdminExport", "Setting"),
    "value": QT_TRANSLATE_NOOP("AdminExport", "Value"),
    "passed_over": QT_TRANSLATE_NOOP("AdminExport", "Passed over"),
    "command": QT_TRANSLATE_NOOP("AdminExport", "Command"),
    "group": QT_TRANSLATE_NOOP("AdminExport", "Group"),
    "keys": QT_TRANSLATE_NOOP("AdminExport", "Keys"),
}


def _say(source: object) -> str:
    return QCoreApplication.translate("AdminExport", str(source))


@dataclass(frozen=True, slots=True)
class PageList:
    """The list that stands on a page: its shape, its words, how many rows, and who writes it."""

    shape: Shape
    title: str
    total: int
    export: Callable[[Session, ListFile, Tick], Exported | ExportFault]


def plain_list(shape: Shape, title: str, rows: Sequence[Row]) -> PageList:
    """Return a list in which nothing is of people."""

    def export(session: Session, file: ListFile, tick: Tick) -> Exported | ExportFault:
        return export_plain(session, shape, rows, file, tick)

    return PageList(shape, title, len(rows), export)


class AdminExport(ListExport):
    """Writes the list of the page on screen; a page with an export of its own does that."""

    def __init__(self, session: Session, workspace: "AdminWorkspace") -> None:
        super().__init__(session, workspace.equipment.lanes, workspace)
        self._workspace = workspace

    def refusal(self) -> str:
        """Return why nothing can be taken out of the page, "" if its list can."""
        page = self._workspace.page()
        if page.own_export is not None:
            return ""
        if page.listed() is None:
            return _say("There is no list to export here")
        return super().refusal()

    def take(self) -> None:
        """Take the list of the page on screen out."""
        page = self._workspace.page()
        listed = page.listed()
        if page.own_export is not None:
            page.own_export()
        elif listed is not None:
            export = partial(listed.export, self._session)
            titles = {name: _say(_COLUMNS[name]) for name, _ in listed.shape.columns}
            now = self._session.clock().isoformat(timespec="minutes")
            notes = (_say("As of {time}").format(time=now),)
            name = listed.shape.name.replace("_", "-")
            self.start(
                Taken(name, listed.title, listed.total, export, notes, titles, has_places=False)
            )
