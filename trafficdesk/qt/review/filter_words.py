"""A filter's conditions as the words of its chips."""

from datetime import tzinfo
from uuid import UUID

from PySide6.QtCore import QCoreApplication, QLocale

from trafficdesk.domain.plates import format_plate
from trafficdesk.domain.queues import QueueName, ReportFilter, Sort, WeekHour
from trafficdesk.domain.times import from_ms
from trafficdesk.qt.ages import day
from trafficdesk.qt.words import severity_word, status_word, violation_word
from trafficdesk.services.choices import Choices

DAY_MS = 86_400_000


def _say(source: str) -> str:
    return QCoreApplication.translate("Filters", source)


def queue_word(queue: QueueName) -> str:
    """Return a queue's name."""
    return {
        QueueName.UNASSIGNED: _say("Unassigned"),
        QueueName.MINE: _say("Mine"),
        QueueName.ESCALATED: _say("Escalated"),
        QueueName.NEEDS_INFO: _say("Needs info"),
        QueueName.SECOND_LOOK: _say("Second look"),
        QueueName.ALL: _say("All reports"),
    }[queue]


def sort_word(sort: Sort) -> str:
    """Return an order's name."""
    return {
        Sort.NEWEST: _say("Newest"),
        Sort.OLDEST: _say("Oldest"),
        Sort.WORST: _say("Worst first"),
        Sort.BEST_EVIDENCE: _say("Best evidence"),
    }[sort]


def type_word(code: str, choices: Choices | None) -> str:
    """Return a violation's name: an admin's own where there is one."""
    own = {} if choices is None else choices.named_types
    return own.get(code) or violation_word(code)


def chip_words(
    wanted: ReportFilter, choices: Choices | None, zone: tzinfo
) -> list[tuple[str, str]]:
    """Return the conditions of a filter as (name of its field, words)."""
    chips = [
        ("statuses", _listed([status_word(s) for s in sorted(wanted.statuses)])),
        ("violations", _listed([type_word(v, choices) for v in sorted(wanted.violations)])),
        (
            "severities",
            _listed([severity_word(s) for s in sorted(wanted.severities, reverse=True)]),
        ),
        ("from_ms", _days(wanted.from_ms, wanted.to_ms, zone)),
        ("occurred_from_ms", _happened(wanted, zone)),
        ("decided_from_ms", _decided(wanted, zone)),
        ("week_hour", _week_hour(wanted.week_hour)),
        ("min_score", _score(wanted.min_score)),
        ("plate", format_plate(wanted.plate)),
        (
            "text",
            f"\N{LEFT DOUBLE QUOTATION MARK}{wanted.text}\N{RIGHT DOUBLE QUOTATION MARK}"
            if wanted.text.strip()
            else "",
        ),
        ("ward_id", _ward(wanted.ward_id, choices)),
        ("station_id", _station(wanted.station_id, choices)),
        ("assignee_id", _officer(wanted.assignee_id, choices)),
        ("reviewer_id", _reviewer(wanted.reviewer_id, choices)),
        ("escalated", _say("Escalated") if wanted.escalated else ""),
        ("second_look", _say("Second look") if wanted.second_look else ""),
        ("bounds", _say("In the map's view") if wanted.bounds else ""),
        ("unassigned", _say("Unassigned") if wanted.unassigned else ""),
    ]
    return [(name, words) for name, words in chips if words]


def _listed(words: list[str]) -> str:
    if len(words) > 2:
        return f"{words[0]} +{len(words) - 1}"
    return ", ".join(words)


def _score(least: int) -> str:
    return _say("Score {least}+").format(least=least) if least else ""


def _days(first_ms: int | None, past_ms: int | None, zone: tzinfo) -> str:
    if first_ms is None and past_ms is None:
        return ""
    first = "" if first_ms is None else day(from_ms(first_ms), zone)
    last = "" if past_ms is None else day(from_ms(past_ms - DAY_MS), zone)
    if not last:
        return _say("Since {day}").format(day=first)
    if not first:
        return _say("Until {day}").format(day=last)
    return first if first == last else f"{first} \N{EN DASH} {last}"


def _happened(wanted: ReportFilter, zone: tzinfo) -> str:
    days = _days(wanted.occurred_from_ms, wanted.occurred_to_ms, zone)
    return _say("Happened: {days}").format(days=days) if days else ""


def _decided(wanted: ReportFilter, zone: tzinfo) -> str:
    days = _days(wanted.decided_from_ms, wanted.decided_to_ms, zone)
    return _say("Decided: {days}").format(days=days) if days else ""


def _week_hour(wanted: WeekHour | None) -> str:
    if wanted is None:
        return ""
    name = QLocale().dayName(wanted.weekday + 1, QLocale.FormatType.ShortFormat)
    return f"{name} {wanted.hour:02d}\N{EN DASH}{(wanted.hour + 1) % 24:02d}"


def _reviewer(officer_id: UUID | None, choices: Choices | None) -> str:
    if officer_id is None:
        return ""
    return _say("Decided by {officer}").format(officer=_officer(officer_id, choices))


def _ward(ward_id: UUID | None, choices: Choices | None) -> str:
    if ward_id is None:
        return ""
    names = {} if choices is None else dict(choices.wards)
    return names.get(ward_id, _say("A ward"))


def _station(station_id: UUID | None, choices: Choices | None) -> str:
    if station_id is None:
        return ""
    stations = () if choices is None else choices.stations
    return next((s.name for s in stations if s.id == station_id), _say("A station"))


def _officer(officer_id: UUID | None, choices: Choices | None) -> str:
    if officer_id is None:
        return ""
    officers = () if choices is None else choices.officers
    return next((o.name for o in officers if o.id == officer_id), _say("An officer"))
