"""The lists of the administration as files: officers, imports, types, base maps, the policy, keys.

Who an officer is may be read in a file by those alone who help or manage officers: a list of names
beside the state of each way in is worth more to a thief than what stands on one screen.
"""

from collections.abc import Iterator, Sequence
from typing import Final

import msgspec

from trafficdesk.domain.permissions import Permission
from trafficdesk.domain.times import from_ms
from trafficdesk.exports.plain_text import as_text
from trafficdesk.exports.table import Kind, Row, Tick
from trafficdesk.policy.reading import MachinePolicy
from trafficdesk.services.administration import Enrolled
from trafficdesk.services.exporting import Exported, ExportFault, ListFile
from trafficdesk.services.list_exports import Listed, Shape, export_list, hidden, must_mask
from trafficdesk.services.session import Session
from trafficdesk.store import officers
from trafficdesk.store.imports import ImportBatch

_T, _W, _F = Kind.TEXT, Kind.WHOLE, Kind.FLAG
OFFICERS: Final = Shape(
    "officers",
    (
        ("name", _T),
        ("initials", _T),
        ("rank", _T),
        ("role", _T),
        ("has_password", _F),
        ("temporary_password", _F),
        ("keyring", _F),
        ("locked_out", _F),
    ),
)
IMPORTS: Final = Shape(
    "imports",
    (
        ("file", _T),
        ("sha256", _T),
        ("imported_by", _T),
        ("imported_at", Kind.TIME),
        ("state", _T),
        ("reports", _W),
        ("kept", _W),
    ),
)
TYPES: Final = Shape("violation_types", (("code", _T), ("name", _T), ("built_in", _F)))
BASE_MAPS: Final = Shape(
    "base_maps",
    (
        ("name", _T),
        ("title", _T),
        ("least_zoom", _W),
        ("most_zoom", _W),
        ("size_bytes", _W),
        ("attribution", _T),
        ("sketch", _F),
        ("in_use", _F),
    ),
)
POLICY: Final = Shape(
    "policy", (("section", _T), ("setting", _T), ("value", _T), ("passed_over", _F))
)
KEYS: Final = Shape("keys", (("command", _T), ("group", _T), ("keys", _T)))


def _may_read_officers(session: Session) -> bool:
    return session.may(Permission.OFFICER_MANAGE) or session.may(Permission.OFFICER_UNLOCK)


def export_officers(
    session: Session, enrolled: Sequence[Enrolled], file: ListFile, tick: Tick
) -> Exported | ExportFault:
    """Write the officers of this desk; raises as ``export_list``.

    Whoever neither helps nor manages officers reads of themselves alone who they are.
    """
    is_masked = not _may_read_officers(session)

    def told() -> Iterator[Row]:
        for each in enrolled:
            it = each.holder
            is_hidden = is_masked and it.officer_id != session.officer.id
            yield (
                *(hidden(text, is_masked=is_hidden) for text in (it.name, it.initials, it.rank)),
                str(it.role),
                each.has_password,
                each.must_change_password,
                each.has_keyring,
                each.is_locked,
            )

    return export_list(session, Listed(OFFICERS, told, is_masked), file, tick)


def export_imports(
    session: Session, found: Sequence[ImportBatch], file: ListFile, tick: Tick
) -> Exported | ExportFault:
    """Write what was imported at this desk; raises as ``export_list``.

    A file's name was written freely, and may name a person.
    """
    is_masked = must_mask(session)
    has_no_names = not _may_read_officers(session)

    def told() -> Iterator[Row]:
        with session.store.reading() as connection:
            names = officers.find_names(connection)
        for each in found:
            is_hidden = has_no_names and each.officer_id != session.officer.id
            yield (
                hidden(each.file, is_masked=is_masked),
                each.sha256,
                hidden(names.get(each.officer_id, ""), is_masked=is_hidden),
                from_ms(each.at_ms),
                str(each.state),
                each.row_count,
                each.kept_count,
            )

    return export_list(session, Listed(IMPORTS, told, is_masked or has_no_names), file, tick)


def export_plain(
    session: Session, shape: Shape, rows: Sequence[Row], file: ListFile, tick: Tick
) -> Exported | ExportFault:
    """Write a list in which nothing is of people; raises as ``export_list``."""
    return export_list(session, Listed(shape, lambda: rows, is_masked=False), file, tick)


def policy_rows(machine: MachinePolicy) -> list[Row]:
    """Return what holds on a machine, setting by setting, then what its policy says in vain."""
    sections: dict[str, dict[str, object] | None] = msgspec.to_builtins(machine.policy)
    rows: list[Row] = [
        (section, setting, _value(value), False)
        for section, settings in sections.items()
        for setting, value in (settings or {}).items()
    ]
    return rows + [(each.section, "", each.detail, True) for each in machine.warned]


def _value(value: object) -> str:
    if isinstance(value, list | tuple):
        return " ".join(map(str, value))
    return as_text(value) if isinstance(value, bool | int | str) else ""
