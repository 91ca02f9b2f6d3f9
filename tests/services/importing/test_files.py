"""A file is imported whole, or not at all and with the reason for every row."""

import gzip
import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from trafficdesk.domain.queues import ReportFilter
from trafficdesk.domain.records import Place, Report
from trafficdesk.domain.vocabulary import ReportStatus, Severity, Source, VehicleType
from trafficdesk.services import auditing, undo
from trafficdesk.services.importing.faults import (
    ImportFault,
    ImportRefused,
    RefusedError,
    RowFault,
    RowWarning,
)
from trafficdesk.services.importing.files import (
    Imported,
    Preview,
    Watch,
    import_reports,
    preview,
)
from trafficdesk.services.importing.mapping import Mapping, load_mapping
from trafficdesk.services.importing.wards import import_wards
from trafficdesk.services.session import Session
from trafficdesk.store import history, places, queues, reports, tallies
from trafficdesk.store.queues import PageRequest
from trafficdesk.store.upkeep import check

Table = Callable[..., Path]
GOOD = "2026-03-01T08:30:00,76.9674,11.0183,red,moto,TN 37 BZ 4412,Went through on red"
ROOT = Path(__file__).parent.parent.parent.parent


def _reports(session: Session) -> list[Report]:
    with session.store.reading() as connection:
        rows = queues.find_page(connection, PageRequest(ReportFilter()))
        return [reports.get(connection, row.pk) for row in rows]


def _import(session: Session, path: Path, mapping: Mapping) -> Imported:
    done = import_reports(session, path, mapping)
    assert isinstance(done, Imported), done
    return done


def _refused(session: Session, path: Path, mapping: Mapping) -> ImportRefused:
    before = len(_reports(session))
    done = import_reports(session, path, mapping)
    assert isinstance(done, ImportRefused), done
    assert len(_reports(session)) == before
    return done


def _faults(session: Session, path: Path, mapping: Mapping) -> list[tuple[int, RowFault, str]]:
    done = _refused(session, path, mapping)
    assert done.fault is ImportFault.ROWS_WRONG
    return [(error.line, error.fault, error.column) for error in done.errors]


def test_a_row_becomes_a_pending_report_with_every_field(
    supervisor: Session, mapping: Mapping, table: Table
) -> None:
    assert _import(supervisor, table(GOOD), mapping).rows == 1
    (report,) = _reports(supervisor)
    assert report.status is ReportStatus.PENDING
    assert report.occurred_at == datetime(2026, 3, 1, 3, 0, tzinfo=UTC)
    assert report.place == Place(76.9674, 11.0183)
    assert report.violations == ("signal_jump",)
    assert report.vehicle_type is VehicleType.TWO_WHEELER
    assert (report.plate, report.source) == ("TN37BZ4412", Source.IMPORT)
    assert report.severity is Severity.MODERATE
    assert report.reference.startswith("CBE-")


def test_every_imported_report_has_its_event_operation_and_counts(
    supervisor: Session, mapping: Mapping, table: Table
) -> None:
    rows = [GOOD.replace("76.9674", f"76.9{i:03d}") for i in range(40)]
    two = GOOD.replace("red", "helmet;red", 1)
    assert _import(supervisor, table(*rows, two), mapping).rows == 41
    found = _reports(supervisor)
    assert {("no_helmet", "signal_jump"), ("signal_jump",)} == {r.violations for r in found}
    assert len({report.reference for report in found}) == 41
    with supervisor.store.reading() as connection:
        assert tallies.count(connection, ReportFilter()) == 41
        assert history.count_waiting(connection) == 41
        for report in found:
            (event,) = history.events_of(connection, report.id)
            assert (event.action, event.revision) == ("import", 1)
    assert all(one.ok for one in check(supervisor.store))
    assert auditing.verify(supervisor).ok
    assert not undo.find_undoable(supervisor)


def test_one_wrong_row_keeps_all_out_and_every_fault_is_named_by_line_and_column(
    supervisor: Session, mapping: Mapping, table: Table
) -> None:
    late = (datetime.now(UTC) + timedelta(days=2)).isoformat()
    path = table(
        GOOD,
        GOOD.replace("76.9674,11.0183", "11.0183,76.9674"),
        GOOD.replace("76.9674", "286.9"),
        GOOD.replace("76.9674", ""),
        GOOD.replace("76.9674", "east"),
        GOOD.replace("76.9674,11.0183", "0,0"),
        GOOD.replace("2026-03-01T08:30:00", late),
        GOOD.replace("2026-03-01T08:30:00", "yesterday"),
        GOOD.replace("2026-03-01T08:30:00", ""),
        GOOD.replace("2026-03-01T08:30:00", "1899-03-01T08:30:00"),
        GOOD.replace("red,moto", "jaywalking,moto"),
        GOOD.replace("red,moto", "red,zeppelin"),
        GOOD + ",one too many",
        GOOD.replace("11.0183", "nan"),
    )
    assert _faults(supervisor, path, mapping) == [
        (3, RowFault.PLACE_SWAPPED, "lon"),
        (4, RowFault.PLACE_OUT_OF_RANGE, "lon"),
        (5, RowFault.PLACE_MISSING, "lon"),
        (6, RowFault.NUMBER_UNREADABLE, "lon"),
        (7, RowFault.PLACE_MISSING, "lon"),
        (8, RowFault.TIME_IN_FUTURE, "time"),
        (9, RowFault.TIME_UNREADABLE, "time"),
        (10, RowFault.TIME_MISSING, "time"),
        (11, RowFault.TIME_TOO_EARLY, "time"),
        (12, RowFault.VALUE_UNKNOWN, "kind"),
        (13, RowFault.VALUE_UNKNOWN, "vehicle"),
        (14, RowFault.CELLS, ""),
        (15, RowFault.NUMBER_UNREADABLE, "lat"),
    ]


def test_of_many_errors_the_first_are_kept_and_all_are_counted(
    supervisor: Session, mapping: Mapping, table: Table
) -> None:
    done = _refused(supervisor, table(*["x,y,z,red,car,,"] * 500), mapping)
    assert (len(done.errors), done.error_count) == (50, 500)


def test_control_characters_and_direction_overrides_are_taken_out_and_counted(
    supervisor: Session, mapping: Mapping, table: Table
) -> None:
    evil = "ok \u202e gnp.exe \x07\x1b[31m மழை \u200f اردو"
    done = _import(supervisor, table(GOOD.replace("Went through on red", evil)), mapping)
    assert done.warnings == {RowWarning.TEXT_CLEANED: 1}
    (report,) = _reports(supervisor)
    assert not {"\u202e", "\x07", "\x1b"} & set(report.description)
    assert "மழை \u200f اردو" in report.description


def test_places_outside_the_city_are_taken_and_counted(
    supervisor: Session, mapping: Mapping, table: Table
) -> None:
    done = _import(supervisor, table(GOOD.replace("76.9674,11.0183", "2.17,41.39")), mapping)
    assert done.warnings == {RowWarning.OUTSIDE_BOUNDS: 1}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
def test_the_encodings_named_are_tried_in_order(
    supervisor: Session, mapping: Mapping, table: Table, encoding: str
) -> None:
    _import(
        supervisor, table(GOOD.replace("Went", "Señor Müller went"), encoding=encoding), mapping
    )
    assert _reports(supervisor)[0].description.startswith("Señor Müller went")


@pytest.mark.parametrize("encoding", ["utf-16", "utf-32"])
def test_an_encoding_that_was_not_named_is_refused_with_those_tried(
    supervisor: Session, mapping: Mapping, table: Table, encoding: str
) -> None:
    done = _refused(supervisor, table(GOOD, encoding=encoding), mapping)
    assert (done.fault, done.detail) == (ImportFault.NOT_TEXT, "utf-8-sig, cp1252")


def test_missing_and_doubled_columns_are_named(
    supervisor: Session, mapping: Mapping, table: Table
) -> None:
    done = _refused(supervisor, table(GOOD, header="when,lon,lat,kind,vehicle,plate,text"), mapping)
    assert done.fault is ImportFault.COLUMNS_MISSING
    assert done.detail.startswith("time | when, lon")
    done = _refused(supervisor, table(GOOD, header="time,lon,lon,kind,vehicle,plate,text"), mapping)
    assert (done.fault, done.detail) == (ImportFault.COLUMNS_TWICE, "lon")


def test_files_that_are_missing_empty_or_only_a_header_are_refused(
    supervisor: Session, mapping: Mapping, table: Table, tmp_path: Path
) -> None:
    assert _refused(supervisor, tmp_path / "no.csv", mapping).fault is ImportFault.FILE_MISSING
    assert _refused(supervisor, table(), mapping).fault is ImportFault.FILE_EMPTY
    (tmp_path / "nothing.csv").write_bytes(b"")
    done = _refused(supervisor, tmp_path / "nothing.csv", mapping)
    assert done.fault is ImportFault.FILE_EMPTY
    (tmp_path / "cut.csv.gz").write_bytes(gzip.compress(b"time,lon\n" * 500)[:30])
    done = _refused(supervisor, tmp_path / "cut.csv.gz", mapping)
    assert done.fault is ImportFault.FILE_UNREADABLE


def test_decimal_commas_semicolons_and_gzip_are_read(
    supervisor: Session, tmp_path: Path, mapping: Mapping
) -> None:
    path = tmp_path / "rows.csv.gz"
    row = "01/03/2026 08:30;76,9674;11,0183;red;car;;Ja, wirklich"
    path.write_bytes(gzip.compress(f"time;lon;lat;kind;vehicle;plate;text\r\n{row}\r\n".encode()))
    rules = tmp_path / "comma.toml"
    written = (tmp_path / "map.toml").read_text()
    rules.write_text('[file]\ndelimiter = ";"\ndecimal = ","\n' + written)
    assert mapping.file.decimal == "."
    _import(supervisor, path, load_mapping(rules))
    (report,) = _reports(supervisor)
    assert report.place == Place(76.9674, 11.0183)
    assert report.description == "Ja, wirklich"


def test_the_same_file_is_not_imported_twice(
    supervisor: Session, mapping: Mapping, table: Table
) -> None:
    _import(supervisor, table(GOOD), mapping)
    done = _refused(supervisor, table(GOOD), mapping)
    assert done.fault is ImportFault.ALREADY_IMPORTED


@pytest.mark.parametrize("asked", [1, 2, 4], ids=["early", "while it is read", "while it comes"])
def test_a_cancel_leaves_no_report_and_the_file_can_be_imported_again(
    supervisor: Session, mapping: Mapping, table: Table, asked: int
) -> None:
    path = table(*[GOOD.replace("76.9674", f"76.9{i:04d}") for i in range(1200)])
    answers = iter([False] * asked)
    watch = Watch(cancelled=lambda: next(answers, True))
    done = import_reports(supervisor, path, mapping, watch)
    assert isinstance(done, ImportRefused)
    assert done.fault is ImportFault.CANCELLED
    assert _reports(supervisor) == []
    assert all(one.ok for one in check(supervisor.store))
    assert _import(supervisor, path, mapping).rows == 1200


def test_until_every_row_was_checked_nothing_of_a_file_stays(
    supervisor: Session, mapping: Mapping, table: Table
) -> None:
    path = table(*[GOOD] * 1200, GOOD.replace("red,moto", "red,zeppelin"))
    assert _refused(supervisor, path, mapping).fault is ImportFault.ROWS_WRONG
    with supervisor.store.reading() as connection:
        assert history.count_waiting(connection) == 0
        for table_name in ("imports", "import_rows", "actions", "reference_counters"):
            rows = connection.exec_driver_sql(f"SELECT count(*) FROM {table_name}").scalar_one()
            assert rows == 0, table_name


def test_an_officer_may_not_import(session: Session, mapping: Mapping, table: Table) -> None:
    assert _refused(session, table(GOOD), mapping).fault is ImportFault.NOT_PERMITTED


def test_a_preview_shows_the_first_reports_and_every_error_and_writes_nothing(
    supervisor: Session, mapping: Mapping, table: Table
) -> None:
    path = table(*[GOOD] * 20, GOOD.replace("red,moto", "red,zeppelin"))
    found = preview(supervisor, path, mapping, limit=3)
    assert isinstance(found, Preview)
    assert (found.rows, found.error_count, len(found.reports)) == (21, 1, 3)
    assert found.errors[0].line == 22
    assert _reports(supervisor) == []


def test_points_of_geojson_are_imported_and_other_things_named(
    supervisor: Session, tmp_path: Path, mapping: Mapping
) -> None:
    rules = tmp_path / "geo.toml"
    rules.write_text('[time]\ncolumn = "when"\n[description]\ncolumn = "note"\n')
    point = {"type": "Point", "coordinates": [76.96, 11.01, 400.0]}
    properties = {"when": "2026-01-05T10:00:00+05:30", "note": None}
    feature = {"type": "Feature", "geometry": point, "properties": properties}
    path = tmp_path / "points.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}))
    assert _import(supervisor, path, load_mapping(rules)).rows == 1
    assert _reports(supervisor)[0].place == Place(76.96, 11.01)
    line = feature | {"geometry": {"type": "LineString", "coordinates": [[1, 2], [3, 4]]}}
    path.write_text(json.dumps({"type": "FeatureCollection", "features": [line, {}, 7]}))
    faults = [fault for _n, fault, _c in _faults(supervisor, path, load_mapping(rules))]
    assert faults == [RowFault.PLACE_UNREADABLE, RowFault.PLACE_MISSING, RowFault.UNREADABLE]
    for text, fault in (
        ("{", ImportFault.NOT_GEOJSON),
        ("[1]", ImportFault.NOT_GEOJSON),
        ("[" * 100_000, ImportFault.NOT_GEOJSON),
        ('{"features": [], "crs": {"name": "EPSG:32643"}}', ImportFault.OTHER_CRS),
    ):
        path.write_text(text)
        assert _refused(supervisor, path, load_mapping(rules)).fault is fault
    assert mapping.kind == "reports"


def test_wards_are_imported_by_name_and_reports_find_theirs(
    supervisor: Session, mapping: Mapping, table: Table, tmp_path: Path
) -> None:
    _import(supervisor, table(GOOD), mapping)
    rules = tmp_path / "wards.toml"
    rules.write_text('kind = "wards"\n[name]\ntemplate = "Ward {No}"\n')
    ring = [[76.9, 10.9], [77.0, 10.9], [77.0, 11.1], [76.9, 11.1], [76.9, 10.9]]
    square = {"type": "Polygon", "coordinates": [ring]}
    feature = {"type": "Feature", "geometry": square, "properties": {"No": 12}}
    path = tmp_path / "wards.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}))
    for _again in range(2):
        assert isinstance(import_wards(supervisor, path, load_mapping(rules)), Imported)
    with supervisor.store.reading() as connection:
        (ward,) = places.find_wards(connection)
    assert ward.name == "Ward 12"
    assert _reports(supervisor)[0].ward_id == ward.id
    broken = feature | {"geometry": {"type": "Point", "coordinates": [1, 2]}}
    path.write_text(json.dumps({"type": "FeatureCollection", "features": [feature, broken]}))
    done = import_wards(supervisor, path, load_mapping(rules))
    assert isinstance(done, ImportRefused)
    assert [error.fault for error in done.errors] == [RowFault.NOT_A_POLYGON]


@pytest.mark.parametrize(
    "text",
    [
        "not toml [",
        "[time]\nformats = ['iso']",
        "[place]\nlon = 'x'\n[time]\ncolumn = 't'",
        "[time]\ncolumn = 't'\nzone = 'Mars/Olympus'",
        "[time]\ncolumn = 't'\n[severity]\notherwise = 'awful'",
        "[time]\ncolumn = 't'\n[vehicle_type]\nvalue = 'zeppelin'",
        "[time]\ncolumn = 't'\n[file]\nencodings = ['klingon']",
        "[time]\ncolumn = 't'\n[file]\ndelimiter = '::'",
        "[time]\ncolumn = 't'\nunknown = 1",
        "kind = 'wards'",
    ],
)
def test_a_mapping_that_cannot_be_followed_says_where(tmp_path: Path, text: str) -> None:
    path = tmp_path / "map.toml"
    path.write_text(text)
    with pytest.raises(RefusedError) as told:
        load_mapping(path)
    assert told.value.refused.fault is ImportFault.MAPPING_WRONG
    assert told.value.refused.detail


@pytest.mark.parametrize("path", sorted((ROOT / "resources" / "mappings").glob("*.toml")), ids=str)
def test_every_shipped_mapping_can_be_followed(path: Path) -> None:
    assert load_mapping(path).title
