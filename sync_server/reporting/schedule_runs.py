"""What comes round on the server is made and brought once, by whichever program is first.

A run is planned under its schedule's lock, a try is counted before it is made and passed over by
the others, and a report is kept in the transaction that writes whom it goes to.
"""

import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final
from uuid import UUID

from sync_server.audit import service as audit
from sync_server.db.engine import Crossing
from sync_server.problems import RefusedError
from sync_server.reporting import schedule_queries as queries
from sync_server.reporting.schedules import timetable, wish_of
from sync_server.reporting.service import Maker, make_report
from sync_server.server import Server
from sync_server.settings import Settings
from trafficdesk.delivery.errors import DeliveryError
from trafficdesk.delivery.folder import put_file
from trafficdesk.delivery.mail import send
from trafficdesk.delivery.mail_settings import MailSettings
from trafficdesk.delivery.report_letter import report_letter
from trafficdesk.domain.deliveries import MOST_TRIES, DeliveryState, Way, file_stem, wait_ms
from trafficdesk.domain.schedules import EARLY_MS, Wish
from trafficdesk.domain.times import to_ms, utc_now
from trafficdesk.wire.codes import Code

_KEPT_MS: Final = 400 * 86_400_000


def present_ms() -> int:
    """Return the present instant in epoch milliseconds."""
    return to_ms(utc_now())


def run_all(
    server: Server,
    clock: Callable[[], int] = present_ms,
    goes_on: Callable[[], bool] = lambda: True,
) -> int:
    """Plan what came due, make it and bring it; return how many steps were done.

    ``goes_on`` is asked between two of them.

    Raises ``RefusedError`` (the database is away) and what psycopg raises.
    """
    done = plan(server, clock())
    for step in (make_next, deliver_next):
        while goes_on() and step(server, clock()):
            done += 1
    return done


def plan(server: Server, now_ms: int) -> int:
    """Plan a run for each day that came due since this was last looked at; return how many."""
    with server.database.crossing(Crossing.JOB) as connection:
        kept = queries.find_all(connection)
    return sum(_plan(server, row, now_ms) for row in kept)


def _plan(server: Server, seen: dict[str, Any], now_ms: int) -> int:
    wish = wish_of(seen)
    if wish is None:
        return 0
    table = timetable(seen, wish)
    is_right = seen["looked_ms"] - now_ms <= EARLY_MS  # programs' clocks differ by a little
    if is_right and not table.find_due(seen["looked_ms"], now_ms).days:
        return 0
    with server.database.transaction(seen["tenant_id"], [seen["city_id"]]) as connection:
        row = queries.lock(connection, seen["id"])
        if row is None:
            return 0
        if row["looked_ms"] - now_ms > EARLY_MS:  # a clock that ran ahead was set right
            queries.forget_early(connection, row["id"], now_ms + EARLY_MS)
        due = table.find_due(row["looked_ms"], now_ms)
        days = [(day, table.due_ms(day)) for day in due.days]
        row["passed_over"] += due.passed_over
        queries.prune(connection, now_ms - _KEPT_MS)
        return queries.plan(connection, row, days, now_ms)


def make_next(server: Server, now_ms: int) -> bool:
    """Make the report that was due first; False when none is to be made now."""
    with server.database.crossing(Crossing.JOB) as connection:
        run = queries.claim_run(connection, now_ms, now_ms + wait_ms(1))
        schedule = None if run is None else queries.find(connection, run["schedule_id"])
    if run is None or schedule is None:
        return False
    walls = run["tenant_id"], [run["city_id"]]
    try:
        made, targets = _make(server, schedule, run)
    except RefusedError as error:
        if error.code is Code.UNAVAILABLE:
            raise
        with server.database.transaction(*walls) as connection:
            queries.refuse(connection, run, error.detail)
        return True
    with server.database.transaction(*walls) as connection:
        if queries.keep(connection, run, (now_ms, *made), targets):
            audit.append(connection, _deed("schedule.make", run))
    return True


def _targets(wish: Wish) -> list[tuple[str, str]]:
    folders = [(str(Way.FOLDER), wish.folder)] if wish.folder else []
    return folders + [(str(Way.MAIL), address) for address in wish.addresses]


def _make(
    server: Server, schedule: dict[str, Any], run: dict[str, Any]
) -> tuple[tuple[str, bytes], list[tuple[str, str]]]:
    """Return the report's file, name and content, and where it is to go."""
    wish = wish_of(schedule)
    if wish is None:
        raise RefusedError(Code.BAD_REQUEST, "A newer program made this schedule.")
    stretch = timetable(schedule, wish).stretch_of(run["day"])
    asked = wish.asked(stretch)
    maker = Maker(run["tenant_id"], run["city_id"])
    with tempfile.TemporaryDirectory(prefix="trafficdesk-report-") as folder:
        path = Path(folder) / f"report.{wish.form}"
        made = make_report(server, maker, asked, wish.form, path)
        stem = file_stem(asked, stretch, made.document.subtitle.partition(" · ")[0])
        return (f"{stem}.{wish.form}", path.read_bytes()), _targets(wish)


def deliver_next(server: Server, now_ms: int) -> bool:
    """Bring the report that waited longest where it is to go; False when none waits."""
    with server.database.crossing(Crossing.JOB) as connection:
        found = queries.claim_delivery(connection, now_ms, now_ms + wait_ms(1))
        schedule = None if found is None else queries.find(connection, found["schedule_id"])
    if found is None or schedule is None:
        return False
    state, why = DeliveryState.SENT, ("", "")
    try:
        _bring(server, schedule, found)
    except DeliveryError as error:
        is_over = error.is_final or (found["way"] == Way.MAIL and found["tries"] >= MOST_TRIES)
        state = DeliveryState.FAILED if is_over else DeliveryState.QUEUED
        why = error.code, error.detail
    with server.database.transaction(found["tenant_id"], [found["city_id"]]) as connection:
        queries.note(connection, found, state, now_ms, why)
        if state is DeliveryState.QUEUED:
            queries.put_off(connection, found, now_ms + wait_ms(found["tries"]))
        if state is DeliveryState.SENT:
            audit.append(connection, _deed("schedule.deliver", found))
    return True


def _deed(action: str, of: dict[str, Any]) -> audit.Deed:
    detail = {"day": of["day"]} | ({"way": of["way"]} if "way" in of else {})
    return audit.Deed(
        action=action, tenant_id=of["tenant_id"], subject=str(of["schedule_id"]), detail=detail
    )


def _bring(server: Server, schedule: dict[str, Any], found: dict[str, Any]) -> None:
    content = bytes(found["content"])
    if found["way"] == Way.FOLDER:
        put_file(Path(found["target"]), found["file"], content)
        return
    wish = wish_of(schedule)
    if wish is None:
        raise DeliveryError("mail.newer", is_final=True)
    settings, password = mail_settings(server.settings)
    of, file = (found["schedule_id"], found["day"]), (found["file"], content)
    letter = report_letter(wish, of, file, found["made_ms"], f"the server of {schedule['city']}")
    send(settings, password, letter, found["target"])


def mail_settings(settings: Settings) -> tuple[MailSettings, str]:
    """Return the mail server and the password for it. Raises ``DeliveryError``."""
    if not settings.mail_host:
        raise DeliveryError("mail.no_server")
    named = MailSettings(
        settings.mail_host,
        settings.mail_port,
        settings.mail_sender,
        settings.mail_tls,
        settings.mail_login,
        settings.mail_ca_file,
    )
    return named, _password(settings.mail_password_file) if named.login else ""


def _password(file: Path | None) -> str:
    if file is None:
        raise DeliveryError("mail.no_password", "MAIL_PASSWORD_FILE")
    try:
        found = (file.read_text(encoding="utf-8").splitlines() or [""])[0]
    except (OSError, UnicodeDecodeError) as error:
        raise DeliveryError("mail.no_password", f"{file}: {error}") from error
    if not found:
        raise DeliveryError("mail.no_password", str(file))
    return found


def try_again(server: Server, schedule_id: UUID | None = None) -> None:
    """Make what waits for its next try, or failed, be tried now; of one schedule or of all."""
    with server.database.crossing(Crossing.OPERATOR) as connection:
        queries.try_again(connection, schedule_id, present_ms())
