"""KPIs as the faces of tiles and as rows of the table of all figures."""

from trafficdesk.domain.analytics.metrics import MetricId, Source
from trafficdesk.domain.vocabulary import Role
from trafficdesk.qt.ages import number
from trafficdesk.qt.analytics.choosing import rival_words
from trafficdesk.qt.analytics.figure_words import (
    change_words,
    figure_cell,
    figure_words,
    is_worse,
    say,
)
from trafficdesk.qt.analytics.kpi_row import on_top
from trafficdesk.qt.analytics.kpi_tile import KpiFace
from trafficdesk.qt.analytics.metric_words import metric_definition, metric_name
from trafficdesk.qt.analytics.questions import Counted
from trafficdesk.qt.analytics.table_cells import NOTHING, Cell, Column, Look, Row
from trafficdesk.services.analytics.overview import KpiValue


def told(kpi: KpiValue) -> str:
    """Return what a KPI counts, and from how many things it is told."""
    count = number(kpi.n)
    match kpi.metric.source:
        case Source.REPORTS:
            rests = say("Told from reports: {count}.")
        case Source.INCIDENTS:
            rests = say("Told from incidents: {count}.")
        case Source.CITATIONS:
            rests = say("Told from citations: {count}.")
        case _:
            rests = say("Told from decisions: {count}.")
    return f"{metric_definition(kpi.metric_id)}\n{rests.format(count=count)}"


def _told_beside(kpi: KpiValue, counted: Counted, currency: str) -> str:
    """Return what a KPI counts, from how many, and what it is compared with."""
    before = figure_words(kpi.metric, counted.before(kpi), currency)
    beside = say("Compared with {name}: {value}").format(
        name=rival_words(counted.choice), value=before
    )
    return f"{told(kpi)}\n{beside}"


def face_of(kpi: KpiValue, counted: Counted, currency: str) -> KpiFace:
    """Return a KPI as a tile shows it."""
    before = counted.before(kpi)
    moved, meaning = change_words(kpi.metric, before, kpi.value)
    return KpiFace(
        kpi.metric_id,
        metric_name(kpi.metric_id),
        figure_words(kpi.metric, kpi.value, currency),
        moved,
        meaning,
        is_worse(kpi.metric, before, kpi.value),
        kpi.spark,
        _told_with_run(kpi, counted, currency),
        kpi.rows,
    )


def faces_on_top(counted: Counted, role: Role, currency: str) -> tuple[KpiFace, ...]:
    """Return the five KPIs a role sees first; where a scope lacks one, the next that it has."""
    return tuple(face_of(kpi, counted, currency) for kpi in _on_top(counted, role))


def rows_on_top(counted: Counted, role: Role, currency: str) -> tuple[Row, ...]:
    """Return the same KPIs as rows of a table."""
    return tuple(_row(kpi, counted, currency) for kpi in _on_top(counted, role))


def _on_top(counted: Counted, role: Role) -> list[KpiValue]:
    found = {kpi.metric_id: kpi for kpi in counted.kpis}
    wanted = [each for each in on_top(role) if each in found]
    wanted += [each for each in found if each not in wanted]
    return [found[each] for each in wanted[: len(on_top(role))]]


def figure_columns() -> tuple[Column, ...]:
    """Return the columns of the table of all figures."""
    return (
        Column(say("Figure"), Look.WORD),
        Column(say("Value"), is_mixed=True),
        Column(say("Change"), Look.WORD),
        Column(say("How it ran"), Look.SPARK, yields=1),
        Column(say("Compared with"), yields=3, is_mixed=True),
        Column(say("Told from"), yields=2),
        Column(say("What it counts"), Look.TEXT),
    )


def figure_rows(counted: Counted, currency: str) -> tuple[Row, ...]:
    """Return every KPI of the scope as a row."""
    return tuple(_row(kpi, counted, currency) for kpi in counted.kpis)


def _row(kpi: KpiValue, counted: Counted, currency: str) -> Row:
    before = counted.before(kpi)
    moved, meaning = change_words(kpi.metric, before, kpi.value)
    worse = is_worse(kpi.metric, before, kpi.value)
    cells = (
        Cell(metric_name(kpi.metric_id), is_strong=True),
        figure_cell(kpi.metric, kpi.value, currency, is_strong=True),
        Cell(" ".join(filter(None, (moved, meaning))), is_strong=worse),
        _run_cell(kpi, currency),
        figure_cell(kpi.metric, before, currency),
        Cell(number(kpi.n), value=kpi.n),
        Cell(metric_definition(kpi.metric_id)),
    )
    return Row(
        kpi.metric_id,
        cells,
        kpi.rows,
        _told_beside(kpi, counted, currency),
        MetricId(kpi.metric_id),
    )


def _run_cell(kpi: KpiValue, currency: str) -> Cell:
    """Return how a KPI ran over the parts of the period: drawn, and in words."""
    return Cell(_run_words(kpi, currency), spark=kpi.spark) if kpi.spark else NOTHING


def _told_with_run(kpi: KpiValue, counted: Counted, currency: str) -> str:
    """Return what a KPI counts, what it is compared with, and what its small line shows."""
    known = _told_beside(kpi, counted, currency)
    ran = say("How it ran: {values}").format(values=_run_words(kpi, currency))
    return f"{known}\n{ran}" if kpi.spark else known


def _run_words(kpi: KpiValue, currency: str) -> str:
    return " \N{MIDDLE DOT} ".join(figure_words(kpi.metric, each, currency) for each in kpi.spark)
