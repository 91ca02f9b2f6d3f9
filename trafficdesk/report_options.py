"""The options of reports that are made or come round, as both command lines take them.

Desk and server have a command line each, and neither sees the other's.
"""

import re
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from trafficdesk.domain.reporting.language import Language

if TYPE_CHECKING:
    from trafficdesk.domain.analytics.periods import Period
    from trafficdesk.domain.schedules import Rhythm

_DAY: Final = ["%Y-%m-%d"]
_MOMENT: Final = ["%Y-%m-%dT%H:%M"]
_EPOCH: Final = date(1970, 1, 1).toordinal()

ReportFile = Annotated[
    Path,
    typer.Argument(
        metavar="FILE", help="A file that is not there yet; its ending names the format."
    ),
]
FirstDay = Annotated[datetime | None, typer.Option("--from", formats=_DAY, help="Its first day.")]
LastDay = Annotated[
    datetime | None, typer.Option("--to", formats=_DAY, help="Its last day; today without.")
]
OfStation = Annotated[str, typer.Option("--station", metavar="NAME", help="Of a station.")]
OfWard = Annotated[str, typer.Option("--ward", metavar="NAME", help="Of a ward.")]
OfPerson = Annotated[str, typer.Option("--person", metavar="NAME", help="Of an officer's work.")]
OfShift = Annotated[
    datetime | None,
    typer.Option(
        "--shift",
        formats=_MOMENT,
        help="Of the shift that ran then, in the city's time; the last whole one without.",
    ),
]
LanguageOption = Annotated[
    Language, typer.Option("--language", help="What it is written in.", case_sensitive=False)
]
EveryOption = Annotated[str, typer.Option("--every", help="day, week or month.")]
OnOption = Annotated[
    int, typer.Option("--on", help="The weekday from Monday (1 to 7), or the day of the month.")
]
AtOption = Annotated[str, typer.Option("--at", help="HH:MM by the city's clocks.")]
AboutOption = Annotated[
    str, typer.Option("--about", help="yesterday, last_week, last_month or last_shift.")
]
FormOption = Annotated[str, typer.Option("--format", help="pdf, html or xlsx.")]
FolderOption = Annotated[
    Path | None, typer.Option("--folder", help="A folder that it is put into.")
]
MailOption = Annotated[
    list[str] | None,
    typer.Option("--mail", metavar="ADDRESS", help="Whom it is mailed to; may be repeated."),
]
ScheduleName = Annotated[str, typer.Argument(metavar="ID", help="As list names it.")]
OneSchedule = Annotated[
    str | None, typer.Argument(metavar="ID", help="Only this one; all of them without.")
]


def period_of(begin: datetime | None, end: datetime | None, today: int) -> "Period":
    """Return the days that were typed; the last whole month where none were.

    Raises:
        ValueError: they end before they begin.
    """
    from trafficdesk.domain.analytics.periods import Period, month_of_day, month_period

    if begin is None and end is None:
        return month_period(month_of_day(today) - 1)
    last = today if end is None else end.toordinal() - _EPOCH
    first = last if begin is None else begin.toordinal() - _EPOCH
    return Period(first, last + 1)


def rhythm_of(every: str, on: int, at: str) -> "Rhythm":
    """Return the rhythm that was typed. Raises ``ValueError``: there is none such."""
    from trafficdesk.domain.schedules import Every, Rhythm

    shown = re.fullmatch(r"([01]\d|2[0-3]):([0-5]\d)", at)
    if shown is None:
        raise ValueError("no time of a day")
    return Rhythm(Every(every), int(shown[1]) * 60 + int(shown[2]), on)
