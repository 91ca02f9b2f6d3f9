"""A report before it is a page, a workbook or a PDF: facts about itself, and sections in order."""

from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

from trafficdesk.domain.analytics.trends import Verdict
from trafficdesk.domain.reporting.language import Language

Value: TypeAlias = str | int | float | None


class Kind(StrEnum):
    """What a value is, and so how it is shown. The first eight are the units of KPIs."""

    COUNT = "count"
    SHARE = "share"  # 0 to 1
    MS = "ms"
    DAYS = "days"
    MONEY = "money"  # the currency's smallest unit
    SCORE = "score"
    KAPPA = "kappa"
    RATE = "rate"
    TEXT = "text"
    NUMBER = "number"
    CHANCE = "chance"  # 0 to 1
    TIMES = "times"  # so many times as much
    DEGREES = "degrees"
    DAY = "day"  # counted as ``domain.calendar`` does
    MONTH = "month"  # year * 12 + month - 1
    MOMENT = "moment"  # epoch milliseconds


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table; a wide one breaks its lines, any other keeps them.

    ``is_right``: its words are numbers already, and stand at the right like numbers.
    """

    title: str
    kind: Kind = Kind.TEXT
    is_wide: bool = False
    is_right: bool = False


@dataclass(frozen=True, slots=True)
class FigureLine:
    """A KPI with what it counts, beside the period before; ``n``: told from so many."""

    name: str
    definition: str
    kind: Kind
    value: float | None
    before: float | None
    n: int
    verdict: Verdict | None


@dataclass(frozen=True, slots=True)
class Figures:
    """KPIs beside those of another period."""

    title: str
    lines: tuple[FigureLine, ...]
    now: str
    before: str
    about: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under columns; ``empty`` is said where there are none, ``about`` is said above.

    ``has_total``: the last row is the whole of all the others.
    """

    title: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Value, ...], ...]
    empty: str
    about: str = ""
    has_total: bool = False


@dataclass(frozen=True, slots=True)
class Bars:
    """So many of each kind, the fullest first."""

    title: str
    heads: tuple[str, str]
    bars: tuple[tuple[str, int], ...]
    empty: str
    about: str = ""


@dataclass(frozen=True, slots=True)
class Point:
    """One stretch of a run; ``low`` and ``high`` are the range of what is only expected."""

    label: str
    value: float
    is_expected: bool = False
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True)
class Run:
    """How something ran over months, days or ages, and what is expected of those to come."""

    title: str
    heads: tuple[str, str]
    points: tuple[Point, ...]
    empty: str
    about: str = ""


@dataclass(frozen=True, slots=True)
class Heat:
    """Counts by two things, darker where there are more."""

    title: str
    rows: tuple[str, ...]
    columns: tuple[str, ...]
    counts: tuple[tuple[int, ...], ...]
    empty: str
    about: str = ""


@dataclass(frozen=True, slots=True)
class Note:
    """Sentences; a grave one stands out."""

    title: str
    sentences: tuple[str, ...]
    is_grave: bool = False


Section: TypeAlias = Figures | Table | Bars | Run | Heat | Note


@dataclass(frozen=True, slots=True)
class Document:
    """A whole report. ``facts`` say what was asked, how old the data is, who made it and when.

    Moments are told in the city's standard time, so far from UTC. ``is_masked``: what tells of
    people is not in it.
    """

    template_id: str
    title: str
    subtitle: str
    facts: tuple[tuple[str, str], ...]
    sections: tuple[Section, ...]
    is_masked: bool
    offset_ms: int
    currency: str = "INR"
    language: Language = Language.ENGLISH
