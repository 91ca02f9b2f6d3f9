"""Having reports come round at a desk whose clock stands where a test says."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

from trafficdesk.domain.reporting.asked import Form
from trafficdesk.domain.schedules import About, Every, Rhythm, Wish
from trafficdesk.services import schedules
from trafficdesk.services.session import Session

MONTHLY = Rhythm(Every.MONTH, 6 * 60, 1)
START = datetime(2026, 8, 20, 9, tzinfo=UTC)


def at(session: Session, moment: datetime) -> Session:
    """Return a session at a moment."""
    return replace(session, clock=lambda: moment, skew=timedelta())


def monthly(folder: Path | str, form: Form = Form.HTML) -> Wish:
    """Return a wish for the report of the month before, in a folder."""
    return Wish("monthly-station", form, About.LAST_MONTH, MONTHLY, folder=str(folder))


def add(session: Session, wish: Wish) -> UUID:
    """Have a report come round."""
    made = schedules.add(session, wish)
    assert isinstance(made, UUID), made
    return made
