"""Keyhole Markup Language 2.2: a placemark for each row."""

from pathlib import Path
from typing import Final
from xml.sax.saxutils import escape

from trafficdesk.exports.json_file import place_of
from trafficdesk.exports.plain_text import as_text, printable
from trafficdesk.exports.table import Row, Table, Tick, counted

_BEGIN: Final = (
    '<?xml version="1.0" encoding="utf-8"?>\n<kml xmlns="http://www.opengis.net/kml/2.2"><Document>'
)


def write_kml(table: Table, path: Path, tick: Tick) -> None:
    """Write a table; the first column names each placemark."""
    with path.open("w", encoding="utf-8") as file:
        notes = _leaf("description", "\n".join(table.notes))
        file.write(f"{_BEGIN}{_leaf('name', table.title)}{notes}\n")
        file.writelines(_placemark(table, row) for row in counted(table.rows, tick))
        file.write("</Document></kml>\n")


def _placemark(table: Table, row: Row) -> str:
    data = "".join(
        f'<Data name="{column.name}">{_leaf("value", as_text(value))}</Data>'
        for column, value in zip(table.columns, row, strict=True)
    )
    here = place_of(table, row)
    at = "" if here is None else f"<Point>{_leaf('coordinates', f'{here[0]},{here[1]}')}</Point>"
    name = _leaf("name", as_text(row[0]))
    return f"<Placemark>{name}<ExtendedData>{data}</ExtendedData>{at}</Placemark>\n"


def _leaf(name: str, text: str) -> str:
    return f"<{name}>{escape(printable(text))}</{name}>"
