"""Any list of the desk as a file: its columns, who may read what of it, and that it is noted."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from trafficdesk.domain.permissions import Permission
from trafficdesk.exports.table import Kind, Row, Table, Tick
from trafficdesk.services.exporting import (
    MASK,
    Exported,
    ExportFault,
    ListFile,
    Making,
    export_made,
)
from trafficdesk.services.session import Session


@dataclass(frozen=True, slots=True)
class Shape:
    """What a list is called in files and in the audit chain, and its columns."""

    name: str
    columns: tuple[tuple[str, Kind], ...]

    @property
    def place(self) -> tuple[int, int] | None:
        """The numbers of the columns of longitude and latitude; None of a list without places."""
        names = [name for name, _ in self.columns]
        if "longitude" not in names:
            return None
        return names.index("longitude"), names.index("latitude")


@dataclass(frozen=True, slots=True)
class Listed:
    """A list and its rows, made when they are written; ``is_masked``: without what is of people."""

    shape: Shape
    rows: Callable[[], Iterable[Row]]
    is_masked: bool


def export_list(
    session: Session, listed: Listed, file: ListFile, tick: Tick
) -> Exported | ExportFault:
    """Write a list's rows; it is noted in the audit chain before the first row is made.

    Raises:
        OSError: the folder takes no file; what was there is still there.
        ExportCancelledError: from ``tick``; likewise.
    """
    shape = listed.shape

    def write(_path: Path) -> int:
        columns = file.columns_of(shape.columns)
        table = Table(shape.name, file.title, columns, listed.rows(), shape.place, file.notes)
        return file.put(table, tick)

    detail = {"list": shape.name, "masked": listed.is_masked}
    permission = Permission.REPORT_EXPORT
    making = Making("list.export", permission, file.path, file.form, detail, listed.is_masked)
    return export_made(session, making, write)


def must_mask(session: Session) -> bool:
    """Tell whether this officer may not read of people."""
    return not session.may(Permission.CITIZEN_READ_PII)


def hidden(text: str, *, is_masked: bool) -> str:
    """Return what was written freely, or that something was."""
    return MASK if is_masked and text else text
