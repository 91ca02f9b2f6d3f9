"""Any table into any format: the file is whole under its name, or it is not there."""

from collections.abc import Callable, Mapping
from enum import StrEnum
from pathlib import Path
from typing import Final

from trafficdesk.exports.csv_file import write_csv
from trafficdesk.exports.geopackage import write_geopackage
from trafficdesk.exports.html_file import write_html
from trafficdesk.exports.json_file import write_geojson, write_json
from trafficdesk.exports.kml_file import write_kml
from trafficdesk.exports.parquet_file import write_parquet
from trafficdesk.exports.table import Table, Tick
from trafficdesk.exports.xlsx_file import write_xlsx


class Format(StrEnum):
    """The formats in which anything leaves a desk, by the ending of their files."""

    CSV = "csv"
    XLSX = "xlsx"
    JSON = "json"
    GEOJSON = "geojson"
    GEOPACKAGE = "gpkg"
    KML = "kml"
    HTML = "html"
    PARQUET = "parquet"
    PDF = "pdf"
    PNG = "png"
    SVG = "svg"


Write = Callable[[Table, Path, Tick], None]
# Formats that are of places alone: a list without any has none to put there.
OF_PLACES: Final = frozenset({Format.GEOJSON, Format.GEOPACKAGE, Format.KML})
LISTS: Final = tuple(form for form in Format if form not in {Format.PNG, Format.SVG})
_WRITE: Final[Mapping[Format, Write]] = {
    Format.CSV: write_csv,
    Format.XLSX: write_xlsx,
    Format.JSON: write_json,
    Format.GEOJSON: write_geojson,
    Format.GEOPACKAGE: write_geopackage,
    Format.KML: write_kml,
    Format.HTML: write_html,
    Format.PARQUET: write_parquet,
}


def format_of(path: Path) -> Format | None:
    """Return the format that a file's ending names; None if it is none of them."""
    ending = path.suffix.lower().lstrip(".")
    return Format(ending) if ending in set(Format) else None


def write_table(
    table: Table, path: Path, form: Format, tick: Tick, write: Write | None = None
) -> None:
    """Write a table to a file that takes the place of one that is there.

    Paper is set by Qt, which this room does not know: ``write`` is whoever sets it.

    Raises:
        OSError: the folder takes no file, or the disk is full; what was there is still there.
        ExportCancelledError: from ``tick``; likewise.
    """
    refuse_kept(path)
    coming = path.with_name(f".{path.name}.part")
    try:
        coming.unlink(missing_ok=True)
        (write or _WRITE[form])(table, coming, tick)
        coming.replace(path)
    finally:
        coming.unlink(missing_ok=True)


def refuse_kept(path: Path) -> None:
    """Raise ``OSError`` if a file is there that may not be written, or that another program holds.

    Its folder might let it be replaced all the same; whoever protected it did not mean that.
    """
    if path.exists():
        path.open("r+b").close()
