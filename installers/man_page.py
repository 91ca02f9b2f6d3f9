"""The man page, made of the commands themselves, so that it cannot say anything else."""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import Any

import typer

from trafficdesk.cli.commands import app
from trafficdesk.cli.exits import EXIT_CODES
from trafficdesk.home import HOME_VARIABLE

# The commands are Typer's copies of Click's classes, which it gives no types.
Command = Any

_FILES = (
    ("~/.local/share/TrafficDesk", "the profile: encrypted store, keys, photos, map packs"),
    ("/etc/trafficdesk/policies.json", "what this machine's administrator prescribes"),
    ("/usr/lib/trafficdesk/about", "versions, licences and bill of materials of the program"),
)


def man_page(version: str, made_at: int) -> str:
    """Return ``trafficdesk(1)`` in man's own language; the date is in seconds of the epoch."""
    root = typer.main.get_command(app)
    day = datetime.fromtimestamp(made_at, UTC).date().isoformat()
    lines = [
        f'.TH TRAFFICDESK 1 "{day}" "TrafficDesk {_escaped(version)}" "User Commands"',
        ".SH NAME",
        r"trafficdesk \- the desk software of a traffic police station",
        ".SH SYNOPSIS",
        ".B trafficdesk",
        r"[\fICOMMAND\fR [\fIARGUMENTS\fR]]",
        ".SH DESCRIPTION",
        "Without a command the desk opens.",
        ".SH OPTIONS",
        *_options(root),
        ".SH COMMANDS",
    ]
    for name, command in _commands(root):
        lines += [".SS " + " ".join([_bold(name), *_arguments(command)]), *_text(command.help)]
        lines += _options(command)
    lines += [".SH EXIT STATUS"]
    for code, meaning in EXIT_CODES.items():
        lines += _entry(_bold(str(int(code))), meaning)
    lines += [".SH ENVIRONMENT", *_entry(_bold(HOME_VARIABLE), "the folder of the profile")]
    lines += [".SH FILES"]
    for place, what in _FILES:
        lines += _entry(f"\\fI{_escaped(place)}\\fR", what)
    return "\n".join(lines) + "\n"


def _commands(group: Command, before: str = "") -> Iterator[tuple[str, Command]]:
    """Yield each command that can be given, with its whole name."""
    for name, command in sorted(group.commands.items()):
        if command.hidden:
            continue
        if hasattr(command, "commands"):
            yield from _commands(command, f"{before}{name} ")
        else:
            yield f"{before}{name}", command


def _arguments(command: Command) -> Iterator[str]:
    for parameter in command.params:
        if parameter.param_type_name == "argument":
            yield f"\\fI{_escaped(parameter.metavar or parameter.name.upper())}\\fR"


def _options(command: Command) -> list[str]:
    lines: list[str] = []
    for parameter in command.params:
        if parameter.param_type_name == "argument" and getattr(parameter, "help", None):
            shown = f"\\fI{_escaped(parameter.metavar or parameter.name.upper())}\\fR"
            lines += _entry(shown, parameter.help)
        elif parameter.param_type_name == "option" and not parameter.hidden:
            names = [*parameter.opts, *parameter.secondary_opts]
            shown = ", ".join(_bold(name) for name in names)
            if parameter.metavar:
                shown += f" \\fI{_escaped(parameter.metavar)}\\fR"
            lines += _entry(shown, parameter.help or "")
    return lines


def _entry(term: str, text: str) -> Iterable[str]:
    return (".TP", term, *_text(text))


def _text(text: str | None) -> list[str]:
    """Return a text as one line, which may not begin like one of man's own requests."""
    line = _escaped(" ".join((text or "").split()))
    return [f"\\&{line}" if line.startswith((".", "'")) else line] if line else []


def _bold(word: str) -> str:
    return f"\\fB{_escaped(word)}\\fR"


def _escaped(text: str) -> str:
    return text.replace("\\", "\\e").replace("-", "\\-")
