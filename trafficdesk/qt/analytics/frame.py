"""What every page of the workspace needs to know beforehand: names, days, and how old data is."""

from dataclasses import dataclass

from trafficdesk.domain.calendar import Calendar
from trafficdesk.domain.times import to_ms
from trafficdesk.services.choices import Choices, load_choices
from trafficdesk.services.session import Session
from trafficdesk.store import facts


@dataclass(frozen=True, slots=True)
class Frame:
    """The desk's lists, its calendar, and the day it is."""

    choices: Choices
    calendar: Calendar
    today: int


def load_frame(session: Session) -> Frame:
    """Return the frame as it is now; on a reader's thread."""
    with session.store.reading() as connection:
        calendar = facts.calendar(connection)
    today = calendar.day_of(to_ms(session.lease_clock()))
    return Frame(load_choices(session), calendar, today)
