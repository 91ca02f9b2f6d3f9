"""``trafficdesk store``: looking after the encrypted store."""

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from trafficdesk.cli.answers import Answer, RefusedError, answering
from trafficdesk.cli.exits import Exit
from trafficdesk.cli.options import AsJson, OfficerOption, PasswordFile
from trafficdesk.cli.signing_in import Credentials, held, signed_in, unlocked
from trafficdesk.profile import Profile

if TYPE_CHECKING:
    from trafficdesk.services.backups import BackupRefused, Restored, Staged

app = typer.Typer(help="Looking after the encrypted store.", no_args_is_help=True)

_CHECKED = {
    "pages": "every page is as it was written",
    "structure": "tables and indexes agree",
    "links": "no row names a missing one",
    "text_index": "every report is found by its words",
    "spatial_index": "every place is found on the map",
    "queue_counts": "the queues' numbers are those of a recount",
    "map_counts": "the map's numbers are those of a recount",
    "day_sums": "what figures are made from is that of a recount",
    "dispatch": "incidents stand where their facts and assignments say",
}


@app.command("check")
def check(
    recount: Annotated[
        bool, typer.Option("--recount", help="Make the numbers of queues and map afresh first.")
    ] = False,
    officer: OfficerOption = None,
    password_file: PasswordFile = None,
    as_json: AsJson = False,
) -> None:
    """Prove the store sound: pages, indexes, links, and that all counts are right."""
    with answering(as_json) as answer, signed_in(Credentials(officer, password_file)) as session:
        from trafficdesk.store import upkeep

        if recount:
            upkeep.recount(session.store)
        found = upkeep.check(session.store)
        answer.tell(checks=[{**asdict(one), "ok": one.ok} for one in found])
        for one in found:
            answer.say(f"{'ok    ' if one.ok else 'failed'}  {_CHECKED[one.check]}")
            for fault in one.faults:
                answer.say(f"        {fault}")
        if not all(one.ok for one in found):
            answer.leave = Exit.UNSOUND
            answer.say("Keep the file, make no changes, and restore the latest backup.")


@app.command("stats")
def stats(
    officer: OfficerOption = None, password_file: PasswordFile = None, as_json: AsJson = False
) -> None:
    """Count what is in the store and how much room it takes."""
    with answering(as_json) as answer, signed_in(Credentials(officer, password_file)) as session:
        from trafficdesk.store.figures import figures

        found = figures(session.store)
        photos = [path for path in session.profile.media.rglob("*") if path.is_file()]
        media_bytes = sum(path.stat().st_size for path in photos)
        answer.tell(**asdict(found), media_files=len(photos), media_bytes=media_bytes)
        mib = 1 << 20
        answer.say(f"schema {found.schema}, database {found.database_bytes / mib:.1f} MiB")
        answer.say(f"photos {len(photos)} files, {media_bytes / mib:.1f} MiB")
        answer.say(f"{found.waiting_operations} changes wait to be sent")
        for name, count in (found.rows | found.reports_by_status).items():
            answer.say(f"{count:>10}  {name}")


@app.command("backup")
def backup(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="A folder that is not there yet.")],
    officer: OfficerOption = None,
    password_file: PasswordFile = None,
    as_json: AsJson = False,
) -> None:
    """Write a backup: the encrypted store, its keys and photos, and a list of their hashes."""
    with answering(as_json) as answer, signed_in(Credentials(officer, password_file)) as session:
        from trafficdesk.services.backups import BackedUp, back_up

        made = back_up(session, folder)
        if not isinstance(made, BackedUp):
            raise _refusal(made)
        files, size = len(made.manifest.files), made.manifest.size_bytes
        answer.tell(folder=made.folder, files=files, size_bytes=size)
        answer.say(f"Backed up {files} files, {size / (1 << 20):.1f} MiB, to {made.folder}.")
        answer.say("It opens with the officers' present passwords; map packs are not in it.")


@app.command("restore")
def restore(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="A folder made by store backup.")],
    force: Annotated[
        bool, typer.Option("--force", help="Also in the place of a desk that is newer.")
    ] = False,
    officer: OfficerOption = None,
    password_file: PasswordFile = None,
    as_json: AsJson = False,
) -> None:
    """Prove a backup, then put it in the profile's place; the old one is kept aside."""
    with answering(as_json) as answer:
        from trafficdesk.services.backups import Staged, stage

        profile = Profile.from_environment()
        profile.folder.mkdir(parents=True, exist_ok=True)
        with held(profile):
            staged = stage(folder, profile)
        if not isinstance(staged, Staged):
            raise _refusal(staged)
        try:
            done = _put_in_place(staged, Credentials(officer, password_file), force)
        finally:
            staged.discard()
        answer.tell(profile=done.profile.folder, aside=done.aside)
        answer.say(f"Restored to {done.profile.folder}.")
        if done.aside is not None:
            answer.say(f"What was there before lies in {done.aside}.")


def _put_in_place(staged: "Staged", who: Credentials, force: bool) -> "Restored":
    from trafficdesk.domain.times import utc_now
    from trafficdesk.services.backups import Restored, Restoring, put_in_place
    from trafficdesk.services.rekeying import settled_key

    opened = unlocked(staged.profile, who)
    with settled_key(staged.profile, opened.key) as key:
        plan = Restoring(staged, Profile.from_environment(), utc_now(), force=force)
        done = put_in_place(plan, key.hex())
    if not isinstance(done, Restored):
        raise _refusal(done)
    return done


def _refusal(refused: "BackupRefused") -> RefusedError:
    return RefusedError(refused.fault, path=refused.path, detail=refused.detail)


@app.command("rekey")
def rekey(
    officer: OfficerOption = None, password_file: PasswordFile = None, as_json: AsJson = False
) -> None:
    """Encrypt the store with a new key; every officer's password stays as it is."""
    with answering(as_json) as answer, signed_in(Credentials(officer, password_file)) as session:
        from trafficdesk.services import rekeying
        from trafficdesk.services.outcomes import Refusal

        me = session.officer
        done = rekeying.rekey(session)
        if isinstance(done, Refusal):
            raise RefusedError("cli.not_permitted", name=me.name, role=me.role)
        done.wipe()
        _say_rekeyed(answer)


def _say_rekeyed(answer: Answer) -> None:
    answer.tell(rekeyed=True)
    answer.say("The store has a new key. Backups made before still open with the old slot file:")
    answer.say("make a new backup, and destroy the old ones if the key was known to somebody.")
