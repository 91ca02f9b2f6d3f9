"""Schema 1: the tables of every kind of record that travels, and what hangs on them."""

RECORDS = """
CREATE TABLE citizens (
  tenant_id uuid NOT NULL, city_id uuid NOT NULL REFERENCES cities (id), id uuid NOT NULL,
  version integer NOT NULL DEFAULT 1, pseudonym text NOT NULL,
  decided integer NOT NULL DEFAULT 0, approved integer NOT NULL DEFAULT 0,
  PRIMARY KEY (city_id, id)
);

CREATE TABLE geofences (
  tenant_id uuid NOT NULL, city_id uuid NOT NULL REFERENCES cities (id), station_id uuid,
  id uuid NOT NULL, version integer NOT NULL, name text NOT NULL, kind text NOT NULL,
  geometry jsonb NOT NULL, deleted_ms bigint,
  geom geometry (Geometry, 4326) GENERATED ALWAYS AS (ST_GeomFromGeoJSON(geometry)) STORED,
  PRIMARY KEY (city_id, id)
);
CREATE INDEX geofences_geom ON geofences USING gist (geom);

-- Half a page stays free: a desk back from days without a line changes all its reports at once, and
-- what finds room beside its former self touches none of the indexes.
CREATE TABLE reports (
  tenant_id uuid NOT NULL, city_id uuid NOT NULL REFERENCES cities (id),
  station_id uuid NOT NULL, id uuid NOT NULL, version integer NOT NULL,
  reference text NOT NULL, status text NOT NULL, severity smallint NOT NULL,
  violations jsonb NOT NULL, media jsonb NOT NULL DEFAULT '[]',
  lon double precision NOT NULL, lat double precision NOT NULL, accuracy_m double precision,
  address text NOT NULL DEFAULT '', area text NOT NULL DEFAULT '', ward_id uuid,
  occurred_ms bigint NOT NULL, reported_ms bigint NOT NULL, plate text NOT NULL DEFAULT '',
  vehicle_type text NOT NULL DEFAULT 'unknown', vehicle_text text NOT NULL DEFAULT '',
  description text NOT NULL DEFAULT '', source text NOT NULL, reporter_id uuid,
  reviewer_id uuid, decided_ms bigint, decision_note text NOT NULL DEFAULT '',
  rejection_reason text,
  duplicate_of uuid, score integer NOT NULL DEFAULT 0, escalated boolean NOT NULL DEFAULT false,
  second_look boolean NOT NULL DEFAULT false, assignee_id uuid, lease_until_ms bigint,
  created_ms bigint NOT NULL, updated_ms bigint NOT NULL, deleted_ms bigint,
  geom geometry (Point, 4326)
    GENERATED ALWAYS AS (ST_SetSRID(ST_MakePoint(lon, lat), 4326)) STORED,
  PRIMARY KEY (city_id, id), UNIQUE (city_id, reference)
) WITH (fillfactor = 50);
CREATE INDEX reports_geom ON reports USING gist (geom);
CREATE INDEX reports_newest ON reports (city_id, reported_ms);

CREATE TABLE citations (
  tenant_id uuid NOT NULL, city_id uuid NOT NULL REFERENCES cities (id),
  station_id uuid NOT NULL, id uuid NOT NULL, version integer NOT NULL,
  report_id uuid NOT NULL, number text NOT NULL, offence text NOT NULL,
  amount_minor bigint NOT NULL, currency text NOT NULL, status text NOT NULL,
  issued_ms bigint NOT NULL, PRIMARY KEY (city_id, id), UNIQUE (city_id, number)
);
CREATE INDEX citations_of_report ON citations (city_id, report_id);

-- Two updates of one statement may swap call signs: they are judged at its end.
CREATE TABLE units (
  tenant_id uuid NOT NULL, city_id uuid NOT NULL REFERENCES cities (id),
  station_id uuid NOT NULL, id uuid NOT NULL, version integer NOT NULL,
  call_sign text NOT NULL, kind text NOT NULL, crew text NOT NULL DEFAULT '',
  skills jsonb NOT NULL DEFAULT '[]', duty text NOT NULL, assignment_id uuid,
  checked_ms bigint, created_ms bigint NOT NULL, deleted_ms bigint, PRIMARY KEY (city_id, id),
  CONSTRAINT units_call_sign EXCLUDE USING btree (city_id WITH =, call_sign WITH =)
    WHERE (deleted_ms IS NULL) DEFERRABLE
) WITH (fillfactor = 85);

CREATE TABLE incidents (
  tenant_id uuid NOT NULL, city_id uuid NOT NULL REFERENCES cities (id),
  station_id uuid NOT NULL, id uuid NOT NULL, version integer NOT NULL,
  reference text NOT NULL, type text NOT NULL, severity smallint NOT NULL,
  lon double precision NOT NULL, lat double precision NOT NULL,
  address text NOT NULL DEFAULT '', area text NOT NULL DEFAULT '', ward_id uuid,
  vehicle_count integer NOT NULL, injuries boolean NOT NULL, injury_count integer NOT NULL,
  lanes_blocked text NOT NULL, needs jsonb NOT NULL DEFAULT '{}',
  accounts jsonb NOT NULL DEFAULT '[]', verifications integer NOT NULL DEFAULT 0,
  description text NOT NULL DEFAULT '', weather text NOT NULL DEFAULT '',
  traffic_volume text NOT NULL DEFAULT '', source text NOT NULL, reporter_id uuid, unit_id uuid,
  merged_into uuid, acknowledged_ms bigint, acknowledged_by uuid, escalated_ms bigint,
  media jsonb NOT NULL DEFAULT '[]', occurred_ms bigint NOT NULL, reported_ms bigint NOT NULL,
  cleared_ms bigint, created_ms bigint NOT NULL, updated_ms bigint NOT NULL, deleted_ms bigint,
  geom geometry (Point, 4326)
    GENERATED ALWAYS AS (ST_SetSRID(ST_MakePoint(lon, lat), 4326)) STORED,
  PRIMARY KEY (city_id, id), UNIQUE (city_id, reference)
) WITH (fillfactor = 85);
CREATE INDEX incidents_geom ON incidents USING gist (geom);
CREATE INDEX incidents_media ON incidents USING gin (media jsonb_path_ops) WHERE media <> '[]';
CREATE INDEX incidents_newest ON incidents (city_id, reported_ms);
CREATE INDEX incidents_open ON incidents (city_id, reported_ms)
  WHERE cleared_ms IS NULL AND deleted_ms IS NULL;
CREATE INDEX incidents_unanswered ON incidents (city_id)
  WHERE acknowledged_ms IS NULL AND escalated_ms IS NULL AND cleared_ms IS NULL
    AND deleted_ms IS NULL;

CREATE TABLE assignments (
  tenant_id uuid NOT NULL, city_id uuid NOT NULL REFERENCES cities (id),
  station_id uuid NOT NULL, id uuid NOT NULL, version integer NOT NULL,
  incident_id uuid NOT NULL, unit_id uuid NOT NULL, role text NOT NULL,
  assigned_ms bigint NOT NULL, acknowledged_ms bigint, en_route_ms bigint, arrived_ms bigint,
  cleared_ms bigint, withdrawn_ms bigint, PRIMARY KEY (city_id, id)
) WITH (fillfactor = 85);
CREATE INDEX assignments_of_incident ON assignments (city_id, incident_id);
CREATE INDEX assignments_open ON assignments (city_id, incident_id)
  WHERE cleared_ms IS NULL AND withdrawn_ms IS NULL;

-- Not what happened but where somebody is: the last known place alone, and for days its way.
-- ``doubted`` is a jump that waits for a second word, ``moved_ms`` the server's time of the last.
CREATE TABLE unit_positions (
  tenant_id uuid NOT NULL, city_id uuid NOT NULL REFERENCES cities (id), unit_id uuid NOT NULL,
  lon double precision NOT NULL, lat double precision NOT NULL, at_ms bigint NOT NULL,
  accuracy_m double precision, speed_mps double precision, heading double precision,
  doubted jsonb, moved_ms bigint NOT NULL, PRIMARY KEY (city_id, unit_id)
) WITH (fillfactor = 50);
CREATE TABLE unit_tracks (
  tenant_id uuid NOT NULL, city_id uuid NOT NULL REFERENCES cities (id), unit_id uuid NOT NULL,
  slot bigint NOT NULL, lon double precision NOT NULL, lat double precision NOT NULL,
  at_ms bigint NOT NULL, PRIMARY KEY (city_id, unit_id, slot)
);
CREATE INDEX unit_tracks_age ON unit_tracks USING brin (at_ms);

CREATE TABLE incident_numbers (
  tenant_id uuid NOT NULL, city_id uuid NOT NULL REFERENCES cities (id), year integer NOT NULL,
  last integer NOT NULL, PRIMARY KEY (city_id, year)
);

-- Who has said of an incident that it is so, once each; ``person`` is a keyed hash, another one
-- for every incident.
CREATE TABLE incident_verifications (
  tenant_id uuid NOT NULL, city_id uuid NOT NULL REFERENCES cities (id),
  incident_id uuid NOT NULL, person bytea NOT NULL, PRIMARY KEY (city_id, incident_id, person)
);

CREATE TABLE conflicts (
  tenant_id uuid NOT NULL, city_id uuid NOT NULL REFERENCES cities (id), station_id uuid,
  id uuid NOT NULL, version integer NOT NULL, record_entity text NOT NULL,
  record_id uuid NOT NULL, device_id uuid NOT NULL, actor_id uuid NOT NULL,
  status text NOT NULL CHECK (status IN ('open', 'settled')), fields jsonb NOT NULL,
  operations jsonb NOT NULL, theirs_version integer NOT NULL, theirs_actor_id uuid,
  theirs_at_ms bigint, opened_ms bigint NOT NULL, choices jsonb,
  settle_note text NOT NULL DEFAULT '', settled_by uuid, settled_ms bigint,
  PRIMARY KEY (city_id, id)
);
CREATE INDEX conflicts_open ON conflicts (city_id, record_id, device_id)
  WHERE status = 'open';

-- Pages look records up one by one. While there are no statistics the planner thinks any index
-- of the city as good as the key of city and id, and would read the city for each; these it takes.
CREATE INDEX citizens_by_id ON citizens (id);
CREATE INDEX geofences_by_id ON geofences (id);
CREATE INDEX reports_by_id ON reports (id);
CREATE INDEX citations_by_id ON citations (id);
CREATE INDEX units_by_id ON units (id);
CREATE INDEX incidents_by_id ON incidents (id);
CREATE INDEX assignments_by_id ON assignments (id);
CREATE INDEX conflicts_by_id ON conflicts (id);

CREATE TABLE media (
  tenant_id uuid NOT NULL, city_id uuid NOT NULL, sha256 text NOT NULL,
  size_bytes bigint NOT NULL, mime text NOT NULL, stored_at timestamptz NOT NULL DEFAULT now(),
  device_id uuid, PRIMARY KEY (city_id, sha256)
);
"""
