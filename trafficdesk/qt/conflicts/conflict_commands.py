"""The commands of the conflict desk and their keys."""

from functools import partial
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QCoreApplication

from trafficdesk.domain.conflicts import Side
from trafficdesk.qt.commands import Command, Row, command_of

if TYPE_CHECKING:
    from trafficdesk.qt.conflicts.workspace import ConflictsWorkspace

CONTEXT: Final = "conflicts"


def _say(source: str) -> str:
    return QCoreApplication.translate("Conflicts", source)


def conflict_commands(desk: "ConflictsWorkspace") -> list[Command]:
    """Return every command of the conflict desk."""
    groups = (
        (_say("This conflict"), (*_choosing(desk), *_settling(desk))),
        (_say("Set aside"), _set_aside(desk)),
        (_say("Moving"), (*_moving(desk), _taking_out(desk))),
    )
    return [command_of(CONTEXT, group, row) for group, rows in groups for row in rows]


def _choosing(desk: "ConflictsWorkspace") -> list[Row]:
    page = desk.page
    whole = partial(desk.reach.refusal_to_choose, is_whole=True)
    mine, theirs = partial(desk.choose, Side.MINE), partial(desk.choose, Side.THEIRS)
    all_mine = partial(desk.choose_all, Side.MINE)
    all_theirs = partial(desk.choose_all, Side.THEIRS)
    return [
        ("mine", _say("Keep mine"), mine, ("1",), desk.reach.refusal_to_choose, "check"),
        ("theirs", _say("Keep theirs"), theirs, ("2",), desk.reach.refusal_to_choose, "check"),
        ("edit", _say("Edit"), desk.acts.edit, ("3",), desk.reach.refusal_to_edit, "pencil"),
        (
            "map",
            _say("Put the place on the map"),
            page.evidence.focus_map,
            ("M",),
            desk.reach.refusal_to_place,
            "map-pin",
        ),
        ("all_mine", _say("Mine for every field"), all_mine, ("Q",), whole, "check-check"),
        ("all_theirs", _say("Theirs for every field"), all_theirs, ("W",), whole, "check-check"),
        ("fields", _say("All fields, or those that differ"), page.toggle_all, ("F",), None, "list"),
        (
            "note",
            _say("Write the note"),
            page.focus_note,
            ("T",),
            desk.reach.refusal_to_note,
            "pencil",
        ),
    ]


def _settling(desk: "ConflictsWorkspace") -> list[Row]:
    enter = ("Enter", "Return")
    return [
        ("save", _say("Save and next"), desk.acts.save, enter, desk.reach.refusal_to_save, "check"),
        (
            "bulk",
            _say("The same for all like this"),
            desk.acts.settle_many,
            ("L",),
            desk.reach.refusal_to_many,
            "copy-check",
        ),
        (
            "reopen",
            _say("Reopen"),
            desk.acts.reopen,
            ("Shift+R",),
            desk.reach.refusal_to_reopen,
            "rotate-ccw",
        ),
        ("undo", _say("Undo"), desk.acts.undo, ("Z",), desk.reach.refusal_to_undo, "undo-2"),
        (
            "open",
            _say("Open the report"),
            desk.open_report,
            ("O",),
            desk.reach.refusal_to_open,
            "external-link",
        ),
    ]


def _set_aside(desk: "ConflictsWorkspace") -> list[Row]:
    refusal = desk.reach.refusal_to_move_on
    return [
        ("retry", _say("Retry"), desk.acts.retry, ("R",), refusal, "rotate-cw"),
        ("withdraw", _say("Withdraw"), desk.acts.ask_to_withdraw, ("Del",), refusal, "trash-2"),
    ]


def _moving(desk: "ConflictsWorkspace") -> list[Row]:
    listed, go, filters = desk.column.list, desk.open_tab, desk.column.filters
    refusal = desk.reach.refusal_to_filter
    return [
        ("filter", _say("Filter the list"), filters.open_menu, ("G",), refusal, "plus"),
        (
            "need_me",
            _say("Only what needs me"),
            filters.toggle_need_me,
            ("N",),
            desk.reach.refusal_to_need,
            "list",
        ),
        ("order", _say("Oldest or newest first"), filters.turn_order, ("S",), refusal, "list"),
        ("next", _say("Next"), partial(desk.step, 1), ("J",), None, ""),
        ("previous", _say("Previous"), partial(desk.step, -1), ("K",), None, ""),
        ("down", _say("Next field"), partial(desk.step_line, 1), ("]",), None, ""),
        ("up", _say("Previous field"), partial(desk.step_line, -1), ("[",), None, ""),
        ("mark", _say("Mark"), partial(listed.toggle_mark, 0), ("X",), None, "check"),
        (
            "mark_next",
            _say("Mark and go on"),
            partial(listed.toggle_mark, 1),
            ("Shift+J",),
            None,
            "",
        ),
        ("tab_open", _say("Open conflicts"), partial(go, "open"), ("Alt+1",), None, "list"),
        (
            "tab_settled",
            _say("Settled conflicts"),
            partial(go, "settled"),
            ("Alt+2",),
            None,
            "list",
        ),
        ("tab_parked", _say("What was set aside"), partial(go, "parked"), ("Alt+3",), None, "list"),
        ("leave", _say("Back to the list"), desk.leave, ("Esc",), None, "x"),
    ]


def _taking_out(desk: "ConflictsWorkspace") -> Row:
    export = desk.export
    title = _say("Export the list")
    return ("export", title, export.take, ("Ctrl+E",), export.refusal, "file-down")
