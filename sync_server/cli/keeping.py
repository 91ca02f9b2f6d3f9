"""``sync-server backup`` and ``sync-server restore``."""

from pathlib import Path
from typing import Annotated

import typer

from sync_server.cli.answers import Answer, answering
from sync_server.cli.exits import Exit
from sync_server.cli.opened import opened_server
from sync_server.cli.options import AsJson
from sync_server.server import Server


def backup(
    folder: Annotated[Path, typer.Argument(help="Where the backup is written.")],
    as_json: AsJson = False,
) -> None:
    """Write the whole database to a new file, with desks at work. The keys are no part of it."""
    with answering(as_json=as_json) as answer:
        from sync_server.jobs.backup import make_backup
        from sync_server.keys import load_keys
        from sync_server.settings import load_settings

        settings = load_settings()
        keys = load_keys(settings.keys_dir)
        dump, manifest = make_backup(settings.database_url, folder, keys.public_key)
        answer.tell(file=dump, size_bytes=manifest.size_bytes, sha256=manifest.sha256)
        answer.tell(epoch=manifest.epoch, heads=manifest.heads)
        answer.say(f"Wrote {dump} ({manifest.size_bytes} bytes), and beside it what it holds.")
        answer.say(f"The keys in {settings.keys_dir} are not in it: keep them elsewhere.")


def restore(
    file: Annotated[Path, typer.Argument(help="A backup's .dump file; its .json lies beside it.")],
    replace: Annotated[
        bool, typer.Option("--replace", help="Give up all that is in the database.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Put a backup back, whole or not at all; every desk then sends again what it may lack."""
    with answering(as_json=as_json) as answer:
        from sync_server.jobs.restore import note_restored, restore_backup
        from sync_server.settings import load_settings

        settings = load_settings()
        server = Server.of(settings)
        done = restore_backup(settings.database_url, file, replace=replace)
        answer.tell(made_at=done.manifest.made_at.isoformat(), heads=done.manifest.heads)
        answer.say(f"The database is as it was at {done.manifest.made_at.isoformat()}.")
        is_known = done.manifest.server_key == server.keys.public_key.hex()
        answer.tell(keys_are_the_same=is_known)
        if not is_known:
            answer.say(
                f"The desks know another {settings.keys_dir}/signing.key than this one: put the "
                "old one back before the server starts, or they must be enrolled anew."
            )
        server.database.open()
        try:
            note_restored(server.database, done)
            _prove(server, answer)
        finally:
            server.database.close()


def _prove(server: Server, answer: Answer) -> None:
    from sync_server.admin import operating

    faults = [one for one in operating.check(server) if not one.ok]
    answer.tell(faults=[one.what for one in faults])
    for one in faults:
        answer.say(f"failed  {one.what}")
        answer.say(f"        {one.seen}")
    if faults:
        answer.leave = Exit.UNSOUND
    else:
        answer.say("Schema, walls and hash chains are sound. Start the server; see OPERATIONS.md.")


def upkeep(as_json: AsJson = False) -> None:
    """Remove what is long over, as the server does by itself unless UPKEEP_MINUTES is 0."""
    with answering(as_json=as_json) as answer, opened_server() as server:
        from datetime import timedelta

        from sync_server.jobs.upkeep import tidy

        gone = tidy(server, timedelta(0))
        if gone is None:
            answer.tell(is_elsewhere=True)
            answer.say("Another program is at it.")
            return
        answer.tell(**gone)
        answer.say(
            f"Removed {gone['uploads']} half files, {gone['sessions']} sessions and "
            f"{gone['tokens']} one-time tokens."
        )
