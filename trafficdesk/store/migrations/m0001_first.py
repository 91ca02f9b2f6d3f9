"""Schema 1: every record the desk needs, with its spatial, text and counting indexes."""

from sqlalchemy import Connection

_TABLES = """
CREATE TABLE facts (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;

CREATE TABLE cities (
  id BLOB PRIMARY KEY, code TEXT NOT NULL UNIQUE, name TEXT NOT NULL, time_zone TEXT NOT NULL,
  lon REAL NOT NULL, lat REAL NOT NULL,
  west REAL NOT NULL, south REAL NOT NULL, east REAL NOT NULL, north REAL NOT NULL
) WITHOUT ROWID;

CREATE TABLE stations (
  id BLOB PRIMARY KEY, city_id BLOB NOT NULL REFERENCES cities (id), name TEXT NOT NULL,
  lon REAL NOT NULL, lat REAL NOT NULL
) WITHOUT ROWID;

CREATE TABLE wards (
  pk INTEGER PRIMARY KEY, id BLOB NOT NULL UNIQUE, city_id BLOB NOT NULL REFERENCES cities (id),
  name TEXT NOT NULL
);

CREATE TABLE officers (
  id BLOB PRIMARY KEY, name TEXT NOT NULL, initials TEXT NOT NULL, rank TEXT NOT NULL,
  role TEXT NOT NULL, station_id BLOB NOT NULL REFERENCES stations (id), removed_ms INTEGER
) WITHOUT ROWID;

CREATE TABLE citizens (
  id BLOB PRIMARY KEY, pseudonym TEXT NOT NULL, sealed_identity BLOB NOT NULL,
  decided INTEGER NOT NULL DEFAULT 0, approved INTEGER NOT NULL DEFAULT 0,
  decided_here INTEGER NOT NULL DEFAULT 0, approved_here INTEGER NOT NULL DEFAULT 0
) WITHOUT ROWID;

CREATE TABLE violation_types (code TEXT PRIMARY KEY, name TEXT NOT NULL) WITHOUT ROWID;

CREATE TABLE reports (
  pk INTEGER PRIMARY KEY,
  id BLOB NOT NULL UNIQUE,
  version INTEGER NOT NULL DEFAULT 0,
  revision INTEGER NOT NULL DEFAULT 1,
  reference TEXT NOT NULL,
  status TEXT NOT NULL,
  severity INTEGER NOT NULL,
  violation TEXT NOT NULL,
  more_violations INTEGER NOT NULL DEFAULT 0,
  lon REAL NOT NULL,
  lat REAL NOT NULL,
  accuracy_m REAL,
  address TEXT NOT NULL DEFAULT '',
  area TEXT NOT NULL DEFAULT '',
  ward_id BLOB,
  city_id BLOB NOT NULL REFERENCES cities (id),
  station_id BLOB NOT NULL REFERENCES stations (id),
  occurred_ms INTEGER NOT NULL,
  reported_ms INTEGER NOT NULL,
  plate TEXT NOT NULL DEFAULT '',
  vehicle_type TEXT NOT NULL DEFAULT 'unknown',
  vehicle_text TEXT NOT NULL DEFAULT '',
  description TEXT NOT NULL DEFAULT '',
  source TEXT NOT NULL,
  reporter_id BLOB,
  reviewer_id BLOB,
  decided_ms INTEGER,
  decision_note TEXT NOT NULL DEFAULT '',
  rejection_reason TEXT,
  duplicate_of BLOB,
  score INTEGER NOT NULL DEFAULT 0,
  escalated INTEGER NOT NULL DEFAULT 0,
  second_look INTEGER NOT NULL DEFAULT 0,
  assignee_id BLOB,
  lease_until_ms INTEGER,
  sync_state INTEGER NOT NULL DEFAULT 1,
  created_ms INTEGER NOT NULL,
  updated_ms INTEGER NOT NULL,
  deleted_ms INTEGER
);

CREATE TABLE report_violations (
  report_pk INTEGER NOT NULL REFERENCES reports (pk), position INTEGER NOT NULL,
  code TEXT NOT NULL, PRIMARY KEY (report_pk, position)
) WITHOUT ROWID;

-- A file is a report's or an incident's; an incident's row holds what travels of its files.
CREATE TABLE media (
  id BLOB PRIMARY KEY, report_pk INTEGER REFERENCES reports (pk),
  incident_pk INTEGER REFERENCES incidents (pk),
  position INTEGER NOT NULL, sha256 TEXT NOT NULL, kind TEXT NOT NULL, mime TEXT NOT NULL,
  size_bytes INTEGER NOT NULL, width INTEGER NOT NULL, height INTEGER NOT NULL,
  taken_ms INTEGER, lon REAL, lat REAL, sharpness REAL, brightness REAL, picture_hash TEXT,
  CHECK ((report_pk IS NULL) <> (incident_pk IS NULL))
) WITHOUT ROWID;

CREATE INDEX media_of_incident ON media (incident_pk, position) WHERE incident_pk IS NOT NULL;
CREATE VIEW media_named AS
SELECT m.sha256, m.mime, m.size_bytes, r.city_id, r.version, r.reference
FROM media m JOIN reports r ON r.pk = m.report_pk
UNION ALL SELECT m.sha256, m.mime, m.size_bytes, i.city_id, i.version, i.reference
FROM media m JOIN incidents i ON i.pk = m.incident_pk;

CREATE TABLE citations (
  id BLOB PRIMARY KEY, report_pk INTEGER NOT NULL REFERENCES reports (pk),
  version INTEGER NOT NULL DEFAULT 0, revision INTEGER NOT NULL DEFAULT 1,
  number TEXT NOT NULL, offence TEXT NOT NULL, amount_minor INTEGER NOT NULL,
  currency TEXT NOT NULL, status TEXT NOT NULL, issued_ms INTEGER NOT NULL
) WITHOUT ROWID;

-- Not unique: the server sees to that, and what it sends must always go in.
CREATE INDEX reports_reference ON reports (reference);
CREATE INDEX citations_number ON citations (number);
CREATE INDEX citations_of_report ON citations (report_pk);

-- What names another record of these three names no row: a page may bring either first, and the
-- station may be of a part of the city that is not this desk's.
CREATE TABLE incidents (
  pk INTEGER PRIMARY KEY, id BLOB NOT NULL UNIQUE, version INTEGER NOT NULL DEFAULT 0,
  revision INTEGER NOT NULL DEFAULT 1, city_id BLOB NOT NULL, station_id BLOB NOT NULL,
  reference TEXT NOT NULL, type TEXT NOT NULL, severity INTEGER NOT NULL,
  lon REAL NOT NULL, lat REAL NOT NULL, address TEXT NOT NULL, area TEXT NOT NULL, ward_id BLOB,
  vehicle_count INTEGER NOT NULL, injuries INTEGER NOT NULL, injury_count INTEGER NOT NULL,
  lanes_blocked TEXT NOT NULL, needs TEXT NOT NULL, accounts TEXT NOT NULL,
  verifications INTEGER NOT NULL, description TEXT NOT NULL, weather TEXT NOT NULL,
  traffic_volume TEXT NOT NULL, source TEXT NOT NULL, reporter_id BLOB, unit_id BLOB,
  merged_into BLOB, acknowledged_ms INTEGER, acknowledged_by BLOB, escalated_ms INTEGER,
  media TEXT NOT NULL,
  occurred_ms INTEGER NOT NULL, reported_ms INTEGER NOT NULL, cleared_ms INTEGER,
  created_ms INTEGER NOT NULL, updated_ms INTEGER NOT NULL, deleted_ms INTEGER,
  sync_state INTEGER NOT NULL DEFAULT 1,
  -- Kept by the write: what follows from the above and from the incident's assignments.
  status TEXT NOT NULL DEFAULT 'active', severity_score INTEGER NOT NULL DEFAULT 0,
  report_count INTEGER NOT NULL DEFAULT 1, dispatched_ms INTEGER, arrived_ms INTEGER
);
CREATE INDEX incidents_reference ON incidents (reference);
CREATE INDEX incidents_reported ON incidents (reported_ms);
CREATE INDEX incidents_open ON incidents (severity_score DESC, occurred_ms)
  WHERE status <> 'cleared' AND deleted_ms IS NULL;
CREATE INDEX incidents_cleared ON incidents (cleared_ms) WHERE cleared_ms IS NOT NULL;

CREATE TABLE units (
  id BLOB PRIMARY KEY, version INTEGER NOT NULL DEFAULT 0, revision INTEGER NOT NULL DEFAULT 1,
  city_id BLOB NOT NULL, station_id BLOB NOT NULL, call_sign TEXT NOT NULL, kind TEXT NOT NULL,
  crew TEXT NOT NULL, skills TEXT NOT NULL, duty TEXT NOT NULL, assignment_id BLOB,
  checked_ms INTEGER, created_ms INTEGER NOT NULL, deleted_ms INTEGER,
  sync_state INTEGER NOT NULL DEFAULT 1
) WITHOUT ROWID;

CREATE TABLE assignments (
  id BLOB PRIMARY KEY, version INTEGER NOT NULL DEFAULT 0, revision INTEGER NOT NULL DEFAULT 1,
  city_id BLOB NOT NULL, station_id BLOB NOT NULL, incident_id BLOB NOT NULL,
  unit_id BLOB NOT NULL, role TEXT NOT NULL, assigned_ms INTEGER NOT NULL,
  acknowledged_ms INTEGER, en_route_ms INTEGER, arrived_ms INTEGER, cleared_ms INTEGER,
  withdrawn_ms INTEGER, sync_state INTEGER NOT NULL DEFAULT 1
) WITHOUT ROWID;
CREATE INDEX assignments_of_incident ON assignments (incident_id);
CREATE INDEX assignments_of_unit ON assignments (unit_id);
CREATE INDEX assignments_open ON assignments (unit_id)
  WHERE cleared_ms IS NULL AND withdrawn_ms IS NULL;
CREATE INDEX assignments_by_time ON assignments (assigned_ms);

-- Where each unit was last heard of; it is no record and is never sent as an operation.
CREATE TABLE unit_positions (
  unit_id BLOB PRIMARY KEY, lon REAL NOT NULL, lat REAL NOT NULL, at_ms INTEGER NOT NULL,
  accuracy_m REAL, speed_mps REAL, heading REAL
) WITHOUT ROWID;

-- Where this laptop was over the last days, if it rides in a car; it never leaves this store.
CREATE TABLE own_track (
  at_ms INTEGER PRIMARY KEY, unit_id BLOB NOT NULL, lon REAL NOT NULL, lat REAL NOT NULL,
  accuracy_m REAL, speed_mps REAL, heading REAL
);

CREATE TABLE geofences (
  pk INTEGER PRIMARY KEY, id BLOB NOT NULL UNIQUE, version INTEGER NOT NULL DEFAULT 0,
  revision INTEGER NOT NULL DEFAULT 1, name TEXT NOT NULL, kind TEXT NOT NULL,
  sync_state INTEGER NOT NULL DEFAULT 1, deleted_ms INTEGER
);

CREATE TABLE saved_searches (
  id BLOB PRIMARY KEY, officer_id BLOB NOT NULL REFERENCES officers (id), name TEXT NOT NULL,
  filter TEXT NOT NULL, position INTEGER NOT NULL, UNIQUE (officer_id, name)
) WITHOUT ROWID;

CREATE TABLE seen_reports (
  officer_id BLOB NOT NULL, report_pk INTEGER NOT NULL, revision INTEGER NOT NULL,
  PRIMARY KEY (officer_id, report_pk)
) WITHOUT ROWID;

CREATE TABLE reference_counters (
  series TEXT PRIMARY KEY, last INTEGER NOT NULL
) WITHOUT ROWID;
"""

_HISTORY = """
CREATE TABLE actions (
  seq INTEGER PRIMARY KEY, id BLOB NOT NULL UNIQUE, actor_id BLOB NOT NULL, kind TEXT NOT NULL,
  at_ms INTEGER NOT NULL, undoes BLOB, undone_by BLOB
);
CREATE INDEX actions_of_actor ON actions (actor_id, seq);

CREATE TABLE events (
  seq INTEGER PRIMARY KEY, id BLOB NOT NULL UNIQUE, entity TEXT NOT NULL, entity_id BLOB NOT NULL,
  base_version INTEGER NOT NULL, revision INTEGER NOT NULL, action TEXT NOT NULL,
  changes TEXT NOT NULL, note TEXT NOT NULL, actor_id BLOB NOT NULL, device_id BLOB NOT NULL,
  at_ms INTEGER NOT NULL, action_id BLOB NOT NULL, sync_state INTEGER NOT NULL
);
CREATE INDEX events_of_entity ON events (entity_id, seq);
CREATE INDEX events_of_action ON events (action_id, seq);
CREATE INDEX events_calls ON events (seq) WHERE action = 'call_for_help';
CREATE INDEX events_of_review ON events (at_ms)
  WHERE entity = 'report'
  AND action IN ('release', 'lease_ended', 'undo_release', 'reopen', 'undo_reopen',
  'second_approve', 'second_reject', 'second_duplicate', 'undo_second_approve',
  'undo_second_reject', 'undo_second_duplicate');
CREATE INDEX events_of_dispatch ON events (at_ms)
  WHERE entity IN ('incident', 'unit', 'assignment');

CREATE TABLE outbox (
  seq INTEGER PRIMARY KEY REFERENCES events (seq),
  state TEXT NOT NULL DEFAULT 'queued', reason TEXT NOT NULL DEFAULT ''
);
CREATE INDEX outbox_waiting ON outbox (state, seq) WHERE state <> 'settled';

CREATE TABLE audit (
  seq INTEGER PRIMARY KEY, at_ms INTEGER NOT NULL, actor_id BLOB NOT NULL,
  device_id BLOB NOT NULL, action TEXT NOT NULL, entity TEXT NOT NULL, entity_id TEXT NOT NULL,
  detail TEXT NOT NULL, prev_hash BLOB NOT NULL, hash BLOB NOT NULL, signature BLOB NOT NULL
);
"""

# A file's rows lie in import_rows, seen by nobody, until all are checked; then they move over.
_IMPORTS = """
CREATE TABLE imports (
  pk INTEGER PRIMARY KEY, id BLOB NOT NULL UNIQUE, file TEXT NOT NULL, sha256 TEXT NOT NULL,
  officer_id BLOB NOT NULL, at_ms INTEGER NOT NULL, state TEXT NOT NULL,
  series TEXT NOT NULL DEFAULT '', first_number INTEGER NOT NULL DEFAULT 0,
  row_count INTEGER NOT NULL DEFAULT 0, done_count INTEGER NOT NULL DEFAULT 0,
  kept_count INTEGER NOT NULL DEFAULT 0, undo_id BLOB
);
CREATE TABLE import_rows (
  import_pk INTEGER NOT NULL REFERENCES imports (pk), position INTEGER NOT NULL,
  content BLOB NOT NULL, PRIMARY KEY (import_pk, position)
) WITHOUT ROWID;
"""

# The history is append-only even for a bug in this program.
_GUARDS = """
CREATE TRIGGER events_keep BEFORE DELETE ON events BEGIN
  SELECT RAISE(ABORT, 'events are append-only'); END;
CREATE TRIGGER audit_keep BEFORE DELETE ON audit BEGIN
  SELECT RAISE(ABORT, 'the audit chain is append-only'); END;
CREATE TRIGGER audit_same BEFORE UPDATE ON audit BEGIN
  SELECT RAISE(ABORT, 'the audit chain is append-only'); END;
"""

# Every list order ends in pk, so that keyset pages are total and stable. A decision leaves its
# place in each index that has the status and takes another: what is newest of a status is therefore
# merged from the four severities, each in that order already, and needs no index of its own.
# What three of them have behind that is what trends ask of a station, a ward and an officer; their
# last column is always NULL, and without it SQLite would look into every report for that.
REPORT_INDEXES = """
CREATE INDEX reports_newest
  ON reports (reported_ms, pk, station_id, severity, violation, ward_id, deleted_ms)
  WHERE deleted_ms IS NULL;
CREATE INDEX reports_violation ON reports (violation, reported_ms, pk) WHERE deleted_ms IS NULL;
CREATE INDEX reports_status_severity
  ON reports (status, severity, reported_ms, pk) WHERE deleted_ms IS NULL;
CREATE INDEX reports_status_score ON reports (status, score, pk) WHERE deleted_ms IS NULL;
CREATE INDEX reports_status_violation_severity
  ON reports (status, violation, severity, reported_ms, pk) WHERE deleted_ms IS NULL;
CREATE INDEX reports_status_violation_score
  ON reports (status, violation, score, pk) WHERE deleted_ms IS NULL;
CREATE INDEX reports_ward
  ON reports (ward_id, status, reported_ms, pk, severity, violation, occurred_ms, deleted_ms)
  WHERE deleted_ms IS NULL;
CREATE INDEX reports_reviewer
  ON reports (
    reviewer_id, decided_ms, status, severity, violation, ward_id, occurred_ms, deleted_ms)
  WHERE reviewer_id IS NOT NULL AND deleted_ms IS NULL;
CREATE INDEX reports_plate ON reports (plate, occurred_ms, pk) WHERE plate <> '';
CREATE INDEX reports_assignee_severity ON reports (assignee_id, status, severity, reported_ms, pk)
  WHERE assignee_id IS NOT NULL;
CREATE INDEX reports_assignee_score ON reports (assignee_id, status, score, pk)
  WHERE assignee_id IS NOT NULL;
CREATE INDEX reports_escalated_severity ON reports (status, severity, reported_ms, pk)
  WHERE escalated = 1;
CREATE INDEX reports_escalated_score ON reports (status, score, pk) WHERE escalated = 1;
CREATE INDEX reports_second_look_severity ON reports (status, severity, reported_ms, pk)
  WHERE second_look = 1;
CREATE INDEX reports_second_look_score ON reports (status, score, pk) WHERE second_look = 1;
CREATE INDEX media_of_report ON media (report_pk, position);
CREATE INDEX media_by_content ON media (sha256);
"""

# One row per cell with a column per status and severity: a view reads a twentieth of the rows
# that one row for each of them would be, and a decision changes one row where it would change two.
_CELL_COUNTS = ",\n".join(
    f"  {status}_{severity} INTEGER NOT NULL DEFAULT 0"
    for status in (
        "pending",
        "under_review",
        "needs_info",
        "approved",
        "rejected",
        "duplicate",
        "cited",
        "closed",
    )
    for severity in (1, 2, 3, 4)
)
_TYPES = (
    *("speed", "signal_jump", "wrong_side", "no_helmet", "no_seat_belt", "triple_riding"),
    *("mobile_use", "drunk_driving", "illegal_parking", "no_entry", "overloading"),
    *("rash_driving", "defective_plate", "footpath_riding", "other", "own"),
)
_DAY_SUMS = ",\n".join(
    f"  {name} INTEGER NOT NULL DEFAULT 0"
    for name in (
        *("approved", "rejected", "duplicate", "cited", "cited_minor", "score_sum"),
        *(f"received_{severity}" for severity in (1, 2, 3, 4)),
        "happened",
        *(f"type_{code}" for code in _TYPES),
        *(f"hour_{hour}" for hour in range(24)),
        *(f"took_{bucket}" for bucket in range(104)),
    )
)
_SEARCH = f"""
CREATE VIRTUAL TABLE report_text USING fts5(
  description, address, plate, reference,
  content = '', contentless_delete = 1, prefix = '2 3 4',
  tokenize = 'unicode61 remove_diacritics 2'
);
CREATE VIRTUAL TABLE report_view USING rtree(
  pk, west, east, south, north, first_slot, last_slot,
  +lon REAL, +lat REAL, +status TEXT, +severity INTEGER
);
CREATE TABLE report_cells (
  level INTEGER NOT NULL, month INTEGER NOT NULL, x INTEGER NOT NULL, y INTEGER NOT NULL,
  n INTEGER NOT NULL, sum_lon REAL NOT NULL, sum_lat REAL NOT NULL,
{_CELL_COUNTS},
  PRIMARY KEY (level, month, x, y)
) WITHOUT ROWID;
CREATE TABLE report_tally (
  status TEXT NOT NULL, severity INTEGER NOT NULL, violation TEXT NOT NULL,
  escalated INTEGER NOT NULL, second_look INTEGER NOT NULL, assignee_id BLOB NOT NULL,
  n INTEGER NOT NULL,
  PRIMARY KEY (status, severity, violation, escalated, second_look, assignee_id)
) WITHOUT ROWID;
-- Of the city (part 0), a station (1), an officer (3), or a ward's reports of one station (2: the
-- ids of ward and station, one after the other).
CREATE TABLE day_sums (
  part INTEGER NOT NULL, part_id BLOB NOT NULL, day INTEGER NOT NULL,
{_DAY_SUMS},
  PRIMARY KEY (part, part_id, day)
) WITHOUT ROWID;
CREATE TABLE report_days (
  day INTEGER NOT NULL, status TEXT NOT NULL, severity INTEGER NOT NULL, n INTEGER NOT NULL,
  PRIMARY KEY (day, status, severity)
) WITHOUT ROWID;
"""

GEOMETRIES = (
    ("reports", "POINT"),
    ("incidents", "POINT"),
    ("wards", "MULTIPOLYGON"),
    ("geofences", "POLYGON"),
)


def run_script(connection: Connection, script: str) -> None:
    """Run statements one by one inside the present transaction (executescript would commit)."""
    statement = ""
    for line in script.strip().splitlines(keepends=True):
        statement += line
        ends = statement.rstrip().endswith(";")
        inside_trigger = "CREATE TRIGGER" in statement and "END;" not in statement
        if ends and not inside_trigger:
            connection.exec_driver_sql(statement)
            statement = ""


def upgrade(connection: Connection) -> None:
    """Make schema 1 in an empty database."""
    connection.exec_driver_sql("SELECT InitSpatialMetaData(0, 'WGS84')")
    for script in (_TABLES, _HISTORY, _IMPORTS, _GUARDS, REPORT_INDEXES, _SEARCH):
        run_script(connection, script)
    for table, kind in GEOMETRIES:
        connection.exec_driver_sql(
            "SELECT AddGeometryColumn(?, 'geom', 4326, ?, 'XY', 1)", (table, kind)
        )
        connection.exec_driver_sql("SELECT CreateSpatialIndex(?, 'geom')", (table,))
