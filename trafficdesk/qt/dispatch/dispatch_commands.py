"""The commands of dispatch and their keys."""

from functools import partial
from typing import TYPE_CHECKING, Final

from trafficdesk.domain.vocabulary import Step
from trafficdesk.qt.commands import Command, Row, command_of
from trafficdesk.qt.dispatch.words import say

if TYPE_CHECKING:
    from trafficdesk.qt.dispatch.workspace import DispatchWorkspace

CONTEXT: Final = "dispatch"
FORM: Final = "dispatch.form"  # while it is open letters belong to it, whatever has the keyboard


def dispatch_commands(desk: "DispatchWorkspace") -> list[Command]:
    """Return every command of dispatch."""
    groups = (
        (say("Sending"), _sending(desk)),
        (say("Steps"), _steps(desk)),
        (say("This incident"), _incident(desk)),
        (say("Units"), _units(desk)),
        (say("Safety"), _safety(desk)),
        (say("Moving"), (*_moving(desk), *_taking_out(desk))),
    )
    made = [command_of(CONTEXT, group, row) for group, rows in groups for row in rows]
    return made + _form(desk)


def _form(desk: "DispatchWorkspace") -> list[Command]:
    rows = (
        ("submit", say("File the incident"), desk.submit_form, ("Ctrl+Return",)),
        ("close", say("Close the form"), desk.close_side, ("Esc",)),
    )
    return [
        Command(f"{FORM}.{name}", title, say("This incident"), act, keys, FORM, is_hidden=True)
        for name, title, act, keys in rows
    ]


def _sending(desk: "DispatchWorkspace") -> list[Row]:
    doing, why, plan = desk.doing, desk.reasons, desk.doing.planning
    options: list[Row] = [
        (
            f"send_{n}",
            say("Send suggestion {number}").format(number=n),
            partial(doing.send_option, n - 1),
            (str(n),),
            partial(why.send_option, n - 1),
            "send",
        )
        for n in range(1, 4)
    ]
    return [
        *options,
        ("choose_unit", say("Choose a unit"), desk.focus_units, ("A",), why.send, "users"),
        (
            "send_chosen",
            say("Send the chosen unit"),
            doing.send_chosen,
            ("Return", "Enter"),
            why.send_chosen,
            "send",
        ),
        ("plan", say("Propose a plan"), plan.begin, ("P",), plan.refusal, "list-checks"),
        ("undo", say("Undo"), desk.writing.undo, ("Ctrl+Z", "Z"), why.undo, "undo-2"),
        ("type", say("Type a command"), desk.line.begin, (":",), None, "terminal"),
    ]


def _steps(desk: "DispatchWorkspace") -> list[Row]:
    rows = (
        ("acknowledged", say("Acknowledged by the unit"), "", Step.ACKNOWLEDGED, "check"),
        ("en_route", say("En route"), "D", Step.EN_ROUTE, "chevrons-right"),
        ("on_scene", say("On scene"), "S", Step.ARRIVED, "circle-dot"),
        ("withdraw", say("Withdraw the unit"), "X", Step.WITHDRAWN, "undo"),
    )
    return [
        (
            name,
            title,
            partial(desk.doing.step, step),
            (key,) if key else (),
            partial(desk.reasons.step, step),
            icon,
        )
        for name, title, key, step, icon in rows
    ]


def _incident(desk: "DispatchWorkspace") -> list[Row]:
    doing, why, asking = desk.doing, desk.reasons, desk.asking
    return [
        ("open", say("Open the incident"), desk.open_detail, ("O",), why.open, "panel-right"),
        ("clear", say("Clear"), asking.clear, ("C",), why.clear, "check-check"),
        ("merge", say("Merge with the one beside it"), asking.merge, ("M",), why.merge, "merge"),
        ("correct", say("Correct the facts"), doing.begin_correction, ("E",), why.change, "pencil"),
        ("times", say("Correct the times"), doing.begin_times, ("T",), why.times, "clock"),
        ("verify", say("Also seen by somebody else"), doing.verify, ("V",), why.change, "eye"),
        ("reopen", say("Reopen"), doing.reopen, (), why.reopen, "rotate-ccw"),
        ("map", say("Show on the map"), doing.show_on_map, ("G",), why.open, "map-pin"),
        ("file", say("File an incident"), desk.open_form, ("N", "Ctrl+N"), why.file, "plus"),
    ]


def _units(desk: "DispatchWorkspace") -> list[Row]:
    roster = desk.doing.roster
    return [
        ("enlist", say("Enlist a unit"), roster.begin, ("U",), roster.refusal, "plus"),
        (
            "change_unit",
            say("Change the unit"),
            roster.begin_change,
            ("Shift+U",),
            roster.change_refusal,
            "pencil",
        ),
    ]


def _safety(desk: "DispatchWorkspace") -> list[Row]:
    doing, why, asking = desk.doing, desk.reasons, desk.asking
    return [
        ("check_in", say("The crew is well"), doing.check_in, ("W",), why.check_in, "heart-pulse"),
        (
            "help_confirm",
            say("Call for help now"),
            asking.confirm_help,
            ("Ctrl+Shift+Return",),
            why.confirm_help,
            "siren",
        ),
    ]


def _taking_out(desk: "DispatchWorkspace") -> list[Row]:
    export, icon = desk.export, "file-down"
    incidents, units = export.take_incidents, export.take_units
    return [
        ("export", say("Export the incidents"), incidents, ("Ctrl+E",), export.refusal, icon),
        ("export_units", say("Export the units"), units, (), export.refusal, icon),
    ]


def _moving(desk: "DispatchWorkspace") -> list[Row]:
    reach = desk.doing.reaching
    return [
        ("next", say("Next row"), partial(desk.step_row, 1), ("J",), None, ""),
        ("previous", say("Previous row"), partial(desk.step_row, -1), ("K",), None, ""),
        ("boards", say("The other board"), desk.switch_board, (), None, "arrow-left-right"),
        ("reach", say("Show the unit's reach"), reach.show, ("R",), reach.refusal, "radar"),
        ("fit", say("Show all on the map"), desk.map.fit, ("0",), None, "locate-fixed"),
        ("close", say("Close the top thing"), desk.leave, ("Esc",), None, "x"),
    ]
