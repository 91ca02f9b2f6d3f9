"""The tables of reports that come round: what is wished for, each day's report, its deliveries."""

from typing import Final

# A run and its deliveries are there once. ``content`` is the report while it has not reached all
# it is for, ``looked_ms`` until when runs were planned.
SCHEDULES: Final = """
CREATE TABLE report_schedules (
  tenant_id uuid NOT NULL, city_id uuid NOT NULL REFERENCES cities (id), id uuid NOT NULL,
  wish json NOT NULL, made_ms bigint NOT NULL, looked_ms bigint NOT NULL,
  passed_over integer NOT NULL DEFAULT 0, PRIMARY KEY (city_id, id)
);

CREATE TABLE report_runs (
  tenant_id uuid NOT NULL, city_id uuid NOT NULL, schedule_id uuid NOT NULL, day integer NOT NULL,
  due_ms bigint NOT NULL, state text NOT NULL DEFAULT 'planned', tries integer NOT NULL DEFAULT 0,
  next_ms bigint NOT NULL, fault text NOT NULL DEFAULT '', made_ms bigint,
  file text NOT NULL DEFAULT '', content bytea, PRIMARY KEY (city_id, schedule_id, day),
  FOREIGN KEY (city_id, schedule_id) REFERENCES report_schedules ON DELETE CASCADE
);
CREATE INDEX report_runs_planned ON report_runs (next_ms) WHERE state = 'planned';

CREATE TABLE report_deliveries (
  tenant_id uuid NOT NULL, city_id uuid NOT NULL, schedule_id uuid NOT NULL, day integer NOT NULL,
  way text NOT NULL, target text NOT NULL, state text NOT NULL DEFAULT 'queued',
  tries integer NOT NULL DEFAULT 0, next_ms bigint NOT NULL, fault text NOT NULL DEFAULT '',
  detail text NOT NULL DEFAULT '', done_ms bigint,
  PRIMARY KEY (city_id, schedule_id, day, way, target),
  FOREIGN KEY (city_id, schedule_id, day) REFERENCES report_runs ON DELETE CASCADE
);
CREATE INDEX report_deliveries_queued ON report_deliveries (next_ms) WHERE state = 'queued';
"""
