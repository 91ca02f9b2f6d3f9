"""What an alert says: an incident that nobody has acknowledged, or a crew that is overdue."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from trafficdesk.domain.times import from_ms
from trafficdesk.domain.vocabulary import IncidentType
from trafficdesk.qt.dispatch.lines import IncidentLine, Lines, UnitLine
from trafficdesk.qt.dispatch.words import place, running, say, short_reference, task, title
from trafficdesk.qt.incident_words import incident_type_word
from trafficdesk.wire.live import IncidentTold


@dataclass(frozen=True, slots=True)
class Alert:
    """One alert as the banner says it; ``id`` is an incident's, or a unit's whose crew is overdue.

    ``since`` is when it was reported, or by when the crew should have been heard.
    """

    id: UUID
    score: int
    what: str
    detail: str
    since: datetime
    has_unit: bool = False
    is_escalated: bool = False
    is_of_crew: bool = False

    def heading(self) -> str:
        """Return its first words."""
        if self.is_of_crew:
            return say("Crew overdue")
        words = (
            say("Escalated · critical {score}") if self.is_escalated else say("Critical {score}")
        )
        return words.format(score=self.score)

    def waiting(self, now: datetime) -> str:
        """Return how long it stands by now."""
        if self.is_of_crew:
            words = say("overdue for {time}")
        elif self.is_escalated:
            words = say("unanswered for {time}")
        else:
            words = say("reported {time} ago") if self.has_unit else say("no unit for {time}")
        return words.format(time=running(now - self.since))


def standing(
    lines: Lines, coming: Iterable[IncidentTold], now: datetime, *, with_crews: bool
) -> tuple[Alert, ...]:
    """Return the alerts that stand now: the escalated first, overdue crews after the incidents.

    ``coming`` are those that the server told of before their records are here.
    """
    found = [alert_of(line, now) for line in lines.alerts]
    found += [coming_alert(each) for each in coming if each.id not in lines.by_incident]
    found.sort(key=lambda alert: not alert.is_escalated)
    if with_crews:
        found += [crew_alert(line, due) for line, due in _due(lines) if due < now]
    return tuple(found)


def next_at(lines: Lines, now: datetime) -> datetime | None:
    """Return when the next alert will be escalated or the next crew be overdue."""
    times = [each for line in lines.alerts if (each := line.row.escalated_at) is not None]
    times += [due for _, due in _due(lines)]
    return min((each for each in times if each >= now), default=None)


def _due(lines: Lines) -> Iterator[tuple[UnitLine, datetime]]:
    for line in lines.units:
        if line.row.welfare_due_at is not None:
            yield line, line.row.welfare_due_at


def alert_of(line: IncidentLine, now: datetime) -> Alert:
    """Return what the banner says of an incident."""
    incident, escalated_at = line.incident, line.row.escalated_at
    merged = len(incident.accounts)
    parts = [short_reference(incident.reference)]
    if merged:
        parts.append(say("{count} merged").format(count=merged))
    return Alert(
        incident.id,
        incident.severity_score,
        f"{title(line)}, {place(line)}",
        " · ".join(parts),
        incident.reported_at,
        has_unit=bool(line.open_assignments),
        is_escalated=escalated_at is not None and escalated_at <= now,
    )


def coming_alert(told: IncidentTold) -> Alert:
    """Return what the banner says of an incident whose record is not here yet."""
    kinds = [each for each in IncidentType if each == told.kind]
    what = incident_type_word(kinds[0] if kinds else IncidentType.OTHER)
    if told.calls_for_help:
        what = say("An officer needs help")
    detail = f"{short_reference(told.reference)} · {say('its record is on its way')}"
    where = ", ".join(filter(None, (what, told.place)))
    since = from_ms(told.at_ms)
    return Alert(told.id, told.score, where, detail, since, is_escalated=told.is_escalated)


def crew_alert(line: UnitLine, due_at: datetime) -> Alert:
    """Return what the banner says of a crew that should have said that it is well."""
    return Alert(line.id, 0, line.unit.call_sign, task(line), due_at, is_of_crew=True)


def milliseconds_to(then: datetime, now: datetime) -> int:
    """Return how long a timer has to wait for a time, an hour at most."""
    return round(min(max(then - now, timedelta()), timedelta(hours=1)).total_seconds() * 1000) + 1
