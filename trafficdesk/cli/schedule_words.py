"""Schedules as the command line takes and tells them."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from trafficdesk.cli.answers import RefusedError
from trafficdesk.report_options import rhythm_of

if TYPE_CHECKING:
    from trafficdesk.domain.schedules import Rhythm
    from trafficdesk.services.schedules import Scheduled
    from trafficdesk.store.deliveries import Delivery


def rhythm_typed(every: str, on: int, at: str) -> "Rhythm":
    """Return the rhythm that was typed. Raises ``RefusedError``: there is none such."""
    try:
        return rhythm_of(every, on, at)
    except ValueError as error:
        raise RefusedError("schedule.rhythm") from error


def rhythm_told(rhythm: "Rhythm") -> str:
    """Return a rhythm in words."""
    at = f"{rhythm.minute // 60:02}:{rhythm.minute % 60:02}"
    on = "" if rhythm.every == "day" else f" on {rhythm.on}"
    return f"every {rhythm.every}{on} at {at}"


def scheduled_line(found: "Scheduled") -> str:
    """Return a schedule as one line for people."""
    from trafficdesk.domain.times import from_ms

    wish, last = found.wish, found.last
    came = "" if last is None else f"; last {last.state} {last.fault}".rstrip()
    passed = f"; {found.passed_over} passed over" if found.passed_over else ""
    to = ", ".join(filter(None, (wish.folder, *wish.addresses)))
    due = f"{from_ms(found.next_ms):%Y-%m-%d %H:%M} UTC"
    return (
        f"{found.id} {wish.template_id} of {wish.about} as {wish.form}, "
        f"{rhythm_told(wish.rhythm)}, to {to}; for {found.officer}; next {due}{came}{passed}"
    )


def scheduled_told(found: "Scheduled") -> dict[str, object]:
    """Return a schedule for programs; times are epoch milliseconds."""
    wish, last = found.wish, found.last
    return {
        "id": str(found.id),
        "template": wish.template_id,
        "format": wish.form,
        "language": wish.language,
        "about": wish.about,
        "every": wish.rhythm.every,
        "on": wish.rhythm.on,
        "minute": wish.rhythm.minute,
        "folder": wish.folder,
        "mail": list(wish.addresses),
        "officer": found.officer,
        "next_ms": found.next_ms,
        "passed_over": found.passed_over,
        "last": None
        if last is None
        else {"due_ms": last.due_ms, "state": last.state, "fault": last.fault, "file": last.file},
        "deliveries": deliveries_told(found.deliveries),
    }


def deliveries_told(found: Sequence["Delivery"]) -> list[dict[str, object]]:
    """Return deliveries for programs."""
    return [
        {
            "file": each.file,
            "way": each.way,
            "target": each.target,
            "state": each.state,
            "tries": each.tries,
            "fault": each.fault,
            "detail": each.detail,
        }
        for each in found
    ]
