"""Squares where it may happen next, and what naming them was worth so far, as rows."""

from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication

from trafficdesk.domain.analytics.place_backtest import AreaScore, PlaceBacktest
from trafficdesk.domain.analytics.place_forecasting import Unit
from trafficdesk.domain.geometry import centre_of
from trafficdesk.qt.ages import coordinates, number
from trafficdesk.qt.analytics.backtest_panel import share_row
from trafficdesk.qt.analytics.choosing import Choice
from trafficdesk.qt.analytics.figure_words import decimal
from trafficdesk.qt.analytics.table_cells import NOTHING, Cell, Column, Look, Row
from trafficdesk.services.analytics.place_forecasts import PlacesAhead, forecast_places
from trafficdesk.services.analytics.place_names import name_of
from trafficdesk.services.analytics.spots import SpotsKept
from trafficdesk.services.session import Session


@dataclass(frozen=True, slots=True)
class NamedAhead:
    """Squares to come, and the name of each ('' where none is known)."""

    ahead: PlacesAhead
    names: tuple[str, ...]


def say(source: str) -> str:
    """Return a sentence of what may come, translated."""
    return QCoreApplication.translate("PlacesAhead", source)


def ask_ahead(session: Session, choice: Choice, unit: Unit, kept: SpotsKept) -> NamedAhead:
    """Forecast squares and name them."""
    found = forecast_places(session, choice.scope, unit, kept=kept)
    with session.store.reading() as connection:
        names = tuple(name_of(connection, each.bounds) for each in found.squares)
    return NamedAhead(found, names)


def ahead_columns() -> tuple[Column, ...]:
    """Return the columns of squares to come."""
    return (
        Column("", Look.RANK),
        Column(say("Square of 500 m"), Look.TEXT),
        Column(say("Expected"), Look.BAR),
        Column(say("4 of 5 times"), yields=1),
    )


def ahead_rows(found: NamedAhead) -> tuple[Row, ...]:
    """Return squares to come as rows, the one with most first."""
    squares = found.ahead.squares
    most = max((each.expected for each in squares), default=0.0) or 1.0
    rows = []
    for place, (each, name) in enumerate(zip(squares, found.names, strict=True)):
        band = NOTHING
        if each.low is not None and each.high is not None:
            low, high = number(each.low), number(each.high)
            band = Cell(say("{low} to {high}").format(low=low, high=high))
        middle = centre_of(each.bounds)
        cells = (
            Cell(number(place + 1), value=place + 1),
            Cell(name or coordinates(middle)),
            Cell(
                decimal(each.expected),
                share=each.expected / most,
                is_strong=True,
                value=each.expected,
            ),
            band,
        )
        tip = say("Opens the reports it had in the period")
        rows.append(Row(each.bounds, cells, each.rows, tip, subject=middle))
    return tuple(rows)


def test_rows(backtest: PlaceBacktest) -> tuple[Row, ...]:
    """Return what a back-test of squares says: each measure at each share of the area in turn."""
    model, plain = backtest.model, backtest.plain
    areas = tuple(zip(model.areas, plain.areas, strict=True))
    return (
        *(
            share_row(
                _at(say("Hits in {percent} % of the area"), ours),
                ours.hit_rate,
                theirs.hit_rate,
                more_is_better=True,
            )
            for ours, theirs in areas
        ),
        *(
            _ratio(_at(say("PAI, {percent} % of the area"), ours), ours.pai, theirs.pai)
            for ours, theirs in areas
        ),
        *(
            _ratio(_at(say("PEI*, {percent} % of the area"), ours), ours.pei_star, theirs.pei_star)
            for ours, theirs in areas
        ),
        share_row(
            say("Right in the top tenth"),
            model.top_precision,
            plain.top_precision,
            more_is_better=True,
        ),
        share_row(say("Error, WAPE"), model.wape, plain.wape, more_is_better=False),
    )


def _at(name: str, area: AreaScore) -> str:
    return name.format(percent=round(area.share * 100))


def _ratio(name: str, model: float, plain: float) -> Row:
    cells = (
        Cell(name),
        Cell(decimal(model, 2), is_strong=True, value=model),
        Cell(decimal(plain, 2), value=plain),
        Cell(decimal(model - plain, 2), value=model - plain),
    )
    return Row(name, cells)


def verdict_words(found: PlacesAhead) -> str:
    """Return plainly whether naming squares by a model beats counting."""
    if found.backtest is None:
        return say("There is not enough past to try this on. What is shown is the plain count.")
    if found.backtest.is_better:
        return say("Places: better than counting, by more than luck.")
    return say("Places: no better than counting. So the plain count is what is shown.")
