"""The templates: what each is for, who may have it, what it asks, and what makes its sections."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from trafficdesk.domain.analytics.scope import Part
from trafficdesk.domain.permissions import Permission
from trafficdesk.domain.reporting import of_city, of_duty, of_people, of_places
from trafficdesk.domain.reporting.document import Section
from trafficdesk.domain.reporting.sections import Gathering

_ANYWHERE: Final = frozenset({Part.CITY, Part.STATION, Part.WARD})
_STATIONS: Final = frozenset({Part.CITY, Part.STATION})
_CITY: Final = frozenset({Part.CITY})
_P = Permission


@dataclass(frozen=True, slots=True)
class Template:
    """A report that may be asked for.

    ``of``: what it may be about; ``is_of_a_shift``: a shift instead of a period; ``is_compared``:
    with the period before; ``has_people``: it names people or plates.
    """

    id: str
    title: str
    about: str
    permission: Permission
    of: frozenset[Part]
    fill: Callable[[Gathering], tuple[Section, ...]]
    is_of_a_shift: bool = False
    is_compared: bool = True
    has_people: bool = False


TEMPLATES: Final = (
    Template(
        "monthly-station",
        "Monthly station report",
        "Every figure beside the month before; reports by violation, severity, hour of the week "
        "and ward; stations side by side.",
        *(_P.ANALYTICS_VIEW, _STATIONS, of_city.fill_month),
    ),
    Template(
        "city-week",
        "City week",
        "Headlines of the week, violations beside the week before, sudden changes, stations.",
        *(_P.ANALYTICS_VIEW, _CITY, of_city.fill_week),
    ),
    Template(
        "shift",
        "Shift report",
        "What dispatch did in a shift, response times, what is handed over open, units.",
        *(_P.INCIDENT_RESPOND, _CITY, of_duty.fill_shift),
        is_of_a_shift=True,
        is_compared=False,
        has_people=True,
    ),
    Template(
        "ward-safety",
        "Ward safety report",
        "Severity and crashes, the gravest places of the year, violations, hours, other wards.",
        *(_P.ANALYTICS_VIEW, frozenset({Part.WARD}), of_city.fill_ward),
    ),
    Template(
        "officer-performance",
        "Officer performance",
        "An officer's decisions, times and second looks, beside the city and the months before.",
        *(_P.ANALYTICS_VIEW, frozenset({Part.OFFICER}), of_people.fill_officer),
        has_people=True,
    ),
    Template(
        "review-quality",
        "Review quality",
        "Second looks and how far they agree, on what they differ, decisions taken up again, "
        "by officer.",
        *(_P.ANALYTICS_OFFICERS, _STATIONS, of_people.fill_review),
        has_people=True,
    ),
    Template(
        "backlog",
        "Backlog and ageing",
        "What waits, how old it is, where it waits, and how it came in over the year.",
        *(_P.ANALYTICS_VIEW, _ANYWHERE, of_city.fill_backlog),
    ),
    Template(
        "dispatch-response",
        "Dispatch response",
        "Times until a unit was sent, on scene and done; by station, ward and weather.",
        *(_P.ANALYTICS_VIEW, _ANYWHERE, of_duty.fill_response),
    ),
    Template(
        "dangerous-places",
        "Hotspots and dangerous places",
        "Hotspots of the period and whether they may be chance; the gravest places of the year.",
        *(_P.ANALYTICS_VIEW, _ANYWHERE, of_places.fill_places),
    ),
    Template(
        "outlook",
        "Forecast and patrol demand",
        "Months to come with their range and what such a forecast was worth; where patrols may be "
        "needed next week.",
        *(_P.ANALYTICS_VIEW, _CITY, of_city.fill_outlook),
        is_compared=False,
    ),
    Template(
        "repeat-offenders",
        "Repeat offenders and patterns",
        "Vehicles reported again and again, what comes back at one place and time, sudden changes.",
        *(_P.ANALYTICS_VIEW, _ANYWHERE, of_places.fill_repeats),
        is_compared=False,
        has_people=True,
    ),
    Template(
        "audit",
        "Compliance and audit",
        "Whether the audit chain is unbroken, what was done how often and by whom, what was taken "
        "back.",
        *(_P.AUDIT_READ, _CITY, of_duty.fill_audit),
        has_people=True,
    ),
    Template(
        "data-health",
        "Sync and data health",
        "What the data rests on: what is held, what waits to be sent, which desks were heard of.",
        *(_P.ANALYTICS_VIEW, _CITY, of_duty.fill_health),
        is_compared=False,
    ),
)
BY_ID: Final[Mapping[str, Template]] = {each.id: each for each in TEMPLATES}
