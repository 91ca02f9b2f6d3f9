"""``trafficdesk handover``: the hand-over sheet of a shift as a PDF, and its log for programs."""

from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from trafficdesk.cli.answers import RefusedError, answering
from trafficdesk.cli.options import AsJson, OfficerOption, PasswordFile
from trafficdesk.cli.signing_in import Credentials, signed_in

if TYPE_CHECKING:
    from trafficdesk.domain.shifts import Span
    from trafficdesk.services.session import Session
    from trafficdesk.services.shift_log import ShiftLog

_FORMATS = ["%Y-%m-%dT%H:%M", "%Y-%m-%d"]


def handover(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A file that is not there yet.")],
    begin: Annotated[
        datetime | None,
        typer.Option("--from", formats=_FORMATS, help="When the shift began, in the city's time."),
    ] = None,
    end: Annotated[
        datetime | None,
        typer.Option("--to", formats=_FORMATS, help="When it ended; eight hours later without."),
    ] = None,
    officer: OfficerOption = None,
    password_file: PasswordFile = None,
    as_json: AsJson = False,
) -> None:
    """Write what a shift did and hands over as a PDF; without --from it is the present shift."""
    with answering(as_json) as answer, signed_in(Credentials(officer, password_file)) as session:
        from zoneinfo import ZoneInfo

        from trafficdesk.domain.permissions import Permission
        from trafficdesk.security.durable_file import write_durably
        from trafficdesk.services.shift_log import read_log
        from trafficdesk.services.shift_log_told import tell_log

        me = session.officer
        if not session.may(Permission.INCIDENT_RESPOND):
            raise RefusedError("cli.not_permitted", name=me.name, role=me.role)
        if file.exists():
            raise RefusedError("cli.file_exists", path=file)
        log = read_log(session, _span(session, begin, end))
        write_durably(file, _print(log))
        answer.tell(file=file, **tell_log(log))
        begin, end = (each.astimezone(ZoneInfo(log.zone_name)) for each in (log.begin, log.end))
        answer.say(f"From {begin:%Y-%m-%d %H:%M} to {end:%Y-%m-%d %H:%M} ({log.zone_name}):")
        answer.say(f"{len(log.deeds)} things done, {len(log.handed_over)} incidents open.")
        answer.say(f"Wrote the hand-over sheet to {file}.")


def _span(session: "Session", begin: datetime | None, end: datetime | None) -> "Span":
    from zoneinfo import ZoneInfo

    from trafficdesk.domain.shifts import SHIFT_MS, Span
    from trafficdesk.domain.times import to_ms
    from trafficdesk.services.shift_log import find_shift
    from trafficdesk.store import facts

    length = timedelta(milliseconds=SHIFT_MS)
    first = begin or (end - length if end is not None else None)
    if first is None:
        return find_shift(session)
    with session.store.reading() as connection:
        zone = ZoneInfo(facts.time_zone(connection))
    past = end or first + length
    if past <= first:
        raise RefusedError("handover.ends_first")
    return Span(to_ms(first.replace(tzinfo=zone)), to_ms(past.replace(tzinfo=zone)))


def _print(log: "ShiftLog") -> bytes:
    try:
        from trafficdesk.qt.dispatch_papers.printing import print_handover
    except ImportError as error:
        raise RefusedError("cli.no_screen", detail=str(error)) from error
    return print_handover(log)
