"""The key that calls for help, from wherever an officer is at the desk."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from trafficdesk.qt.commands import ALWAYS, Command
from trafficdesk.qt.own_unit.words import say
from trafficdesk.services.outcomes import Refusal

if TYPE_CHECKING:
    from trafficdesk.services.incidents import FiledIncident

HELP: Final = "dispatch.help"


def help_command(call: Callable[[], object], refusal: Callable[[], str]) -> Command:
    """Return the one command that calls for help: it acts under panels and forms as well."""
    return Command(
        HELP,
        say("Officer needs help"),
        say("Safety"),
        call,
        ("Ctrl+Shift+H",),
        ALWAYS,
        refusal=refusal,
        icon="siren",
    )


def called_words(filed: "FiledIncident", call_sign: str, *, has_line: bool) -> tuple[str, str]:
    """Return what became of a call for help, and what to do besides."""
    radio = say("Call by radio as well.")
    codes = {each.code for each in filed.outcome.refused}
    if codes - {Refusal.NOTHING_TO_CHANGE}:
        return say("Help was not called."), say("Call by radio.")
    if codes:
        title = say("{unit} has called for help already.").format(unit=call_sign)
    else:
        title = say("{unit} calls for help.").format(unit=call_sign)
    if has_line:
        return title, say("It goes out before anything else.")
    return title, f"{say('There is no line to the server; it goes out first of all.')} {radio}"
