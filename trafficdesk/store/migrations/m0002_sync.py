"""Schema 2: cursors, conflicts, transfers, what became of operations; reports that come round."""

from sqlalchemy import Connection

from trafficdesk.store.migrations.m0001_first import run_script

_SYNC = """
CREATE TABLE sync_cities (
  city_id BLOB PRIMARY KEY, seq INTEGER NOT NULL,
  snapshot_entity TEXT, snapshot_after BLOB, snapshot_newest_first INTEGER, snapshot_seq INTEGER,
  snapshot_run INTEGER
) WITHOUT ROWID;

CREATE TABLE snapshot_seen (
  run INTEGER NOT NULL, entity TEXT NOT NULL, id BLOB NOT NULL, PRIMARY KEY (run, entity, id)
) WITHOUT ROWID;

CREATE TABLE conflicts (
  id BLOB PRIMARY KEY, version INTEGER NOT NULL DEFAULT 0, revision INTEGER NOT NULL DEFAULT 1,
  city_id BLOB, station_id BLOB, record_entity TEXT NOT NULL, record_id BLOB NOT NULL,
  device_id BLOB NOT NULL, actor_id BLOB NOT NULL, status TEXT NOT NULL, fields TEXT NOT NULL,
  operations TEXT NOT NULL, theirs_version INTEGER NOT NULL, theirs_actor_id BLOB,
  theirs_at_ms INTEGER, opened_ms INTEGER NOT NULL, choices TEXT,
  settle_note TEXT NOT NULL DEFAULT '', settled_by BLOB, settled_ms INTEGER,
  sync_state INTEGER NOT NULL DEFAULT 0
) WITHOUT ROWID;
CREATE INDEX conflicts_open ON conflicts (status, opened_ms);
CREATE INDEX conflicts_of_record ON conflicts (record_id);

CREATE TABLE media_transfers (
  sha256 TEXT NOT NULL, city_id BLOB NOT NULL, direction TEXT NOT NULL, state TEXT NOT NULL,
  size_bytes INTEGER NOT NULL, done_bytes INTEGER NOT NULL DEFAULT 0,
  upload TEXT NOT NULL DEFAULT '', fault TEXT NOT NULL DEFAULT '',
  tries INTEGER NOT NULL DEFAULT 0, asked_ms INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (sha256, city_id)
) WITHOUT ROWID;
CREATE INDEX media_transfers_state ON media_transfers (state, size_bytes);

ALTER TABLE geofences ADD COLUMN city_id BLOB;
UPDATE geofences SET city_id = (
  SELECT unhex(replace(value, '-', '')) FROM facts WHERE name = 'city_id'
);

ALTER TABLE outbox ADD COLUMN detail TEXT NOT NULL DEFAULT '';
ALTER TABLE outbox ADD COLUMN result TEXT NOT NULL DEFAULT '';
ALTER TABLE outbox ADD COLUMN version INTEGER NOT NULL DEFAULT 0;
ALTER TABLE outbox ADD COLUMN feed_seq INTEGER NOT NULL DEFAULT 0;
ALTER TABLE outbox ADD COLUMN conflict_id BLOB;
ALTER TABLE outbox ADD COLUMN settled_ms INTEGER;

ALTER TABLE events ADD COLUMN version INTEGER NOT NULL DEFAULT 0;
ALTER TABLE events ADD COLUMN feed_seq INTEGER NOT NULL DEFAULT 0;
"""

# A run is the report of one day of a schedule; it and its deliveries are there once. ``content`` is
# the report while it has not reached all it is for, ``looked_ms`` until when runs were planned.
_SCHEDULES = """
CREATE TABLE schedules (
  id BLOB PRIMARY KEY, officer_id BLOB NOT NULL REFERENCES officers (id), wish TEXT NOT NULL,
  made_ms INTEGER NOT NULL, looked_ms INTEGER NOT NULL, passed_over INTEGER NOT NULL DEFAULT 0
) WITHOUT ROWID;

CREATE TABLE schedule_runs (
  pk INTEGER PRIMARY KEY, schedule_id BLOB NOT NULL REFERENCES schedules (id), day INTEGER NOT NULL,
  due_ms INTEGER NOT NULL, state TEXT NOT NULL DEFAULT 'planned', tries INTEGER NOT NULL DEFAULT 0,
  next_ms INTEGER NOT NULL, fault TEXT NOT NULL DEFAULT '', made_ms INTEGER,
  file TEXT NOT NULL DEFAULT '', content BLOB, UNIQUE (schedule_id, day)
);
CREATE INDEX schedule_runs_planned ON schedule_runs (next_ms) WHERE state = 'planned';

CREATE TABLE deliveries (
  pk INTEGER PRIMARY KEY, run_pk INTEGER NOT NULL REFERENCES schedule_runs (pk),
  way TEXT NOT NULL, target TEXT NOT NULL, state TEXT NOT NULL DEFAULT 'queued',
  tries INTEGER NOT NULL DEFAULT 0, next_ms INTEGER NOT NULL, fault TEXT NOT NULL DEFAULT '',
  detail TEXT NOT NULL DEFAULT '', done_ms INTEGER, UNIQUE (run_pk, way, target)
);
CREATE INDEX deliveries_queued ON deliveries (next_ms) WHERE state = 'queued';
"""


def upgrade(connection: Connection) -> None:
    """Add to schema 1; whatever waits in the outbox stays as it is."""
    run_script(connection, _SYNC)
    run_script(connection, _SCHEDULES)
