"""Two desks decide the same report differently, and a person settles it: all by script."""

from collections.abc import Callable, Sequence
from contextlib import ExitStack
from pathlib import Path
from uuid import UUID

from installers.joined_desk import JoinedDesk, JoinedDeskError, opened
from trafficdesk.domain.conflicts import Side
from trafficdesk.domain.demo.people import STATIONS
from trafficdesk.domain.lifecycle import Move
from trafficdesk.domain.records import NewReport, Report
from trafficdesk.domain.times import utc_now
from trafficdesk.domain.vocabulary import RejectionReason, Severity, Violation
from trafficdesk.services import conflicts, intake, review
from trafficdesk.services.conflicts import Settling
from trafficdesk.services.outcomes import Outcome
from trafficdesk.store import facts, reports

Say = Callable[[str], None]


def meet(folders: Sequence[Path], url: str, say: Say) -> int:
    """Make a conflict and settle it; return 0 if both desks then agree."""
    with ExitStack() as stack:
        one, two = (
            stack.enter_context(opened(folder, url, login))
            for folder, login in zip(folders, ("nallathambi", "kayalvizhi"), strict=True)
        )
        report_id = _file(one)
        _agree(one, two)
        reference = _report(two, report_id).reference
        say(f"Desk 1 filed {reference}; desk 2 has it.")
        say("Both are cut off. Desk 1 approves it; desk 2 rejects it.")
        _step(one, report_id, review.Step(Move.APPROVE, "No helmet on the pillion."))
        reason = RejectionReason.NO_OFFENCE
        _step(two, report_id, review.Step(Move.REJECT, "A turban, no helmet is needed.", reason))
        say(f"Desk 1 is back: {one.exchange()}")
        say(f"Desk 2 is back: {two.exchange()}")
        _settle(two, say)
        _agree(two, one)
        stands = [str(_report(desk, report_id).status) for desk in (one, two)]
        say(f"Desk 1 now has {reference} {stands[0]}, desk 2 has it {stands[1]}.")
    return 0 if len(set(stands)) == 1 else 1


def _file(desk: JoinedDesk) -> UUID:
    session = desk.session
    station = STATIONS[0]
    with session.store.reading() as connection:
        city_id, station_id = facts.home_city_id(connection), session.officer.station_id
    now = utc_now()
    report = NewReport(
        violations=(Violation.NO_HELMET,),
        severity=Severity.MODERATE,
        place=station.place,
        occurred_at=now,
        reported_at=now,
        city_id=city_id,
        station_id=station_id,
        plate="TN37BZ4412",
    )
    filed = intake.file_report(session, report)
    with session.store.reading() as connection:
        return reports.get(connection, filed.pk).id


def _agree(first: JoinedDesk, second: JoinedDesk) -> None:
    for desk in (first, second):
        desk.exchange()


def _report(desk: JoinedDesk, report_id: UUID) -> Report:
    with desk.session.store.reading() as connection:
        found = reports.find_by_id(connection, report_id)
    if found is None:
        raise JoinedDeskError("The report has not arrived at the other desk.")
    return found


def _step(desk: JoinedDesk, report_id: UUID, step: review.Step) -> None:
    report = _report(desk, report_id)
    target = review.Target(report.pk, report.revision)
    _require_done(review.take_step(desk.session, (target,), step))


def _settle(desk: JoinedDesk, say: Say) -> None:
    """Show the open conflicts and keep this desk's side."""
    for found in conflicts.find_open(desk.session):
        conflict = found.conflict
        say("A conflict, for nobody but people can decide this:")
        for each in conflict.in_question:
            sides = f"here {each.mine}, at the other desk {each.theirs}"
            say(f"  {each.field}: was {each.base}; {sides}")
        choices = conflicts.keep_side(conflict, Side.MINE)
        settling = Settling(conflict.id, conflict.revision, choices, "Looked again together.")
        _require_done(conflicts.settle(desk.session, [settling]))
        say("A supervisor at desk 2 keeps its own side.")


def _require_done(outcome: Outcome) -> None:
    if not outcome.is_done:
        raise JoinedDeskError(f"That could not be done: {outcome}")
