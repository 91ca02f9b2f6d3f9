"""Every command of a second look with its default keys: those of the review where they agree."""

from functools import partial
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QCoreApplication

from trafficdesk.domain.vocabulary import ReportStatus
from trafficdesk.qt.commands import Command

if TYPE_CHECKING:
    from collections.abc import Callable

    from trafficdesk.qt.analytics.blind_look import BlindLook

CONTEXT: Final = "analytics.second_look"


def _say(source: str) -> str:
    return QCoreApplication.translate("SecondLookCommands", source)


def blind_commands(look: "BlindLook") -> list[Command]:
    """Return the commands of a second look."""
    group = _say("Second look")
    rows: tuple[tuple[str, str, Callable[[], object], str], ...] = (
        ("approve", _say("I would approve"), partial(look.give, ReportStatus.APPROVED), "A"),
        ("reject", _say("I would reject"), partial(look.give, ReportStatus.REJECTED), "R"),
        (
            "duplicate",
            _say("I would say duplicate"),
            partial(look.give, ReportStatus.DUPLICATE),
            "D",
        ),
        ("note", _say("Say why"), look.write_note, "N"),
        ("later", _say("Look at it later"), look.skip, "J"),
        ("undo", _say("Take the last one back"), look.take_back, "Ctrl+Z"),
        ("photo_next", _say("Next photo"), partial(look.step_photo, 1), "]"),
        ("photo_previous", _say("Previous photo"), partial(look.step_photo, -1), "["),
        ("leave", _say("Close the second look"), look.leave, "Esc"),
    )
    return [
        Command(f"{CONTEXT}.{name}", title, group, act, (key,), CONTEXT)
        for name, title, act, key in rows
    ]
