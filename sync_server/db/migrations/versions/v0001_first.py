"""Schema 1: tenants, people, devices, every record that travels, the ledger and the feed."""

from alembic import op

from sync_server.db.migrations.first_records import RECORDS
from sync_server.db.migrations.first_schedules import SCHEDULES

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

# Times of records are epoch milliseconds, as they travel; what only the server knows of is
# timestamptz. ``city_id`` leads every key of a record, which keeps partitions and shards open.
_PEOPLE = """
CREATE EXTENSION IF NOT EXISTS postgis;

CREATE TABLE server_state (
  one boolean PRIMARY KEY DEFAULT true CHECK (one),
  epoch uuid NOT NULL,
  restored_at jsonb NOT NULL DEFAULT '{}',
  kept_up_at timestamptz,
  backed_up_at timestamptz
);

CREATE TABLE tenants (id uuid PRIMARY KEY, name text NOT NULL UNIQUE);

CREATE TABLE cities (
  tenant_id uuid NOT NULL REFERENCES tenants (id), id uuid PRIMARY KEY,
  version integer NOT NULL DEFAULT 1, code text NOT NULL, name text NOT NULL,
  time_zone text NOT NULL, lon double precision NOT NULL, lat double precision NOT NULL,
  west double precision NOT NULL, south double precision NOT NULL,
  east double precision NOT NULL, north double precision NOT NULL,
  last_desk_code integer NOT NULL DEFAULT 0,
  UNIQUE (tenant_id, code)
);

CREATE TABLE feed_counters (
  city_id uuid PRIMARY KEY REFERENCES cities (id), seq bigint NOT NULL DEFAULT 0,
  head_hash bytea NOT NULL DEFAULT '\\x'
);

CREATE TABLE stations (
  tenant_id uuid NOT NULL, city_id uuid NOT NULL REFERENCES cities (id), id uuid NOT NULL UNIQUE,
  version integer NOT NULL DEFAULT 1, name text NOT NULL, lon double precision NOT NULL,
  lat double precision NOT NULL, PRIMARY KEY (city_id, id)
);

CREATE TABLE wards (
  tenant_id uuid NOT NULL, city_id uuid NOT NULL REFERENCES cities (id), id uuid NOT NULL,
  version integer NOT NULL DEFAULT 1, name text NOT NULL, geometry jsonb NOT NULL,
  geom geometry (Geometry, 4326) GENERATED ALWAYS AS (ST_GeomFromGeoJSON(geometry)) STORED,
  PRIMARY KEY (city_id, id)
);
CREATE INDEX wards_geom ON wards USING gist (geom);

CREATE TABLE violation_types (
  tenant_id uuid NOT NULL, city_id uuid NOT NULL REFERENCES cities (id), id uuid NOT NULL,
  version integer NOT NULL DEFAULT 1, code text NOT NULL, name text NOT NULL,
  PRIMARY KEY (city_id, id), UNIQUE (city_id, code)
);

CREATE TABLE users (
  tenant_id uuid NOT NULL REFERENCES tenants (id), city_id uuid NOT NULL,
  station_id uuid NOT NULL, id uuid NOT NULL UNIQUE, version integer NOT NULL DEFAULT 1,
  login text NOT NULL, password_hash text NOT NULL DEFAULT '', name text NOT NULL,
  initials text NOT NULL, rank text NOT NULL, role text NOT NULL, removed_ms bigint,
  PRIMARY KEY (city_id, id), FOREIGN KEY (city_id, station_id) REFERENCES stations (city_id, id)
);
CREATE UNIQUE INDEX users_login ON users (tenant_id, lower(login));

-- Keyed hashes of logins, also of those that nobody has, and of where they were tried.
CREATE TABLE sign_in_tries (
  login bytea NOT NULL, place bytea NOT NULL, tries integer NOT NULL, locked_until timestamptz,
  last_at timestamptz NOT NULL DEFAULT now(), PRIMARY KEY (login, place)
);
ALTER TABLE sign_in_tries ENABLE ROW LEVEL SECURITY;

-- ``read`` is how far each city's feed was handed to the desk, noted now and then: for operators.
CREATE TABLE devices (
  tenant_id uuid NOT NULL REFERENCES tenants (id), id uuid PRIMARY KEY, name text NOT NULL,
  desk_code text NOT NULL, public_key bytea NOT NULL, home_city_id uuid NOT NULL,
  home_station_id uuid NOT NULL, scope_id uuid NOT NULL, city_ids uuid[] NOT NULL,
  station_ids uuid[] NOT NULL DEFAULT '{}', window_days integer NOT NULL DEFAULT 90,
  turn text NOT NULL, last_turn text NOT NULL DEFAULT '', last_body bytea NOT NULL DEFAULT '',
  enrolled_at timestamptz NOT NULL DEFAULT now(), seen_at timestamptz, revoked_at timestamptz,
  program text NOT NULL DEFAULT '', read jsonb NOT NULL DEFAULT '{}',
  former_ids uuid[] NOT NULL DEFAULT '{}', UNIQUE (home_city_id, desk_code)
);

CREATE TABLE device_users (
  device_id uuid NOT NULL REFERENCES devices (id), user_id uuid NOT NULL REFERENCES users (id),
  first_at timestamptz NOT NULL DEFAULT now(), PRIMARY KEY (device_id, user_id)
);

-- Request bundles that were taken in; the newest one's content stays until it is answered anew.
CREATE TABLE bundles (
  tenant_id uuid NOT NULL, device_id uuid NOT NULL REFERENCES devices (id),
  number bigint NOT NULL, bundle_id uuid NOT NULL, content bytea NOT NULL,
  begun_at timestamptz NOT NULL DEFAULT now(), done_at timestamptz,
  PRIMARY KEY (device_id, number)
);

CREATE TABLE enrol_tokens (
  token_hash bytea PRIMARY KEY, tenant_id uuid NOT NULL, city_id uuid NOT NULL,
  station_id uuid NOT NULL, station_ids uuid[] NOT NULL DEFAULT '{}',
  window_days integer NOT NULL DEFAULT 90, expires_at timestamptz NOT NULL,
  used_at timestamptz, device_id uuid
);

CREATE TABLE sessions (
  id uuid PRIMARY KEY, tenant_id uuid NOT NULL, user_id uuid NOT NULL REFERENCES users (id),
  device_id uuid REFERENCES devices (id), started_at timestamptz NOT NULL DEFAULT now(),
  expires_at timestamptz NOT NULL, rotation integer NOT NULL DEFAULT 0,
  rotated_at timestamptz NOT NULL DEFAULT now(), ended_at timestamptz,
  ended_why text NOT NULL DEFAULT ''
);
CREATE INDEX sessions_of_user ON sessions (user_id) WHERE ended_at IS NULL;
CREATE INDEX sessions_of_device ON sessions (device_id) WHERE ended_at IS NULL;
"""

_LEDGER = """
CREATE TABLE operations (
  op_id uuid NOT NULL, tenant_id uuid NOT NULL, city_id uuid, device_id uuid NOT NULL,
  actor_id uuid NOT NULL, digest bytea NOT NULL, result text NOT NULL,
  reason text NOT NULL DEFAULT '', detail text NOT NULL DEFAULT '', entity text NOT NULL,
  entity_id uuid NOT NULL, version integer NOT NULL DEFAULT 0, seq bigint NOT NULL DEFAULT 0,
  conflict_id uuid, content json NOT NULL, received_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX operations_by_id ON operations (op_id);
CREATE UNIQUE INDEX operations_once ON operations (op_id) WHERE result <> 'rejected';
CREATE INDEX operations_of_device ON operations (device_id, received_at);

CREATE TABLE events (
  city_id uuid NOT NULL, seq bigint NOT NULL, tenant_id uuid NOT NULL, id uuid NOT NULL,
  action_id uuid NOT NULL, entity text NOT NULL, entity_id uuid NOT NULL,
  version integer NOT NULL, action text NOT NULL, changes json NOT NULL,
  note text NOT NULL DEFAULT '', actor_id uuid NOT NULL, device_id uuid NOT NULL,
  at_ms bigint NOT NULL, received_ms bigint NOT NULL, hash bytea NOT NULL,
  PRIMARY KEY (city_id, seq)
);
CREATE INDEX events_of_record ON events (city_id, entity_id, version);
CREATE INDEX events_of_review ON events (city_id, at_ms) WHERE entity = 'report'
  AND action IN ('release', 'lease_ended', 'undo_release', 'reopen', 'undo_reopen',
  'second_approve', 'second_reject', 'second_duplicate', 'undo_second_approve',
  'undo_second_reject', 'undo_second_duplicate');

CREATE TABLE audit_heads (
  chain uuid PRIMARY KEY, seq bigint NOT NULL DEFAULT 0, hash bytea NOT NULL DEFAULT ''
);

CREATE TABLE audit (
  chain uuid NOT NULL, seq bigint NOT NULL, at_ms bigint NOT NULL, actor_id uuid, device_id uuid,
  action text NOT NULL, subject text NOT NULL DEFAULT '', detail jsonb NOT NULL DEFAULT '{}',
  request_id text NOT NULL DEFAULT '', hash bytea NOT NULL, PRIMARY KEY (chain, seq)
);

-- Who listens must not hear what was committed after their access had changed.
CREATE FUNCTION tell_access() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN PERFORM pg_notify('access', NEW.id::text); RETURN NULL; END $$;
CREATE TRIGGER sessions_tell AFTER UPDATE OF ended_at ON sessions FOR EACH ROW
  WHEN (OLD.ended_at IS DISTINCT FROM NEW.ended_at) EXECUTE FUNCTION tell_access();
CREATE TRIGGER devices_tell AFTER UPDATE OF revoked_at, scope_id ON devices FOR EACH ROW
  WHEN ((OLD.revoked_at, OLD.scope_id) IS DISTINCT FROM (NEW.revoked_at, NEW.scope_id))
  EXECUTE FUNCTION tell_access();
CREATE TRIGGER users_tell AFTER UPDATE OF role, removed_ms ON users FOR EACH ROW
  WHEN ((OLD.role, OLD.removed_ms) IS DISTINCT FROM (NEW.role, NEW.removed_ms))
  EXECUTE FUNCTION tell_access();

CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME; END $$;
CREATE TRIGGER events_keep BEFORE UPDATE OR DELETE ON events
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER operations_keep BEFORE UPDATE OR DELETE ON operations
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER audit_keep BEFORE UPDATE OR DELETE ON audit
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
"""

# Subqueries, so that a statement reads each setting once and not for every row it looks at.
_TENANT = "(SELECT NULLIF(current_setting('app.tenant', true), '')::uuid)"
_CITIES = "ANY ((SELECT NULLIF(current_setting('app.cities', true), '')::uuid[])::uuid[])"
_OF_BOTH = f"tenant_id = {_TENANT} AND city_id = {_CITIES}"
_OF_TENANT = f"tenant_id = {_TENANT}"
# What a row must be to be seen or written. Tables that are not here are for nobody behind walls.
WALLS = {
    **dict.fromkeys(
        (
            "stations",
            "wards",
            "violation_types",
            "users",
            "citizens",
            "geofences",
            "reports",
            "citations",
            "units",
            "incidents",
            "assignments",
            "unit_positions",
            "unit_tracks",
            "incident_numbers",
            "incident_verifications",
            "conflicts",
            "media",
            "events",
            "report_schedules",
            "report_runs",
            "report_deliveries",
        ),
        _OF_BOTH,
    ),
    **dict.fromkeys(("devices", "bundles", "operations", "sessions", "enrol_tokens"), _OF_TENANT),
    "cities": f"tenant_id = {_TENANT} AND id = {_CITIES}",
    "feed_counters": f"city_id = {_CITIES}",
    "device_users": "EXISTS (SELECT FROM devices WHERE id = device_id)",
    "tenants": f"id = {_TENANT}",
    "audit": f"chain = {_TENANT}",
    "audit_heads": f"chain = {_TENANT}",
}
# What may be done through the walls, where it is not everything.
_ALLOWED = {
    "tenants": "SELECT",
    "cities": "SELECT",
    "stations": "SELECT",
    "users": "INSERT, UPDATE",  # and all columns but the password's hash, below
    "devices": "SELECT, UPDATE (turn, last_turn, last_body, seen_at, revoked_at, program, "
    "scope_id, city_ids, station_ids, window_days, home_station_id)",
    "device_users": "SELECT",
    "enrol_tokens": "INSERT",
    "sessions": "SELECT, UPDATE (ended_at, ended_why)",
    "feed_counters": "SELECT, UPDATE",
    "operations": "SELECT, INSERT",
    "events": "SELECT, INSERT",
    "audit": "SELECT, INSERT",
    "audit_heads": "SELECT, INSERT, UPDATE",
}
# Roles belong to the whole cluster: another database's migration may make it at this moment.
_ROLE = """
DO $$ BEGIN
  CREATE ROLE trafficdesk_app NOLOGIN NOSUPERUSER NOBYPASSRLS;
EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;
END $$;
GRANT trafficdesk_app TO CURRENT_USER;
GRANT SELECT ON server_state TO trafficdesk_app;
"""
_READ_USERS = """
DO $$ BEGIN EXECUTE (
  SELECT format('GRANT SELECT (%s) ON users TO trafficdesk_app',
    string_agg(quote_ident(column_name), ', '))
  FROM information_schema.columns WHERE table_schema = current_schema
    AND table_name = 'users' AND column_name <> 'password_hash'
); END $$
"""


def upgrade() -> None:
    """Make schema 1 in an empty database, with a wall around every tenant and city.

    A transaction sets ``app.tenant`` and ``app.cities``; without them no row is seen. The server
    works as a role that owns nothing, for owners walk through such walls.
    """
    for script in (_PEOPLE, RECORDS, SCHEDULES, _LEDGER, _ROLE):
        op.execute(script)
    op.execute("INSERT INTO server_state (epoch) VALUES (gen_random_uuid())")
    for table, wall in WALLS.items():
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"CREATE POLICY wall ON {table} USING ({wall})")
        allowed = _ALLOWED.get(table, "SELECT, INSERT, UPDATE, DELETE")
        op.execute(f"GRANT {allowed} ON {table} TO trafficdesk_app")
    op.execute(_READ_USERS)


def downgrade() -> None:
    """There is no way back from the first schema but an empty database."""
    raise RuntimeError("The first schema goes only with its database.")
