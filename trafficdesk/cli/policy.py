"""``trafficdesk policy``: what IT has decided for this machine, and whether a file would hold."""

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from trafficdesk.cli.answers import Answer, answering
from trafficdesk.cli.exits import Exit
from trafficdesk.cli.options import AsJson

if TYPE_CHECKING:
    from trafficdesk.policy.reading import MachinePolicy

app = typer.Typer(help="What IT has decided for every desk of this machine.", no_args_is_help=True)


@app.command()
def show(as_json: AsJson = False) -> None:
    """Show the policy of this machine, and where it lies."""
    with answering(as_json) as answer:
        from trafficdesk.policy.machine import find_machine_policy

        machine = find_machine_policy()
        if machine.is_there:
            answer.say(f"The policy of this machine is {machine.place}.")
        else:
            answer.say("This machine has no policy; everything is the officers' to choose.")
        _tell(answer, machine)


@app.command()
def check(
    file: Annotated[
        Path, typer.Argument(metavar="FILE", help="A policies.json, before it is rolled out.")
    ],
    as_json: AsJson = False,
) -> None:
    """Tell whether a policy file would be followed, rule by rule; nothing is changed."""
    with answering(as_json) as answer:
        from trafficdesk.policy.errors import UNREADABLE, PolicyError
        from trafficdesk.policy.machine import find_file

        machine = find_file(file)
        if not machine.is_there:
            raise PolicyError(UNREADABLE, path=str(file), detail="there is no such file")
        answer.say(f"{file} would be followed.")
        machine = _without_unknown_source(machine)
        _tell(answer, machine)
        if machine.warned:
            answer.leave = Exit.UNSOUND


def _without_unknown_source(machine: "MachinePolicy") -> "MachinePolicy":
    """Return the policy with its positions passed over if no desk knows their source."""
    import msgspec

    from trafficdesk.policy.reading import Warned
    from trafficdesk.position.policy import read_source
    from trafficdesk.position.status import SourceError

    rules = machine.policy.position
    if rules is None:
        return machine
    try:
        read_source(rules.source)
    except SourceError:
        warned = Warned("position", f"there is no source of positions {rules.source}")
        return replace(
            machine,
            policy=msgspec.structs.replace(machine.policy, position=None),
            warned=(*machine.warned, warned),
        )
    return machine


def _tell(answer: Answer, machine: "MachinePolicy") -> None:
    import msgspec

    sections = {
        name: rules
        for name, rules in msgspec.to_builtins(machine.policy).items()
        if rules is not None
    }
    answer.tell(place=machine.place, policy=sections)
    for name, rules in sections.items():
        for rule, value in rules.items():
            answer.say(f"{name}.{rule}: {_word(value)}")
    answer.tell(passed_over=[{"section": w.section, "detail": w.detail} for w in machine.warned])
    for warned in machine.warned:
        reason = warned.detail or "this version does not know it"
        answer.say(f"Passed over: {warned.section} ({reason}).")


def _word(value: object) -> str:
    if isinstance(value, list | tuple):
        return ", ".join(map(str, value)) or "none"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value) if value not in {None, ""} else "-"
