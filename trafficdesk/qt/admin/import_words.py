"""What the administration says when a file was not imported or the city not changed."""

from collections.abc import Iterator, Sequence
from typing import Final

from PySide6.QtCore import QT_TRANSLATE_NOOP

from trafficdesk.qt.admin.sentences import say
from trafficdesk.qt.ages import number
from trafficdesk.services.city_limits import CityFault
from trafficdesk.services.importing.batches import TakeBackFault
from trafficdesk.services.importing.faults import ImportFault, ImportRefused, RowError, RowFault

_SHOWN: Final = 12

FILES: Final[dict[ImportFault, object]] = {
    ImportFault.NOT_PERMITTED: QT_TRANSLATE_NOOP("Admin", "Your role may not do this."),
    ImportFault.FILE_MISSING: QT_TRANSLATE_NOOP("Admin", "{name} is not there any more."),
    ImportFault.FILE_UNREADABLE: QT_TRANSLATE_NOOP("Admin", "{name} can't be read: {detail}."),
    ImportFault.FILE_EMPTY: QT_TRANSLATE_NOOP("Admin", "{name} holds no rows."),
    ImportFault.FILE_TOO_LARGE: QT_TRANSLATE_NOOP(
        "Admin", "{name} unpacks to more than {detail} MB. Split it into smaller files."
    ),
    ImportFault.LINE_TOO_LONG: QT_TRANSLATE_NOOP(
        "Admin",
        "Line {detail} of {name} is longer than any row. This is no table, or its line ends are "
        "missing.",
    ),
    ImportFault.FILE_CHANGED: QT_TRANSLATE_NOOP(
        "Admin", "{name} changed while it was read. Nothing was imported; try again."
    ),
    ImportFault.NOT_TEXT: QT_TRANSLATE_NOOP(
        "Admin",
        "{name} is written in none of the encodings tried ({detail}). Name the right one in the "
        "mapping.",
    ),
    ImportFault.NOT_CSV: QT_TRANSLATE_NOOP("Admin", "{name} is no CSV table: {detail}."),
    ImportFault.NOT_GEOJSON: QT_TRANSLATE_NOOP(
        "Admin", "{name} is no GeoJSON feature collection: {detail}."
    ),
    ImportFault.OTHER_CRS: QT_TRANSLATE_NOOP(
        "Admin", "{name} uses other coordinates ({detail}). Convert it to WGS 84."
    ),
    ImportFault.COLUMNS_MISSING: QT_TRANSLATE_NOOP(
        "Admin",
        "{name} lacks columns that the mapping names. Missing | present: {detail}. Correct the "
        "names in the mapping.",
    ),
    ImportFault.COLUMNS_TWICE: QT_TRANSLATE_NOOP(
        "Admin", "{name} has columns of the same name: {detail}. Rename one."
    ),
    ImportFault.MAPPING_MISSING: QT_TRANSLATE_NOOP("Admin", "The mapping {name} is not there."),
    ImportFault.MAPPING_WRONG: QT_TRANSLATE_NOOP(
        "Admin", "The mapping {name} can't be followed: {detail}."
    ),
    ImportFault.ROWS_WRONG: QT_TRANSLATE_NOOP(
        "Admin",
        "{count} of {detail} rows of {name} are wrong; nothing was imported. Correct these rows, "
        "or the mapping.",
    ),
    ImportFault.ALREADY_IMPORTED: QT_TRANSLATE_NOOP(
        "Admin", "This very file was imported before. Its reports are here."
    ),
    ImportFault.CANCELLED: QT_TRANSLATE_NOOP("Admin", "Stopped. Nothing was imported."),
}
ROWS: Final[dict[RowFault, object]] = {
    RowFault.UNREADABLE: QT_TRANSLATE_NOOP("Admin", "the row can't be read"),
    RowFault.CELLS: QT_TRANSLATE_NOOP("Admin", "it has not as many cells as the header"),
    RowFault.PLACE_MISSING: QT_TRANSLATE_NOOP("Admin", "the place is missing"),
    RowFault.PLACE_UNREADABLE: QT_TRANSLATE_NOOP("Admin", "the place is no point"),
    RowFault.PLACE_OUT_OF_RANGE: QT_TRANSLATE_NOOP("Admin", "the place is not on the earth"),
    RowFault.PLACE_SWAPPED: QT_TRANSLATE_NOOP(
        "Admin", "longitude and latitude have changed places"
    ),
    RowFault.TIME_MISSING: QT_TRANSLATE_NOOP("Admin", "the time is missing"),
    RowFault.TIME_UNREADABLE: QT_TRANSLATE_NOOP(
        "Admin", "the time fits none of the mapping's formats"
    ),
    RowFault.TIME_IN_FUTURE: QT_TRANSLATE_NOOP("Admin", "the time lies in the future"),
    RowFault.TIME_TOO_EARLY: QT_TRANSLATE_NOOP("Admin", "the time lies before 1970"),
    RowFault.NUMBER_UNREADABLE: QT_TRANSLATE_NOOP("Admin", "this is no number"),
    RowFault.VALUE_UNKNOWN: QT_TRANSLATE_NOOP(
        "Admin", "the mapping does not say what this value means"
    ),
    RowFault.VALUE_MISSING: QT_TRANSLATE_NOOP("Admin", "the value is missing"),
    RowFault.NOT_A_POLYGON: QT_TRANSLATE_NOOP("Admin", "this is no polygon"),
}
TAKE_BACKS: Final[dict[TakeBackFault, object]] = {
    TakeBackFault.NOT_PERMITTED: QT_TRANSLATE_NOOP("Admin", "Your role may not do this."),
    TakeBackFault.UNKNOWN: QT_TRANSLATE_NOOP("Admin", "This import is still under way."),
    TakeBackFault.TAKEN_BACK: QT_TRANSLATE_NOOP("Admin", "This import was taken back before."),
}
CITIES: Final[dict[CityFault, object]] = {
    CityFault.NOT_PERMITTED: QT_TRANSLATE_NOOP("Admin", "Your role may not do this."),
    CityFault.NAME_MISSING: QT_TRANSLATE_NOOP("Admin", "Enter a name."),
    CityFault.NOT_LIMITS: QT_TRANSLATE_NOOP(
        "Admin", "Enter four numbers: west, south, east, north. West is less than east."
    ),
    CityFault.TOO_WIDE: QT_TRANSLATE_NOOP("Admin", "No city is wider than five degrees."),
}


def import_sentence(refused: ImportRefused) -> str:
    """Return why a file was not imported."""
    return (
        say(FILES[refused.fault])
        .replace("{name}", refused.path.name)
        .replace("{detail}", refused.detail)
        .replace("{count}", number(refused.error_count))
    )


def row_lines(errors: Sequence[RowError]) -> Iterator[str]:
    """Yield what is wrong with the first rows, a line for each."""
    for error in errors[:_SHOWN]:
        where = f"{error.line}, {error.column}" if error.column else str(error.line)
        yield (
            say(QT_TRANSLATE_NOOP("Admin", "Line {where}: {what}"))
            .replace("{where}", where)
            .replace("{what}", say(ROWS[error.fault]))
        ) + (f" (\u2068{error.value}\u2069)" if error.value else "")


def take_back_sentence(fault: TakeBackFault) -> str:
    """Return why an import was not taken back."""
    return say(TAKE_BACKS[fault])


def city_sentence(fault: CityFault) -> str:
    """Return why the city was not changed."""
    return say(CITIES[fault])
