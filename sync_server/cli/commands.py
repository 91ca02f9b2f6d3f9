"""Every command of ``sync-server``."""

import sys
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from sync_server.cli import audit, bundle, receipt, report, schedule
from sync_server.cli.answers import answering
from sync_server.cli.exits import epilog
from sync_server.cli.keeping import (
    backup,
    check_backup,
    rehearse,
    restore,
    tell_checks,
    upkeep,
)
from sync_server.cli.opened import opened_server
from sync_server.cli.options import AsJson, StationOption
from sync_server.cli.scoping import desks, device_scope
from sync_server.cli.seeding import seed_demo
from sync_server.problems import RefusedError
from trafficdesk.wire.codes import Code

app = typer.Typer(
    help="The companion of the desks: central store and reconciliation.",
    epilog=epilog(),
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)

app.command()(backup)
app.command()(restore)
app.command("check-backup")(check_backup)
app.command()(rehearse)
app.command()(upkeep)
app.command()(desks)
app.command("device-scope")(device_scope)
app.command("seed-demo")(seed_demo)
app.add_typer(audit.app, name="audit")
app.add_typer(bundle.app, name="bundle")
app.add_typer(receipt.app, name="receipt")
app.add_typer(report.app, name="report")
app.add_typer(schedule.app, name="schedule")


@app.command()
def migrate(as_json: AsJson = False) -> None:
    """Bring the database to this program's schema, and make the server's keys if there are none."""
    with answering(as_json=as_json) as answer:
        from sync_server.db.migrate import migrate as run
        from sync_server.keys import make_keys
        from sync_server.settings import load_settings

        settings = load_settings()
        made = make_keys(settings.keys_dir)
        done = run(settings.database_url)
        answer.tell(before=done.before, after=done.after, keys_made=made)
        for path in made:
            answer.say(f"Made {path}: keep a copy in a safe place.")
        if done.before == done.after:
            answer.say(f"The database has schema {done.after} already.")
        else:
            answer.say(f"The database now has schema {done.after}.")


@app.command()
def serve(as_json: AsJson = False) -> None:
    """Answer the desks until stopped."""
    with answering(as_json=as_json):
        from sync_server.serving import serve as run
        from sync_server.settings import load_settings

        run(load_settings())


@app.command("add-city")
def add_city(
    file: Annotated[Path, typer.Argument(help="A JSON file; OPERATIONS.md shows one.")],
    as_json: AsJson = False,
) -> None:
    """Add an agency's city and its stations."""
    with answering(as_json=as_json) as answer, opened_server() as server:
        from sync_server.admin import operating

        added = operating.add_city(server, _read(file))
        answer.tell(**asdict(added))
        answer.say(f"Added {added.city} with {', '.join(added.stations)}.")


@app.command("create-admin")
def create_admin(
    login: Annotated[str, typer.Argument(help="What the administrator signs in with.")],
    name: Annotated[str, typer.Option("--name", help="Their name.")],
    station: StationOption = "",
    password_file: Annotated[
        Path | None, typer.Option("--password-file", help="A file whose first line it is.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Add somebody who may do everything, asking for the password."""
    password = _password(password_file)
    with answering(as_json=as_json) as answer, opened_server() as server:
        from sync_server.admin import operating

        user_id = operating.create_admin(server, station, login, name, password)
        answer.tell(id=user_id, login=login)
        answer.say(f"{name} can sign in as {login}.")


@app.command("enrol-token")
def enrol_token(
    station: StationOption = "",
    hours: Annotated[int, typer.Option("--hours", min=1, max=720, help="How long it holds.")] = 72,
    as_json: AsJson = False,
) -> None:
    """Make a one-time token with which a desk of a station is enrolled."""
    with answering(as_json=as_json) as answer, opened_server() as server:
        from sync_server.admin import operating

        token = operating.enrol_token(server, station, hours)
        answer.tell(token=token, hours=hours)
        answer.say(token)


@app.command()
def check(
    quick: Annotated[
        bool, typer.Option("--quick", help="See that photos are there without reading them.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Prove settings, keys, database, walls, hash chains, feeds and photos sound; see to disks."""
    with answering(as_json=as_json) as answer, opened_server() as server:
        from sync_server.admin import operating
        from sync_server.jobs.anchoring import check_anchor
        from sync_server.jobs.proving import check_photos
        from sync_server.jobs.room import check_room

        found = operating.check(server)
        if found[0].ok:  # else the database is another program's
            found.append(check_anchor(server, is_well=all(one.ok for one in found)))
            found += check_photos(server, quick=quick)
        tell_checks(answer, [*found, *check_room(server)])


def _read(file: Path) -> bytes:
    try:
        return sys.stdin.buffer.read() if str(file) == "-" else file.read_bytes()
    except OSError as error:
        raise RefusedError(Code.BAD_REQUEST, f"{file}: {error.strerror}.") from error


def _password(file: Path | None) -> str:
    if file is None:
        asked: str = typer.prompt("Password", hide_input=True, confirmation_prompt=True)
        return asked
    try:
        return (file.read_text(encoding="utf-8").splitlines() or [""])[0]
    except OSError as error:
        raise typer.BadParameter(f"{file}: {error.strerror}") from error
