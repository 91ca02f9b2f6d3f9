"""Bringing a made report where it is to go: the ways, where each stands, when it is tried again."""

import re
from enum import StrEnum
from typing import Final

from trafficdesk.domain.reporting.asked import Asked
from trafficdesk.domain.schedules import Stretch, date_of
from trafficdesk.domain.shifts import SHIFTS_A_DAY

MOST_TRIES: Final = 40  # of a mail: about six days of a program that runs
_FIRST_WAIT_MS: Final = 5 * 60_000  # longer than one try may take
_LONGEST_WAIT_MS: Final = 4 * 3_600_000
_ADDRESS: Final = re.compile(r"[^\s@<>,;:\"()\[\]\\]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9.-]{0,250})")
_UNFIT: Final = re.compile(r"[^\w \-]+")
_LONGEST_PLACE: Final = 60


class Way(StrEnum):
    """How a report gets where it is to go."""

    FOLDER = "folder"
    MAIL = "mail"


class RunState(StrEnum):
    """Where the report of one day of a schedule stands."""

    PLANNED = "planned"
    MADE = "made"
    REFUSED = "refused"


class DeliveryState(StrEnum):
    """Where one delivery stands; what failed is tried again only when somebody asks for it."""

    QUEUED = "queued"
    SENT = "sent"
    FAILED = "failed"


def wait_ms(tries: int) -> int:
    """Return how long to wait after so many tries that came to nothing."""
    doubled = _FIRST_WAIT_MS << min(max(tries - 1, 0), 16)
    return min(doubled, _LONGEST_WAIT_MS)


def is_address(text: str) -> bool:
    """Tell whether a text is one plain mail address in ASCII."""
    return text.isascii() and text.isprintable() and _ADDRESS.fullmatch(text) is not None


def file_stem(asked: Asked, stretch: Stretch, place: str) -> str:
    """Return the name of a report's file without its ending; it is a name on every system."""
    shown = " ".join(_UNFIT.sub(" ", place).split())[:_LONGEST_PLACE].strip()
    return " ".join(filter(None, (asked.template_id, _days(stretch), shown)))


def _days(stretch: Stretch) -> str:
    first, last = date_of(stretch.period.first_day), date_of(stretch.period.past_day - 1)
    if stretch.shift is not None:
        return f"{first}-{stretch.shift % SHIFTS_A_DAY + 1}"
    if stretch.period.is_whole_months and len(stretch.period.months) == 1:
        return f"{first:%Y-%m}"
    return f"{first}" if first == last else f"{first} to {last}"
