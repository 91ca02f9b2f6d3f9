"""``sync-server backup``, ``check-backup``, ``restore``, ``rehearse``; and the upkeep."""

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from sync_server.cli.answers import Answer, answering
from sync_server.cli.exits import Exit
from sync_server.cli.it_key import load_it_key
from sync_server.cli.opened import opened_server
from sync_server.cli.options import AsJson
from sync_server.server import Server

if TYPE_CHECKING:
    from sync_server.admin.operating import Checked
    from sync_server.jobs.backup import Backup
    from sync_server.jobs.restore import Restored

_MIB: Final = 1 << 20
TheBackup = Annotated[Path, typer.Argument(metavar="BACKUP", help="The folder that a backup made.")]
ItKey = Annotated[
    Path | None,
    typer.Option("--it-key", metavar="FILE", help="Station IT's key: opens the backup's keys."),
]


def backup(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Where all backups lie.")],
    keep: Annotated[
        int, typer.Option("--keep", min=0, help="Then remove all but so many; 0 keeps all.")
    ] = 0,
    as_json: AsJson = False,
) -> None:
    """Write database, photos and sealed keys to a new folder in DIR, with desks at work."""
    with answering(as_json=as_json) as answer:
        from sync_server.jobs.backup import drop_older, make_backup
        from sync_server.settings import load_settings

        settings = load_settings()
        done = make_backup(settings, folder)
        _tell_backup(answer, done)
        if not done.manifest.keys_sealed_to:
            answer.say(f"The keys in {settings.keys_dir} are NOT in it: keep them elsewhere.")
            marks = ", ".join(f"{n} {m}" for n, m in sorted(done.manifest.key_marks.items()))
            answer.say(f"It needs just these (marks, not keys): {marks}.")
        if keep:
            gone = drop_older(folder, keep)
            answer.tell(removed=gone)
            answer.say(f"Removed {len(gone)} older ones.")


def _tell_backup(answer: Answer, done: "Backup") -> None:
    manifest, photos = done.manifest, done.photos
    database = manifest.parts["database.dump"]
    answer.tell(backup=done.path, epoch=manifest.epoch, heads=manifest.heads)
    answer.tell(database_bytes=database.size_bytes, database_s=round(done.database_s, 1))
    answer.tell(photos=manifest.photos, photo_bytes=manifest.photo_bytes, new=photos.copied)
    answer.tell(new_bytes=photos.copied_bytes, photos_s=round(done.photos_s, 1))
    answer.tell(missing=photos.missing, keys_sealed_to=manifest.keys_sealed_to)
    answer.say(f"Wrote {done.path}.")
    answer.say(f"Database: {_mib(database.size_bytes)} in {done.database_s:.1f} s.")
    answer.say(
        f"Photos: {manifest.photos} ({_mib(manifest.photo_bytes)}), {photos.copied} of them new "
        f"({_mib(photos.copied_bytes)}), in {done.photos_s:.1f} s."
    )
    if manifest.keys_sealed_to:
        answer.say("Keys: sealed to station IT's key, which alone opens them.")
    if photos.missing:
        answer.leave = Exit.UNSOUND
        answer.say(f"failed  {len(photos.missing)} photos are missing or damaged on the server:")
        answer.say("        " + ", ".join(photos.missing[:5]))


def check_backup(backup: TheBackup, it_key: ItKey = None, as_json: AsJson = False) -> None:
    """Prove a backup whole by reading all of it; with --it-key, prove that it opens."""
    with answering(as_json=as_json) as answer:
        from sync_server.jobs.proving import check_backup as prove

        manifest, found = prove(backup, load_it_key(it_key))
        answer.tell(made_at=manifest.made_at.isoformat(), key_marks=manifest.key_marks)
        answer.say(f"Made at {manifest.made_at.isoformat()}.")
        tell_checks(answer, found)


def restore(
    backup: TheBackup,
    replace: Annotated[
        bool, typer.Option("--replace", help="Give up all that is in the database.")
    ] = False,
    it_key: ItKey = None,
    as_json: AsJson = False,
) -> None:
    """Put a backup back, whole or not at all; every desk then sends again what it may lack."""
    with answering(as_json=as_json) as answer:
        from sync_server.jobs.restore import note_restored, restore_backup
        from sync_server.settings import load_settings

        settings = load_settings()
        done = restore_backup(settings, backup, replace=replace, it_key=load_it_key(it_key))
        server = Server.of(settings)
        _tell_restored(answer, done, server)
        server.database.open()
        try:
            note_restored(server.database, done)
            _prove(server, answer)
        finally:
            server.database.close()


def _tell_restored(answer: Answer, done: "Restored", server: Server) -> None:
    manifest, photos = done.manifest, done.photos
    answer.tell(made_at=manifest.made_at.isoformat(), heads=manifest.heads)
    answer.tell(photos=len(photos.listed), photos_missing=photos.missing)
    is_known = manifest.server_key == server.keys.public_key.hex()
    answer.tell(keys_made=done.keys_made, keys_are_the_same=is_known)
    answer.say(f"The database is as it was at {manifest.made_at.isoformat()}.")
    answer.say(f"Photos: {len(photos.listed)} are in place, {photos.copied} of them put back.")
    for path in done.keys_made:
        answer.say(f"Put {path} back.")
    if not is_known:
        answer.say(
            f"The desks know another {server.settings.keys_dir}/signing.key than this one: put "
            "the old one back before the server starts, or they must be enrolled anew."
        )
    if photos.missing:
        answer.leave = Exit.UNSOUND
        answer.say(f"failed  {len(photos.missing)} photos are damaged in the backup:")
        answer.say("        " + ", ".join(photos.missing[:5]))
        answer.say("        Desks that still have them bring them again.")


def _prove(server: Server, answer: Answer) -> None:
    from sync_server.admin import operating

    faults = [one for one in operating.check(server) if not one.ok]
    answer.tell(faults=[one.what for one in faults])
    if faults:
        tell_checks(answer, faults)
    else:
        answer.say("Schema, walls and hash chains are sound. Start the server; see OPERATIONS.md.")


def rehearse(backup: TheBackup, it_key: ItKey = None, as_json: AsJson = False) -> None:
    """Restore a backup into a database of its own, prove it, and throw that away."""
    with answering(as_json=as_json) as answer:
        from sync_server.jobs.rehearsal import rehearse as run
        from sync_server.settings import load_settings

        keys_dir = None if it_key else load_settings().keys_dir
        done = run(backup, load_it_key(it_key), keys_dir)
        answer.tell(made_at=done.manifest.made_at.isoformat(), restore_s=round(done.restore_s, 1))
        answer.say(f"Restored what was made at {done.manifest.made_at.isoformat()}")
        answer.say(f"in {done.restore_s:.1f} s, into a database that is gone again.")
        tell_checks(answer, done.found)


def tell_checks(answer: Answer, found: list["Checked"]) -> None:
    """Tell what was looked at; the command then leaves with 5 if anything was wrong."""
    answer.tell(checks=[asdict(one) for one in found])
    for one in found:
        answer.say(f"{'ok    ' if one.ok else 'failed'}  {one.what}")
        if not one.ok:
            answer.say(f"        {one.seen}")
    if not all(one.ok for one in found):
        answer.leave = Exit.UNSOUND


def _mib(size_bytes: int) -> str:
    return f"{size_bytes / _MIB:.1f} MiB"


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
            f"Removed {gone['uploads']} half files, {gone['sessions']} sessions, "
            f"{gone['tokens']} one-time tokens and {gone['track_points']} points of tracks."
        )
