"""How old the data of a figure is, in words."""

from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from PySide6.QtCore import QCoreApplication

from trafficdesk.domain.times import to_ms
from trafficdesk.qt.ages import age, clock, moment
from trafficdesk.services.analytics.as_of import NEVER

# A desk in contact asks its server at least that often, also where nothing happens.
_LIVE: Final = timedelta(minutes=11)
_DAY: Final = timedelta(days=1)


def _say(source: str) -> str:
    return QCoreApplication.translate("AgeOfData", source)


def age_words(as_of: datetime, now: datetime, zone: ZoneInfo) -> tuple[str, bool]:
    """Return what is said of data as of a time, and whether it is as good as of now."""
    if as_of <= NEVER:
        return _say("Not yet in step with the server"), False
    old = now - as_of
    at = clock(as_of, zone) if old < _DAY else moment(as_of, zone)
    if old < _LIVE:
        return _say("Data as of {time}").format(time=at), True
    since = age(to_ms(as_of), now)
    return _say("Data as of {time}, offline for {age}").format(time=at, age=since), False
