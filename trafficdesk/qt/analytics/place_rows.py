"""Hotspots and dangerous places as rows of a table."""

from PySide6.QtCore import QCoreApplication

from trafficdesk.qt.ages import coordinates, number
from trafficdesk.qt.analytics.figure_words import MINUS
from trafficdesk.qt.analytics.table_cells import Cell, Column, Look, Row
from trafficdesk.services.analytics.hotspots import Hotspot, Hotspots


def say(source: str) -> str:
    """Return a sentence of the places, translated."""
    return QCoreApplication.translate("Places", source)


def _reports_column() -> Column:
    told = say("Reports that are neither rejected nor duplicates, by when it happened")
    return Column(say("Reports"), Look.BAR, told=told)


def _change_column() -> Column:
    told = say("Reports more than in the same part of the period before")
    return Column(say("Change"), yields=1, told=told)


def hotspot_columns() -> tuple[Column, ...]:
    """Return the columns of the list of hotspots."""
    return (
        Column("", Look.RANK, told=say("Rank by number of reports")),
        Column(say("Place, 500 m around"), Look.TEXT),
        _reports_column(),
        Column(say("Weight"), yields=2, told=say("Minor 1, moderate 2, severe 3, critical 5")),
        _change_column(),
        Column(
            say("By chance?"),
            Look.WORD,
            yields=1,
            told=say("Whether so many would come about by chance, all places together considered"),
        ),
    )


def place_columns() -> tuple[Column, ...]:
    """Return the columns of the short list of places."""
    return (
        Column("", Look.RANK),
        Column(say("Place, 500 m around"), Look.TEXT),
        _reports_column(),
        _change_column(),
    )


def signed(value: int) -> str:
    """Return a whole difference with its sign; ``0`` has none."""
    sign = "+" if value > 0 else MINUS if value < 0 else ""
    return f"{sign}{number(abs(value))}"


def hotspot_rows(found: Hotspots) -> tuple[Row, ...]:
    """Return hotspots as rows, the fullest first."""
    most = max((each.disc.n for each in found.discs), default=1)
    return tuple(_row(each, most) for each in found.discs)


def short_rows(rows: tuple[Row, ...]) -> tuple[Row, ...]:
    """Return rows of hotspots with the columns of the short list."""
    return tuple(
        Row(row.key, (*row.cells[:3], row.cells[4]), row.wanted, row.tip, row.subject)
        for row in rows
    )


def _row(each: Hotspot, most: int) -> Row:
    disc = each.disc
    name = each.name or coordinates(disc.place)
    cells = (
        Cell(number(disc.rank), value=disc.rank),
        Cell(name),
        Cell(number(disc.n), share=disc.n / most, is_strong=True, value=disc.n),
        Cell(number(disc.weight), value=disc.weight),
        Cell(signed(disc.change), value=disc.change),
        _chance(each),
    )
    tip = say("Opens the reports of the box around {place}").format(place=name)
    return Row(disc.place, cells, each.rows, tip, subject=each)


def _chance(each: Hotspot) -> Cell:
    test = each.disc.test
    if test is None:
        return Cell(say("not known"), is_faint=True)
    if test.is_significant:
        return Cell(say("hardly"), told=say("hardly by chance"), is_strong=True)
    return Cell(say("may be"), is_faint=True, told=say("may be chance"))
