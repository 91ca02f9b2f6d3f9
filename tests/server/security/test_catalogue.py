"""The database's own catalogue says that no table lies outside the walls and no role walks through.

A table that somebody adds fails here until it has its wall, or its reason to have none.
"""

from typing import Any

import psycopg
import pytest

from sync_server.db.engine import APP_ROLE, Crossing, Database

# The program's own, with nothing of anybody: the schema's number, and the epoch.
OPEN = {"alembic_version", "server_state"}
# Of a tenant, but of no one city: what a device or its people do may be about several.
# Of nobody yet known: for nobody behind the walls.
CLOSED = {"sign_in_tries"}
OF_A_TENANT = {"devices", "bundles", "operations", "sessions", "enrol_tokens"}
TENANT, CITIES = "current_setting('app.tenant'", "current_setting('app.cities'"

OURS = """
  FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace
  AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = c.oid AND d.deptype = 'e')
  AND c.relkind
"""
TABLES, VIEWS = f"{OURS} IN ('r', 'p')", f"{OURS} IN ('v', 'm', 'f')"


def ask(database: Database, query: str) -> list[dict[str, Any]]:
    with database.crossing(Crossing.OPERATOR) as connection:
        return connection.execute(query.encode()).fetchall()


def test_every_table_has_its_wall(database: Database) -> None:
    tables = ask(
        database,
        "SELECT c.relname AS name, c.relrowsecurity AS walled, ARRAY(SELECT attname::text "
        "FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attnum > 0) AS columns, "
        f"ARRAY(SELECT p::text FROM pg_policies p WHERE p.tablename = c.relname) AS walls {TABLES}",
    )
    assert {table["name"] for table in tables if not table["walled"]} == OPEN
    for table in tables:
        if table["name"] in OPEN | CLOSED:
            assert table["walls"] == []
            continue
        (wall,) = table["walls"]
        assert "PERMISSIVE,{public},ALL" in wall, table["name"]
        if "tenant_id" in table["columns"] or "chain" in table["columns"]:
            assert TENANT in wall, table["name"]
        if "city_id" in table["columns"] and table["name"] not in OF_A_TENANT:
            assert CITIES in wall, table["name"]
        is_of_somebody = TENANT in wall or CITIES in wall or "FROM devices" in wall
        assert is_of_somebody, table["name"]


def test_nothing_leads_around_the_walls(database: Database) -> None:
    """A view, and a function with its owner's rights, would see every row."""
    assert ask(database, f"SELECT c.relname {VIEWS}") == []
    owners = (
        "SELECT p.proname FROM pg_proc p WHERE p.pronamespace = 'public'::regnamespace AND "
        "p.prosecdef AND NOT EXISTS "
        "(SELECT FROM pg_depend d WHERE d.objid = p.oid AND d.deptype = 'e')"
    )
    assert ask(database, owners) == []


def test_the_serving_role_is_nobody_and_holds_just_what_it_needs(database: Database) -> None:
    (role,) = ask(
        database,
        "SELECT rolsuper, rolinherit, rolcreaterole, rolcreatedb, rolcanlogin, rolreplication, "
        "rolbypassrls, EXISTS (SELECT FROM pg_auth_members m WHERE m.member = r.oid) AS belongs, "
        "EXISTS (SELECT FROM pg_class WHERE relowner = r.oid) AS owns, "
        "has_schema_privilege(oid, 'public', 'CREATE') AS creates "
        f"FROM pg_roles r WHERE rolname = '{APP_ROLE}'",
    )
    assert [name for name, holds in role.items() if holds] == ["rolinherit"]
    granted = (
        "SELECT c.relname || ' ' || kind AS held FROM unnest(ARRAY['TRUNCATE', 'REFERENCES', "
        f"'TRIGGER']) kind, (SELECT c.oid, c.relname {TABLES}) c "
        f"WHERE has_table_privilege('{APP_ROLE}', c.oid, kind)"
    )
    assert ask(database, granted) == []


@pytest.mark.parametrize(
    "trick",
    [
        "SET LOCAL row_security = off; SELECT * FROM reports",
        "SET LOCAL ROLE trafficdesk",
        "ALTER ROLE trafficdesk_app BYPASSRLS",
        "ALTER TABLE reports OWNER TO trafficdesk_app",
        "DROP POLICY wall ON reports",
        "CREATE TABLE public.mine (id int)",
        "COPY reports TO PROGRAM 'cat'",
        "TRUNCATE reports",
        "SELECT pg_read_file('/etc/passwd')",
    ],
)
def test_the_serving_role_finds_no_way_out(database: Database, trick: str) -> None:
    *before, last = trick.split("; ")
    with database.crossing(Crossing.OPERATOR) as connection:
        for query in (f"SET LOCAL SESSION AUTHORIZATION {APP_ROLE}", *before):
            connection.execute(query.encode())
        with pytest.raises(psycopg.errors.InsufficientPrivilege), connection.transaction():
            connection.execute(last.encode())
