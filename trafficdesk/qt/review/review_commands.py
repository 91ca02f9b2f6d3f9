"""Every command of the review with its default keys; one list for buttons, palette and sheet."""

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QCoreApplication

from trafficdesk.domain.lifecycle import ASSIGNING, SECOND_LOOK, Move
from trafficdesk.domain.permissions import Permission
from trafficdesk.domain.queues import QueueName
from trafficdesk.qt.commands import Command
from trafficdesk.qt.event_words import move_word
from trafficdesk.qt.review.filter_words import queue_word
from trafficdesk.qt.review.offered import command_of, nothing_open, right_refusal

if TYPE_CHECKING:
    from trafficdesk.qt.review.workspace import ReviewWorkspace

CONTEXT: Final = "review"
BAR: Final = (
    "review.approve",
    "review.cite",
    "review.close",
    "review.answer",
    "review.reject",
    "review.ask_info",
    "review.duplicate",
    "review.escalate",
    "review.reopen",
)
MORE: Final = (
    "review.claim",
    "review.release",
    "review.assign",
    "review.escalate_note",
    "review.second_look",
    "review.file",
)


def _say(source: str) -> str:
    return QCoreApplication.translate("ReviewCommands", source)


def review_commands(desk: "ReviewWorkspace") -> list[Command]:
    """Return the commands of a review workspace."""
    return [
        *_decisions(desk),
        *_changes(desk),
        *_others(desk),
        *_filing(desk),
        *_ways(desk),
        *_listing(desk),
        *_taking_out(desk),
        *_marking(desk),
        *_photos(desk),
        *_queues(desk),
    ]


def _decisions(desk: "ReviewWorkspace") -> list[Command]:
    triage = desk.triage
    plain = (
        (Move.APPROVE, "A", "check"),
        (Move.CITE, "W", "file-text"),
        (Move.CLOSE, "X", "archive"),
        (Move.ANSWER, "Y", "message-square-reply"),
        (Move.CLAIM, "H", "lock"),
        (Move.RELEASE, "Shift+H", "lock-open"),
    )
    asking: tuple[tuple[Move, str, str, Callable[[], object]], ...] = (
        (Move.REJECT, "R", "x", triage.open_reject),
        (Move.ASK_INFO, "N", "message-circle-question-mark", triage.open_question),
        (Move.MARK_DUPLICATE, "D", "copy", triage.open_duplicate),
        (Move.REOPEN, "Shift+R", "rotate-ccw", triage.open_reopen),
    )
    made = [_move(desk, move, key, icon, _mover(desk, move)) for move, key, icon in plain]
    return made + [_move(desk, move, key, icon, act) for move, key, icon, act in asking]


def _mover(desk: "ReviewWorkspace", move: Move) -> Callable[[], object]:
    return lambda: desk.triage.move(move)


def _move(
    desk: "ReviewWorkspace", move: Move, key: str, icon: str, act: Callable[[], object]
) -> Command:
    return Command(
        command_of(move),
        move_word(move),
        _say("This report"),
        act,
        (key,),
        CONTEXT,
        refusal=lambda: desk.triage.refusal(move),
        icon=icon,
    )


def _others(desk: "ReviewWorkspace") -> list[Command]:
    triage, group = desk.triage, _say("This report")
    read, identity = Permission.REPORT_READ, Permission.CITIZEN_READ_PII

    def units() -> None:
        desk.units_wanted.emit(desk.detail.pk)

    rows: tuple[tuple[str, str, Callable[[], object], str, Permission], ...] = (
        ("identity", _say("Show who reported"), triage.reveal_identity, "I", identity),
        ("copy", _say("Copy the reference"), desk.copy_reference, "C", read),
        ("map", _say("Show on the map"), desk.open_map, "M", read),
        ("units", _say("Nearest units"), units, "U", read),
        ("vehicle", _say("All reports of this vehicle"), desk.show_same_vehicle, "V", read),
    )
    return [
        Command(
            f"{CONTEXT}.{name}",
            title,
            group,
            act,
            (key,),
            CONTEXT,
            refusal=partial(triage.refusal_of, right),
        )
        for name, title, act, key, right in rows
    ]


def _changes(desk: "ReviewWorkspace") -> list[Command]:
    triage, group = desk.triage, _say("This report")
    noted = _say("Escalate with a note")

    def change(
        name: str, title: str, act: Callable[[], object], key: str, refusal: Callable[[], str]
    ) -> Command:
        return Command(f"{CONTEXT}.{name}", title, group, act, (key,), CONTEXT, refusal=refusal)

    merge = _say("Duplicate of the likeliest")
    assign = partial(triage.change_refusal, ASSIGNING)
    look = partial(triage.change_refusal, SECOND_LOOK)
    return [
        change("escalate", _say("Escalate"), triage.escalate, "E", triage.escalate_refusal),
        change(
            "escalate_note", noted, triage.open_escalate, "Shift+E", triage.escalate_note_refusal
        ),
        change("merge", merge, triage.merge_likely, "Shift+D", triage.merge_refusal),
        change("assign", _say("Assign"), triage.open_assign, "P", assign),
        change("second_look", _say("Second look"), triage.second_look, "L", look),
    ]


def _filing(desk: "ReviewWorkspace") -> list[Command]:
    return [
        Command(
            f"{CONTEXT}.file",
            _say("File a report"),
            _say("Review"),
            desk.open_form,
            ("Ctrl+N",),
            CONTEXT,
            refusal=lambda: right_refusal(desk.session.officer, Permission.REPORT_FILE),
            icon="file-plus-2",
        ),
        Command(
            f"{CONTEXT}.file_now",
            _say("File what was entered"),
            _say("Review"),
            desk.form.submit,
            ("Ctrl+Return",),
            CONTEXT,
            refusal=lambda: "" if desk.form.isVisible() else _say("The form is not open"),
            is_hidden=True,
        ),
        Command(
            f"{CONTEXT}.undo",
            _say("Undo"),
            _say("Review"),
            desk.triage.undo,
            ("Z", "Ctrl+Z"),
            CONTEXT,
            icon="undo-2",
        ),
    ]


def _ways(desk: "ReviewWorkspace") -> list[Command]:
    listed, group = desk.column.list, _say("Moving")

    def go(by: int) -> Callable[[], object]:
        def act() -> None:
            listed.clear_marks()
            listed.step(by)

        return act

    def empty() -> str:
        return "" if desk.column.model.count() else nothing_open()

    def way(name: str, title: str, act: Callable[[], object], *keys: str) -> Command:
        return Command(
            f"{CONTEXT}.{name}", title, group, act, keys, CONTEXT, refusal=empty, repeats=True
        )

    return [
        way("next", _say("Next report"), go(1), "J"),
        way("previous", _say("Previous report"), go(-1), "K"),
        way("first", _say("First report"), lambda: listed.go_to_place(0), "Home"),
        way(
            "last",
            _say("Last report"),
            lambda: listed.go_to_place(desk.column.model.count() - 1),
            "End",
        ),
    ]


def _listing(desk: "ReviewWorkspace") -> list[Command]:
    group = _say("Moving")
    return [
        Command(f"{CONTEXT}.leave", _say("Back to the list"), group, desk.leave, ("Esc",), CONTEXT),
        Command(
            f"{CONTEXT}.filter",
            _say("Filter the list"),
            group,
            desk.column.open_filter,
            ("F",),
            CONTEXT,
            icon="list-filter",
        ),
        Command(
            f"{CONTEXT}.clear",
            _say("Clear filters"),
            group,
            desk.column.clear_filters,
            ("Shift+F",),
            CONTEXT,
        ),
        Command(
            f"{CONTEXT}.sort",
            _say("Order of the list"),
            group,
            desk.column.open_sort,
            ("S",),
            CONTEXT,
        ),
        Command(
            f"{CONTEXT}.more_queues",
            _say("More queues and saved searches"),
            group,
            desk.column.open_more,
            ("Q",),
            CONTEXT,
        ),
    ]


def _taking_out(desk: "ReviewWorkspace") -> list[Command]:
    export = desk.column.export
    return [
        Command(
            f"{CONTEXT}.export",
            _say("Export the list"),
            _say("Moving"),
            desk.column.export_list,
            ("Ctrl+E",),
            CONTEXT,
            refusal=export.refusal,
            icon="file-down",
        )
    ]


def _marking(desk: "ReviewWorkspace") -> list[Command]:
    listed, group = desk.column.list, _say("Marking")

    def mark(name: str, title: str, act: Callable[[], object], *keys: str) -> Command:
        return Command(f"{CONTEXT}.{name}", title, group, act, keys, CONTEXT, repeats=True)

    return [
        mark("mark_next", _say("Mark and go on"), lambda: listed.mark_step(1), "Shift+J"),
        mark("mark_previous", _say("Mark and go back"), lambda: listed.mark_step(-1), "Shift+K"),
        mark("mark_all", _say("Mark the whole list"), listed.mark_all, "Ctrl+A"),
    ]


def _photos(desk: "ReviewWorkspace") -> list[Command]:
    viewer, group = desk.detail.viewer, _say("Photo")

    def none() -> str:
        return "" if viewer.media() else _say("This report has no photo")

    def view(name: str, title: str, act: Callable[[], object], *keys: str) -> Command:
        return Command(f"{CONTEXT}.{name}", title, group, act, keys, CONTEXT, refusal=none)

    def zoom(steps: float) -> Callable[[], object]:
        def act() -> None:
            (desk.enlarged.view if desk.enlarged.isVisible() else viewer.view).zoom_by(steps)

        return act

    def on_view(name: str) -> Callable[[], object]:
        def act() -> None:
            getattr(desk.enlarged.view if desk.enlarged.isVisible() else viewer.view, name)()

        return act

    return [
        view("enlarge", _say("Enlarge the photo"), desk.toggle_enlarged, "Space"),
        view("marks", _say("Show or hide labels"), viewer.toggle_labels, "B"),
        view("photo_next", _say("Next photo"), lambda: viewer.step(1), "]"),
        view("photo_previous", _say("Previous photo"), lambda: viewer.step(-1), "["),
        view("zoom_in", _say("Zoom in"), zoom(1), "+", "="),
        view("zoom_out", _say("Zoom out"), zoom(-1), "-"),
        view("zoom_fit", _say("Whole photo"), on_view("fit"), "0"),
        view("turn", _say("Turn the photo"), on_view("turn"), "T"),
    ]


def _queues(desk: "ReviewWorkspace") -> list[Command]:
    group = _say("Queues")
    keys = {
        QueueName.UNASSIGNED: ("Alt+1", "G, U"),
        QueueName.MINE: ("Alt+2", "G, M"),
        QueueName.ESCALATED: ("Alt+3", "G, E"),
        QueueName.NEEDS_INFO: ("Alt+4", "G, N"),
        QueueName.SECOND_LOOK: ("G, S",),
        QueueName.ALL: ("G, A",),
    }

    def opener(queue: QueueName) -> Callable[[], object]:
        return lambda: desk.column.open_queue(queue)

    def counter(queue: QueueName) -> Callable[[], str]:
        return lambda: str(desk.column.facts.queues.get(queue, ""))

    return [
        Command(
            f"{CONTEXT}.queue.{queue}",
            queue_word(queue),
            group,
            opener(queue),
            keys[queue],
            CONTEXT,
            detail=counter(queue),
        )
        for queue in QueueName
    ]
