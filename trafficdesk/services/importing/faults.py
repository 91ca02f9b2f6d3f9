"""What can be wrong with a file, its mapping or one of its rows: stable codes and data."""

from collections import Counter
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path


class ImportFault(StrEnum):
    """Why nothing was imported. The values are stable codes."""

    NOT_PERMITTED = "import.not_permitted"
    FILE_MISSING = "import.file_missing"
    FILE_UNREADABLE = "import.file_unreadable"  # detail: the system's reason
    FILE_EMPTY = "import.file_empty"
    FILE_TOO_LARGE = "import.file_too_large"  # detail: how many megabytes are read
    LINE_TOO_LONG = "import.line_too_long"  # detail: its number
    FILE_CHANGED = "import.file_changed"  # while it was read
    NOT_TEXT = "import.not_text"  # detail: the encodings that were tried
    NOT_CSV = "import.not_csv"
    NOT_GEOJSON = "import.not_geojson"
    OTHER_CRS = "import.other_crs"  # detail: the one that it names
    COLUMNS_MISSING = "import.columns_missing"  # detail: those, then those that are there
    COLUMNS_TWICE = "import.columns_twice"
    MAPPING_MISSING = "import.mapping_missing"
    MAPPING_WRONG = "import.mapping_wrong"  # detail: where and what
    ROWS_WRONG = "import.rows_wrong"  # the row errors say which
    ALREADY_IMPORTED = "import.already_imported"  # detail: when
    CANCELLED = "import.cancelled"


class RowFault(StrEnum):
    """Why one row cannot be taken. The values are stable codes."""

    UNREADABLE = "row.unreadable"
    CELLS = "row.cells"  # more or fewer cells than the header has
    PLACE_MISSING = "place.missing"
    PLACE_UNREADABLE = "place.unreadable"
    PLACE_OUT_OF_RANGE = "place.out_of_range"
    PLACE_SWAPPED = "place.swapped"
    TIME_MISSING = "time.missing"
    TIME_UNREADABLE = "time.unreadable"
    TIME_IN_FUTURE = "time.in_future"
    TIME_TOO_EARLY = "time.too_early"
    NUMBER_UNREADABLE = "number.unreadable"
    VALUE_UNKNOWN = "value.unknown"
    VALUE_MISSING = "value.missing"
    NOT_A_POLYGON = "geometry.not_a_polygon"


class RowWarning(StrEnum):
    """What is odd about a row that is taken all the same."""

    OUTSIDE_BOUNDS = "place.outside_bounds"
    TEXT_CLEANED = "text.cleaned"  # control characters or direction marks were taken out


@dataclass(frozen=True, slots=True)
class RowError:
    """One row that cannot be taken: its line (or feature) number, the column and what it held."""

    line: int
    fault: RowFault
    column: str = ""
    value: str = ""


@dataclass(frozen=True, slots=True)
class ImportRefused:
    """Nothing was imported; ``errors`` are the first of ``error_count`` rows that are wrong."""

    fault: ImportFault
    path: Path
    detail: str = ""
    errors: tuple[RowError, ...] = ()
    error_count: int = 0


class RefusedError(Exception):
    """Carries a refusal up to the function that returns it, past a transaction's rollback."""

    def __init__(self, refused: ImportRefused) -> None:
        super().__init__(refused.fault)
        self.refused = refused


def refuse(fault: ImportFault, path: Path, detail: str = "") -> RefusedError:
    """Return what is to be raised when nothing can be imported."""
    return RefusedError(ImportRefused(fault, path, detail))


@dataclass(slots=True)
class Findings:
    """What was found while reading rows: the first ``keep`` errors, and counts of everything."""

    keep: int = 50
    rows: int = 0
    error_count: int = 0
    errors: list[RowError] = field(default_factory=list)
    warnings: Counter[RowWarning] = field(default_factory=Counter)

    def add(self, error: RowError) -> None:
        """Count an error and keep it if it is among the first."""
        self.error_count += 1
        if len(self.errors) < self.keep:
            self.errors.append(error)
