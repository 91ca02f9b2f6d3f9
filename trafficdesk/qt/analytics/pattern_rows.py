"""Vehicles that come back, patterns of the week and sudden changes as rows of tables."""

from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from PySide6.QtCore import QCoreApplication

from trafficdesk.domain.analytics.changes import Change
from trafficdesk.domain.analytics.patterns import HOURS
from trafficdesk.domain.analytics.periods import Period
from trafficdesk.domain.plates import format_plate
from trafficdesk.domain.queues import ReportFilter
from trafficdesk.qt.ages import day, number
from trafficdesk.qt.analytics.figure_words import decimal
from trafficdesk.qt.analytics.heat_table import day_name
from trafficdesk.qt.analytics.page import Sight
from trafficdesk.qt.analytics.table_cells import Cell, Column, Look, Row
from trafficdesk.qt.review.filter_words import type_word
from trafficdesk.qt.words import severity_word
from trafficdesk.services.analytics.patterns import Changes, FoundPattern, Repeater

_LEAST_P: Final = 0.001


def say(source: str) -> str:
    """Return a sentence of the patterns, translated."""
    return QCoreApplication.translate("Patterns", source)


def vehicle_columns() -> tuple[Column, ...]:
    """Return the columns of vehicles reported again."""
    return (
        Column(say("Vehicle"), Look.TEXT, is_personal=True),
        Column(say("Reports"), Look.BAR),
        Column(say("Worst"), Look.WORD),
        Column(say("First"), Look.WORD, yields=2),
        Column(say("Last"), Look.WORD, yields=1),
    )


def vehicle_rows(found: tuple[Repeater, ...], zone: ZoneInfo) -> tuple[Row, ...]:
    """Return vehicles reported again as rows."""
    most = max((each.n for each in found), default=1)
    return tuple(
        Row(
            each.plate,
            (
                Cell(format_plate(each.plate), is_strong=True, value=each.plate),
                Cell(number(each.n), share=each.n / most, is_strong=True, value=each.n),
                Cell(severity_word(each.worst), severity=each.worst),
                Cell(day(each.first_at, zone), value=each.first_at),
                Cell(day(each.last_at, zone), value=each.last_at),
            ),
            each.rows,
        )
        for each in found
    )


def pattern_columns() -> tuple[Column, ...]:
    """Return the columns of recurring patterns."""
    return (
        Column(say("Where"), Look.TEXT),
        Column(say("When"), Look.WORD),
        Column(say("What"), Look.WORD),
        Column(say("Reports"), told=say("Support: how many reports make the pattern")),
        Column(
            say("Times expected"),
            yields=1,
            told=say("Lift: how many times as many as place, time and type let expect"),
        ),
    )


def pattern_rows(found: tuple[FoundPattern, ...], sight: Sight) -> tuple[Row, ...]:
    """Return patterns as rows, the surest first."""
    rows = []
    for each in found:
        kind = each.pattern.kind
        hours = f"{kind.when.hour:02d}\N{EN DASH}{(kind.when.hour + HOURS) % 24:02d}"
        cells = (
            Cell(each.name or say("No address known"), is_strong=True),
            Cell(f"{day_name(kind.when.weekday)} {hours}"),
            Cell(type_word(kind.violation, sight.frame.choices)),
            Cell(number(each.pattern.support), is_strong=True, value=each.pattern.support),
            Cell(f"\N{MULTIPLICATION SIGN} {decimal(each.pattern.lift)}", value=each.pattern.lift),
        )
        tip = say("Opens all its reports of this type at this place, at any hour")
        rows.append(Row(kind, cells, each.rows, tip))
    return tuple(rows)


def change_columns() -> tuple[Column, ...]:
    """Return the columns of sudden changes."""
    return (
        Column(say("What"), Look.TEXT),
        Column(say("Last 4 weeks")),
        Column(say("Usual")),
        Column(say("By chance"), told=say("The chance of a change as great, all parts considered")),
    )


def change_rows(found: Changes, sight: Sight) -> tuple[Row, ...]:
    """Return sudden changes as rows: wards, then types."""
    names = found.ward_names
    last = Period(found.period.past_day - 28, found.period.past_day)
    rows = []
    for ward in found.wards:
        name = say("Outside all wards") if ward.part is None else names.get(ward.part, "")
        wanted = None
        if ward.part is not None:
            wanted = sight.drill.of(last, ReportFilter(ward_id=ward.part))
        rows.append(_changed(("ward", ward.part), name, ward, wanted))
    for kind in found.types:
        wanted = sight.drill.of(last, ReportFilter(violations=frozenset({kind.part})))
        words = type_word(kind.part, sight.frame.choices)
        rows.append(_changed(("type", kind.part), words, kind, wanted))
    return tuple(rows)


def _changed(
    key: object, name: str, change: Change[UUID | None] | Change[str], wanted: ReportFilter | None
) -> Row:
    is_more = change.recent > change.usual
    arrow = "\N{UPWARDS ARROW}" if is_more else "\N{DOWNWARDS ARROW}"
    chance = decimal(change.p_value, 3) if change.p_value >= _LEAST_P else "< 0.001"
    cells = (
        Cell(name, is_strong=True),
        Cell(f"{arrow} {number(change.recent)}", is_strong=is_more, value=change.recent),
        Cell(decimal(change.usual), value=change.usual),
        Cell(chance, value=change.p_value),
    )
    return Row(key, cells, wanted)
