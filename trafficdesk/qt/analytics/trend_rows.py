"""Reports by type, severity, ward and weather as rows, beside what they are compared with."""

from collections.abc import Callable

from PySide6.QtCore import QCoreApplication

from trafficdesk.domain.vocabulary import Severity
from trafficdesk.qt.ages import number
from trafficdesk.qt.analytics.choosing import month_name
from trafficdesk.qt.analytics.page import Sight
from trafficdesk.qt.analytics.place_rows import signed
from trafficdesk.qt.analytics.questions import Run
from trafficdesk.qt.analytics.table_cells import MOST_ROWS, NOTHING, Cell, Column, Look, Row
from trafficdesk.qt.review.filter_words import type_word
from trafficdesk.qt.words import severity_word
from trafficdesk.services.analytics.trends import Slice

Name = Callable[[Slice], str]


def say(source: str) -> str:
    """Return a sentence of the trends, translated."""
    return QCoreApplication.translate("Trends", source)


def slice_columns(title: str, counted: str = "") -> tuple[Column, ...]:
    """Return the columns of one way to cut the reports."""
    return (
        Column(title, Look.TEXT),
        Column(counted or say("Reports"), Look.BAR),
        Column(say("Share"), yields=2, unit="%"),
        Column(say("Compared"), yields=1),
        Column(say("Change"), yields=1),
    )


def type_rows(run: Run, sight: Sight) -> tuple[Row, ...]:
    """Return the types of violation."""
    return slice_rows(
        run.trends.by_type, run.rival.by_type, lambda s: type_word(s.key, sight.frame.choices)
    )


def severity_rows(run: Run) -> tuple[Row, ...]:
    """Return the severities, the gravest first, each with its mark."""

    def name(each: Slice) -> str:
        return severity_word(Severity(int(each.key)))

    rows = slice_rows(run.trends.by_severity, run.rival.by_severity, name)
    return tuple(
        Row(
            row.key,
            (Cell(row.cells[0].text, severity=Severity(int(str(row.key)))), *row.cells[1:]),
            row.wanted,
        )
        for row in rows
    )


def ward_rows(run: Run) -> tuple[Row, ...]:
    """Return the wards."""

    def name(each: Slice) -> str:
        return each.name or (say("A ward") if each.key else say("Outside all wards"))

    return slice_rows(run.trends.by_ward, run.rival.by_ward, name)


def weather_rows(run: Run) -> tuple[Row, ...]:
    """Return the weather of incidents."""

    def name(each: Slice) -> str:
        return each.name or say("Not noted")

    return slice_rows(run.trends.by_weather, run.rival.by_weather, name)


def slice_rows(now: tuple[Slice, ...], then: tuple[Slice, ...], name: Name) -> tuple[Row, ...]:
    """Return the fullest slices as rows; bars are as long as their share of the longest."""
    before = {each.key: each.n for each in then}
    most, total = max((s.n for s in now), default=0) or 1, sum(s.n for s in now) or 1
    return tuple(
        Row(
            each.key,
            (
                Cell(name(each)),
                Cell(number(each.n), share=each.n / most, is_strong=True, value=each.n),
                _share(100 * each.n / total),
                Cell(number(before.get(each.key, 0)), value=before.get(each.key, 0)),
                _change(each.n - before.get(each.key, 0)),
            ),
            each.rows,
        )
        for each in now[:MOST_ROWS]
    )


def _share(percent: float) -> Cell:
    return Cell(say("{percent} %").format(percent=round(percent)), value=percent)


def _change(by: int) -> Cell:
    return Cell(signed(by), value=by)


def month_columns() -> tuple[Column, ...]:
    """Return the columns of reports by month."""
    return (
        Column(say("Month"), Look.TEXT),
        Column(say("Reports"), Look.BAR),
        Column(say("Compared"), yields=1),
        Column(say("Change"), yields=1),
    )


def month_rows(run: Run) -> tuple[Row, ...]:
    """Return the months of the period beside those they are compared with, in their order."""
    months = run.trends.by_month
    most = max((each.n for each in months), default=0) or 1
    rivals = [each.n for each in run.rival.by_month]
    rows = []
    for place, each in enumerate(months):
        rival = rivals[place] if place < len(rivals) else None
        name = month_name(each.month)
        cells = (
            Cell(name if each.is_whole else say("{month}, in part").format(month=name)),
            Cell(number(each.n), share=each.n / most, is_strong=True, value=each.n),
            NOTHING if rival is None else Cell(number(rival), value=rival),
            NOTHING if rival is None else _change(each.n - rival),
        )
        rows.append(Row(each.month, cells, run.trends.month_rows[place]))
    return tuple(rows)
