"""The templates: what each is for, who may have it, what it asks, and what makes its sections."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from trafficdesk.domain.analytics.scope import Part
from trafficdesk.domain.permissions import Permission
from trafficdesk.domain.reporting import parts_of_city
from trafficdesk.domain.reporting.document import Section
from trafficdesk.domain.reporting.sections import Gathering

_ANYWHERE: Final = frozenset({Part.CITY, Part.STATION, Part.WARD})
_CITY: Final = frozenset({Part.CITY})


@dataclass(frozen=True, slots=True)
class Template:
    """A report that may be asked for.

    ``of``: what it may be about; ``is_of_a_shift``: a shift instead of a period; ``on_server``:
    the server makes it, too.
    """

    id: str
    title: str
    about: str
    permission: Permission
    of: frozenset[Part]
    fill: Callable[[Gathering], tuple[Section, ...]]
    is_of_a_shift: bool = False
    on_server: bool = True


TEMPLATES: Final = (
    Template(
        "monthly-station",
        "Monthly station report",
        "What came in and was decided, by violation, severity, ward and hour of the week, beside "
        "the month before.",
        Permission.ANALYTICS_VIEW,
        frozenset({Part.CITY, Part.STATION}),
        parts_of_city.fill_month,
    ),
)
BY_ID: Final[Mapping[str, Template]] = {each.id: each for each in TEMPLATES}
