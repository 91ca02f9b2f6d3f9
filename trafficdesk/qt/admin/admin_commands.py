"""The administration's sections, and the commands that lead to them."""

from functools import partial
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QCoreApplication

from trafficdesk.qt.admin.section_list import Section
from trafficdesk.qt.commands import Command

if TYPE_CHECKING:
    from trafficdesk.qt.admin.workspace import AdminWorkspace

CONTEXT: Final = "admin"


def _say(source: str) -> str:
    return QCoreApplication.translate("AdminWorkspace", source)


def section_groups() -> tuple[tuple[str, tuple[Section, ...]], ...]:
    """Return the sections under their headings."""
    you = (
        Section("account", _say("My account"), "user-round", "Alt+1"),
        Section("look", _say("Look"), "palette", "Alt+2"),
        Section("keys", _say("Keys"), "keyboard", "Alt+3"),
        Section("locking", _say("Locking"), "lock-keyhole", "Alt+4"),
    )
    desk = (
        Section("officers", _say("Officers"), "users-round", "Alt+5"),
        Section("types", _say("Violation types"), "tags", "Alt+6"),
        Section("base_maps", _say("Base maps"), "map-pinned", "Alt+7"),
        Section("city", _say("City"), "map-pin", "Alt+C"),
        Section("imports", _say("Imports"), "folder-open", "Alt+0"),
        Section("audit", _say("Audit"), "shield-check", "Alt+8"),
        Section("desk", _say("This desk"), "monitor", "Alt+9"),
    )
    return ((_say("For you"), you), (_say("For the desk"), desk))


def admin_commands(workspace: "AdminWorkspace") -> list[Command]:
    """Return a command for every section, and one that takes a section's list out."""
    export = workspace.export
    taking_out = Command(
        f"{CONTEXT}.export",
        _say("Export the list"),
        _say("Administration"),
        export.take,
        ("Ctrl+E",),
        CONTEXT,
        refusal=export.refusal,
        icon="file-down",
    )
    going = [
        Command(
            id=f"{CONTEXT}.{section.id}",
            title=section.title,
            group=_say("Administration"),
            handler=partial(workspace.go_to, section.id),
            keys=(section.key,),
            context=CONTEXT,
            icon=section.icon,
        )
        for _title, sections in section_groups()
        for section in sections
    ]
    return [*going, taking_out]
