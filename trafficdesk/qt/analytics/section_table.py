"""The numbers of a section as a table for files: every one of them as a number."""

import re
from collections.abc import Iterator, Sequence
from datetime import datetime

from trafficdesk.domain.plates import masked_plate
from trafficdesk.domain.records import Place
from trafficdesk.exports.table import Column, Kind, Table, Value
from trafficdesk.qt.analytics.facts_table import FactsTable
from trafficdesk.qt.analytics.heat_panel import HeatPanel
from trafficdesk.qt.analytics.heat_table import DAYS, HOURS, day_name, hour_words
from trafficdesk.qt.analytics.page import say
from trafficdesk.qt.analytics.section import Section
from trafficdesk.qt.analytics.table_cells import NOTHING, Cell, Row
from trafficdesk.qt.analytics.table_cells import Column as Head
from trafficdesk.qt.analytics.table_model import TableModel
from trafficdesk.services.analytics.hotspots import Hotspot


def table_of(section: Section, notes: tuple[str, ...], *, is_masked: bool) -> Table | None:
    """Return a section's numbers; None if it has no rows now."""
    title = section.title.text()
    if isinstance(section.content, HeatPanel):
        return _of_hours(section.content, title, notes)
    facts = facts_of(section)
    if facts is None or not facts.rows or section.is_empty:
        return None
    rows = facts.rows
    parts = list(_columns(facts.columns, rows, is_masked=is_masked))
    places = [place for row in rows if (place := _place_of(row)) is not None]
    at = None
    if len(places) == len(rows):
        at = (len(parts), len(parts) + 1)
        parts.append((say("Longitude"), Kind.NUMBER, [each.lon for each in places]))
        parts.append((say("Latitude"), Kind.NUMBER, [each.lat for each in places]))
    columns = tuple(
        Column(slug(words, f"column_{number}"), words, kind)
        for number, (words, kind, _) in enumerate(parts, 1)
    )
    values = list(zip(*(column for _, _, column in parts), strict=True))
    return Table(slug(title, "figures"), title, columns, values, at, notes)


def facts_of(section: Section) -> TableModel | None:
    """Return the figures of a section: its own, its table's, or those of its chart's table."""
    if section.numbers is not None:
        return section.numbers
    for widget in (section.table, section.content):
        if isinstance(widget, FactsTable):
            return widget.facts
    found: FactsTable | None = section.content.findChild(FactsTable)
    return None if found is None else found.facts


def is_personal(section: Section) -> bool:
    """Tell whether a section's numbers stand beside what tells of people."""
    facts = facts_of(section)
    return facts is not None and any(column.is_personal for column in facts.columns)


def _of_hours(panel: HeatPanel, title: str, notes: tuple[str, ...]) -> Table | None:
    counts = panel.table.counts()
    if not counts:
        return None
    columns = (
        Column("weekday", say("Day")),
        Column("hour", say("Hour")),
        Column("reports", say("Reports"), Kind.WHOLE),
    )
    rows = [
        (day_name(day, is_short=False), hour_words(hour), counts[day][hour])
        for day in range(DAYS)
        for hour in range(HOURS)
    ]
    return Table(slug(title, "hours"), title, columns, rows, None, notes)


def _columns(
    heads: Sequence[Head], rows: Sequence[Row], *, is_masked: bool
) -> Iterator[tuple[str, Kind, list[Value]]]:
    """Yield each column's title, kind and values; one of several units also as it is read."""
    for place, head in enumerate(heads):
        cells = [row.cells[place] for row in rows]
        title = f"{head.title}, {head.unit}" if head.unit else head.title or say("Rank")
        kind = _kind_of(cells)
        if head.is_mixed:
            told: list[Value] = [_text_of(cell) for cell in cells]
            yield say("{title}, as read").format(title=title), Kind.TEXT, told
        if kind is Kind.TEXT:
            texts: list[Value] = [_text_of(cell) for cell in cells]
            if head.is_personal and is_masked:
                texts = [masked_plate(str(text)) for text in texts]
            yield title, kind, texts
        else:
            yield title, kind, [cell.value for cell in cells]


def _text_of(cell: Cell) -> str:
    if isinstance(cell.value, str):
        return cell.value
    return "" if cell is NOTHING else cell.text


def _kind_of(cells: Sequence[Cell]) -> Kind:
    values = [cell.value for cell in cells if cell.value is not None]
    if not values or any(isinstance(value, str) for value in values):
        return Kind.TEXT
    if all(isinstance(value, datetime) for value in values):
        return Kind.TIME
    is_whole = all(isinstance(value, int) for value in values)
    return Kind.WHOLE if is_whole else Kind.NUMBER


def _place_of(row: Row) -> Place | None:
    if isinstance(row.subject, Hotspot):
        return row.subject.disc.place
    return row.subject if isinstance(row.subject, Place) else None


def slug(words: str, otherwise: str) -> str:
    """Return words as a name for programs: small letters, with underscores between."""
    return re.sub(r"\W+", "_", words.lower()).strip("_") or otherwise
