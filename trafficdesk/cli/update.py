"""``trafficdesk update``: newer versions of the desk for everybody on this machine."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from trafficdesk.cli.answers import Answer, RefusedError, answering
from trafficdesk.cli.exits import Exit
from trafficdesk.cli.options import AsJson

if TYPE_CHECKING:
    from trafficdesk.updates.places import Places
    from trafficdesk.updates.standing import Standing
    from trafficdesk.updates.switching import Found, Order

app = typer.Typer(
    help="Newer versions of the desk, for everybody on this machine.", no_args_is_help=True
)

FromFolder = Annotated[
    Path | None,
    typer.Option("--from", metavar="DIR", help="A folder with updates, as on a USB stick."),
]
Again = Annotated[bool, typer.Option("--again", help="Also a version that failed here before.")]


@app.command("check")
def check(folder: FromFolder = None, as_json: AsJson = False) -> None:
    """Ask for a newer version; nothing is fetched."""
    with answering(as_json) as answer:
        from trafficdesk.updates import switching

        with _ordered(answer, folder) as order:
            found = switching.check(order)
        _tell(answer, found)
        if found.release is not None and not found.refused:
            answer.say(
                f"{found.release.version} is there to be installed: trafficdesk update apply"
            )


@app.command("fetch")
def fetch(folder: FromFolder = None, as_json: AsJson = False) -> None:
    """Fetch a newer version, and prove it; the present one goes on."""
    with answering(as_json) as answer:
        from trafficdesk.updates import switching

        with _ordered(answer, folder) as order:
            found = switching.fetch(order)
        _tell(answer, found)
        if found.release is not None and not found.refused:
            answer.say(f"{found.release.version} is fetched: trafficdesk update apply")


@app.command("apply")
def apply(folder: FromFolder = None, again: Again = False, as_json: AsJson = False) -> None:
    """Fetch a newer version, try it, and have it run from the next start on."""
    with answering(as_json) as answer:
        from trafficdesk.updates import switching

        with _ordered(answer, folder) as order:
            found = switching.apply(order, again=again)
        _tell(answer, found)
        if found.release is not None and (again or not found.refused):
            answer.tell(runs=found.release.version)
            answer.say(f"{found.release.version} passed its self-test.")
            answer.say("Desks have it when they are opened next; those that are open go on.")


@app.command("status")
def status(as_json: AsJson = False) -> None:
    """Tell which version runs, what is newer, and since when that is known; for everybody."""
    with answering(as_json) as answer:
        from trafficdesk.domain.times import utc_now
        from trafficdesk.updates.standing import find_standing

        standing = find_standing(_places())
        _tell_standing(answer, standing)
        if standing.is_running_out(utc_now()):
            answer.tell(is_running_out=True)
            answer.say("The repository has to be renewed: tell whoever makes releases.")


@app.command("rollback")
def rollback(as_json: AsJson = False) -> None:
    """Have the version before run from the next start on, and the present one not again."""
    with answering(as_json) as answer:
        from trafficdesk.updates.switching import roll_back

        with _sentences():
            before, after = roll_back(_places())
        answer.tell(ran=before, runs=after)
        if before == after:
            answer.say(f"{after} came with the package; there is none before it.")
            return
        answer.say(f"{after} runs from the next start on. {before} is not taken again by itself.")
        answer.say("A store that it brought to a newer schema opens with a newer version alone.")


def _places() -> "Places":
    from trafficdesk.updates.errors import NOT_INSTALLED
    from trafficdesk.updates.places import find_places

    places = find_places()
    if places is None:
        raise RefusedError(NOT_INSTALLED)
    return places


@contextmanager
def _ordered(answer: Answer, folder: Path | None) -> Iterator["Order"]:
    from trafficdesk.domain.times import utc_now
    from trafficdesk.policy.machine import find_machine_policy
    from trafficdesk.updates.ordering import ordering
    from trafficdesk.updates.switching import Step

    steps = list(Step)

    def tell(step: Step) -> None:
        answer.step(steps.index(step) + 1, len(steps), step)

    told = find_machine_policy()
    with _sentences(), ordering(_places(), told, folder, utc_now(), tell) as order:
        yield order


@contextmanager
def _sentences() -> Iterator[None]:
    """Turn what kept an update from being made into a refusal."""
    from trafficdesk.updates.errors import AT_WORK, OFF, UpdateError

    # A timer that has nothing to do has not failed.
    leaves = {AT_WORK: Exit.IN_USE, OFF: Exit.DONE}
    try:
        yield
    except UpdateError as error:
        leave = leaves.get(error.code, Exit.REFUSED)
        raise RefusedError(error.code, leave, **error.data) from error


def _tell(answer: Answer, found: "Found") -> None:
    newer = None if found.release is None else found.release.version
    answer.tell(runs=found.runs, newer=newer, refused=found.refused)
    if newer is None:
        answer.say(f"{found.runs} is the newest for this machine.")
    elif found.refused:
        answer.say(f"{newer} failed on this machine before ({found.refused}).")
        answer.say("To try it again: trafficdesk update apply --again")


def _tell_standing(answer: Answer, standing: "Standing") -> None:
    from dataclasses import asdict

    answer.tell(**{name: _plain(value) for name, value in asdict(standing).items()})
    answer.say(f"runs            {standing.runs or 'unknown'}")
    answer.say(f"in the package  {standing.package or 'unknown'}")
    if standing.previous:
        answer.say(f"before that     {standing.previous}")
    answer.say(f"newest          {standing.newest or 'none known'}")
    for version, why in standing.refused.items():
        answer.say(f"not taken       {version} ({why})")
    heard = standing.heard_at
    answer.say(f"last asked      {'never' if heard is None else f'{heard:%Y-%m-%d %H:%M} UTC'}")
    if standing.expires_at is not None:
        answer.say(f"good until      {standing.expires_at:%Y-%m-%d %H:%M} UTC")
    if standing.fault and standing.fault_at is not None:
        answer.say(f"last fault      {standing.fault}, {standing.fault_at:%Y-%m-%d %H:%M} UTC")


def _plain(value: object) -> object:
    from datetime import datetime

    return value.isoformat() if isinstance(value, datetime) else value
