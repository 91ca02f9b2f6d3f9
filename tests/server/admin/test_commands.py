"""The commands of ``sync-server``, run as an operator runs them."""

import json
import os
import stat
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest
import requests
from typer.testing import CliRunner, Result

from sync_server.cli.commands import app
from sync_server.keys import make_keys
from sync_server.private_cluster import PrivateCluster

CITY = {
    "tenant": "Tamil Nadu Police",
    "code": "CBE",
    "name": "Coimbatore",
    "time_zone": "Asia/Kolkata",
    "lon": 76.9558,
    "lat": 11.0168,
    "bounds": [76.8, 10.8, 77.2, 11.2],
    "stations": [{"name": "Gandhipuram", "lon": 76.966, "lat": 11.018}],
}
Run = Callable[..., "Ran"]
_SENT_UNIT = """
INSERT INTO incidents (tenant_id, city_id, station_id, id, version, reference, type, severity, lon,
  lat, vehicle_count, injuries, injury_count, lanes_blocked, source, accounts, occurred_ms,
  reported_ms, created_ms, updated_ms)
SELECT tenant_id, city_id, id, id, 1, 'INC-1', 'hazard', 1, 76.97, 11.02, 1, false, 0, 'none',
  'officer', '[{"text": "a bus"}]', 1, 1, 1, 1 FROM stations;
INSERT INTO units (tenant_id, city_id, station_id, id, version, call_sign, kind, duty,
  assignment_id, created_ms)
SELECT tenant_id, city_id, id, id, 1, 'P1', 'tow', 'on', id, 1 FROM stations;
INSERT INTO assignments (tenant_id, city_id, station_id, id, version, incident_id, unit_id, role,
  assigned_ms)
SELECT tenant_id, city_id, id, id, 1, id, id, 'tow', 1 FROM stations;
INSERT INTO unit_positions (tenant_id, city_id, unit_id, lon, lat, at_ms, moved_ms)
SELECT tenant_id, city_id, id, 76.97, 11.02, 1, 1 FROM stations;
INSERT INTO unit_tracks SELECT tenant_id, city_id, id, 1, 76.97, 11.02, 1 FROM stations;
INSERT INTO incident_numbers SELECT tenant_id, city_id, 2026, 7 FROM stations;
INSERT INTO incident_verifications SELECT tenant_id, city_id, id, '\\x01' FROM stations;
"""


@contextmanager
def plain_owner(cluster: PrivateCluster, name: str, *, has_postgis: bool) -> Iterator[str]:
    """Give an empty database whose owner is no superuser, as on a server in earnest."""
    url = cluster.make_database(name)
    owner = f"owner_of_{name}"
    with psycopg.connect(url, autocommit=True) as connection:
        if has_postgis:
            connection.execute("CREATE EXTENSION postgis")
        connection.execute(f"CREATE ROLE {owner} LOGIN CREATEROLE NOSUPERUSER".encode())
        connection.execute(f"GRANT trafficdesk_app TO {owner}".encode())
        connection.execute(f"ALTER DATABASE {name} OWNER TO {owner}".encode())
    try:
        yield url.replace("trafficdesk@", f"{owner}@", 1)
    finally:
        cluster.drop_database(name)
        with psycopg.connect(cluster.url(), autocommit=True) as connection:
            connection.execute(f"DROP ROLE {owner}".encode())


def send_a_unit(url: str) -> None:
    """Write a unit that was sent to an incident, where it is, and which way it came."""
    with psycopg.connect(url) as connection:
        connection.execute(_SENT_UNIT)


class Ran:
    """What a command left."""

    def __init__(self, done: Result) -> None:
        self.code, self.out, self.err = done.exit_code, done.stdout, done.stderr

    @property
    def told(self) -> Mapping[str, object]:
        """The JSON object of a command run with --json."""
        told: Mapping[str, object] = json.loads(self.out)
        return told


def settings_of(url: str, folder: Path, **more: str) -> dict[str, str]:
    """Return the variables of a light server."""
    settings = {
        "DATABASE_URL": url,
        "KEYS_DIR": str(folder / "keys"),
        "MEDIA_DIR": str(folder / "media"),
        "ARGON2_MEMORY_MIB": "19",
        "ARGON2_PASSES": "2",
        **more,
    }
    return {f"TRAFFICDESK_SERVER_{name}": value for name, value in settings.items()}


@pytest.fixture
def run(database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Return a function that runs a command on a migrated database."""
    monkeypatch.chdir(tmp_path)

    def run_it(*words: str, url: str = database_url, **more: str) -> Ran:
        with monkeypatch.context() as patch:
            for name, value in settings_of(url, tmp_path, **more).items():
                patch.setenv(name, value)
            return Ran(CliRunner().invoke(app, words, catch_exceptions=False))

    return run_it


@pytest.fixture
def furnished(run: Run, tmp_path: Path) -> Run:
    """The same, with keys, a city and a station."""
    (tmp_path / "city.json").write_text(json.dumps(CITY), encoding="utf-8")
    assert run("migrate").code == 0
    done = run("add-city", "city.json")
    assert done.code == 0, done.err
    return run


def test_migrate_makes_schema_and_keys_and_a_second_run_changes_nothing(
    run: Run, cluster: PrivateCluster, tmp_path: Path
) -> None:
    url = cluster.make_database("desk_empty")
    try:
        first, second = run("migrate", "--json", url=url), run("migrate", "--json", url=url)
    finally:
        cluster.drop_database("desk_empty")
    assert (first.code, first.told["before"], first.told["after"]) == (0, None, "0002"), first.err
    assert (second.told["before"], second.told["keys_made"]) == ("0002", [])
    for name in ("signing.key", "tokens.key", "media.key"):
        assert stat.S_IMODE((tmp_path / "keys" / name).stat().st_mode) == 0o600


def test_an_administrator_is_added_with_a_password_from_a_file(
    furnished: Run, tmp_path: Path, database_url: str
) -> None:
    (tmp_path / "password").write_text("lamp-river-42\n", encoding="utf-8")
    words = ("create-admin", "boss", "--name", "Poongodi I", "--password-file", "password")
    assert furnished(*words).code == 0
    again = furnished(*words)
    assert (again.code, again.err.strip()) == (1, "This login is taken.")
    with psycopg.connect(database_url) as connection:
        found = connection.execute("SELECT login, role, initials FROM users").fetchall()
    assert found == [("boss", "admin", "PI")]


def test_a_poor_password_is_refused_with_its_reason(furnished: Run, tmp_path: Path) -> None:
    (tmp_path / "password").write_text("short\n", encoding="utf-8")
    done = furnished("create-admin", "boss", "--name", "P I", "--password-file", "password")
    assert (done.code, done.err.strip()) == (1, "A password has 10 to 1024 characters.")


def test_without_a_city_the_operator_is_told_to_add_one(run: Run) -> None:
    run("migrate")
    done = run("enrol-token")
    assert (done.code, done.err.strip()) == (1, "Add a city first.")


def test_a_token_is_made_for_the_named_station(furnished: Run) -> None:
    made = furnished("enrol-token", "--station", "cbe/gandhipuram", "--json")
    assert len(str(made.told["token"]).replace("-", "")) == 24
    wrong = furnished("enrol-token", "--station", "CBE/Nowhere")
    assert (wrong.code, "CBE/Gandhipuram" in wrong.err) == (1, True)


@pytest.mark.parametrize("damage", ["{", '{"tenant": "x"}', json.dumps({**CITY, "lon": 999})])
def test_a_city_file_that_is_wrong_is_refused(run: Run, tmp_path: Path, damage: str) -> None:
    run("migrate")
    (tmp_path / "city.json").write_text(damage, encoding="utf-8")
    done = run("add-city", "city.json")
    assert (done.code, done.err.startswith("The file is not understood")) == (1, True)


def test_check_finds_a_sound_server_sound(furnished: Run) -> None:
    done = furnished("check", "--json")
    assert (done.code, done.told["ok"]) == (0, True), done.out


def test_check_finds_an_audit_entry_that_was_changed(furnished: Run, database_url: str) -> None:
    with psycopg.connect(database_url) as connection:
        connection.execute("ALTER TABLE audit DISABLE TRIGGER audit_keep")
        connection.execute("UPDATE audit SET action = 'nothing' WHERE seq = 1")
    done = furnished("check")
    assert done.code == 5
    assert "failed  the audit is as it was written" in done.out


def test_check_finds_a_table_without_its_wall(furnished: Run, database_url: str) -> None:
    with psycopg.connect(database_url) as connection:
        connection.execute("ALTER TABLE reports DISABLE ROW LEVEL SECURITY")
    done = furnished("check")
    assert (done.code, "        reports" in done.out) == (5, True)


def test_check_finds_a_unit_sent_to_what_is_not_there(furnished: Run, database_url: str) -> None:
    send_a_unit(database_url)
    assert furnished("check").code == 0
    with psycopg.connect(database_url) as connection:
        connection.execute("DELETE FROM incidents")
    done = furnished("check")
    assert (done.code, "lacks its incident" in done.out) == (5, True)


def test_settings_that_cannot_be_used_are_told_one_by_one(run: Run) -> None:
    done = run("serve", HOST="10.0.0.1", METRICS_TOKEN="short", PORTT="1")
    assert done.code == 3
    assert len(done.err.splitlines()) == 3
    assert "TRAFFICDESK_SERVER_PORTT: there is no such setting." in done.err


def test_a_database_that_is_away_is_told_without_its_password(run: Run) -> None:
    url = "postgresql://owner:hunter2-hunter2@127.0.0.1:1/desk"
    done = run("migrate", url=url)
    assert (done.code, done.err.strip()) == (4, "The database cannot be reached.")


def test_what_the_database_itself_says_is_told(run: Run, database_url: str) -> None:
    url = database_url.replace("trafficdesk@", "nobody-known@", 1)
    done = run("migrate", url=url)
    said = 'The database cannot be reached: role "nobody-known" does not exist.'
    assert (done.code, done.err.strip()) == (4, said)


def test_an_owner_without_postgis_is_told_what_to_have_done(
    run: Run, cluster: PrivateCluster
) -> None:
    with plain_owner(cluster, "desk_bare", has_postgis=False) as url:
        done = run("migrate", url=url)
    assert (done.code, "CREATE EXTENSION postgis" in done.err) == (1, True)
    assert len(done.err.splitlines()) == 1


def test_keys_that_others_can_read_are_refused(furnished: Run, tmp_path: Path) -> None:
    (tmp_path / "keys" / "tokens.key").chmod(0o644)
    done = furnished("serve")
    assert (done.code, "run chmod 600" in done.err) == (3, True)


def test_a_key_that_somebody_typed_is_refused(furnished: Run, tmp_path: Path) -> None:
    (tmp_path / "keys" / "tokens.key").write_text("00" * 32, encoding="ascii")
    done = furnished("serve")
    assert (done.code, "weak key" in done.err) == (3, True)


def test_the_server_answers_until_it_is_stopped(database_url: str, tmp_path: Path) -> None:
    make_keys(tmp_path / "keys")
    given = os.environ | settings_of(database_url, tmp_path, PORT="0")
    line = [sys.executable, "-c", "from sync_server.cli import main; main()", "serve"]
    with subprocess.Popen(line, env=given, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        started = json.loads(process.stdout.readline())
        assert started["event"] == "server_listens"
        found = requests.get(f"http://127.0.0.1:{started['port']}/health/db", timeout=10)
        assert found.json()["status"] == "ok"
        process.terminate()
        assert process.wait(20) == 0


def test_check_finds_a_disk_without_room(furnished: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sync_server.jobs.room.MIN_FREE_BYTES", 2**62)
    done = furnished("check")
    assert done.code == 5
    assert "has room" in done.out


def test_a_desk_is_moved_to_another_station_or_window_by_its_code(
    furnished: Run, database_url: str
) -> None:
    with psycopg.connect(database_url) as connection:
        connection.execute(
            "INSERT INTO stations (tenant_id, city_id, id, name, lon, lat) "
            "SELECT tenant_id, id, gen_random_uuid(), 'Peelamedu', 77, 11 FROM cities"
        )
        connection.execute(
            "INSERT INTO devices (tenant_id, id, name, desk_code, public_key, home_city_id, "
            "home_station_id, scope_id, city_ids, turn) SELECT tenant_id, gen_random_uuid(), "
            "'Desk', 'D3', '', city_id, id, gen_random_uuid(), ARRAY[city_id], 'first' "
            "FROM stations WHERE name = 'Gandhipuram'"
        )
    done = furnished("device-scope", "cbe/d3", "--station", "CBE/Peelamedu", "--days", "30")
    assert done.code == 0, done.err
    with psycopg.connect(database_url) as connection:
        found = connection.execute(
            "SELECT s.name, cardinality(d.station_ids), d.window_days FROM devices d "
            "JOIN stations s ON s.id = d.home_station_id"
        ).fetchall()
        deeds = connection.execute("SELECT action FROM audit ORDER BY at_ms, seq").fetchall()
    assert found == [("Peelamedu", 1, 30)]
    assert ("device.scope_changed",) in deeds
    assert furnished("device-scope", "CBE/D3", "--city", "CBE").code == 0
    for words in (("CBE/D9",), ("CBE/D3", "--station", "CBE/Nowhere"), ("CBE/D3", "--city", "X")):
        refused = furnished("device-scope", *words)
        assert (refused.code, refused.out) == (1, "")


def test_a_report_of_a_city_is_made_masked_or_said_why_not(furnished: Run, tmp_path: Path) -> None:
    listed = furnished("report", "list", "--json").told["templates"]
    assert isinstance(listed, list)
    assert "backlog" in {each["id"] for each in listed}
    made = furnished("report", "run", "backlog", "a.html", "--city", "CBE", "--from", "2026-01-05")
    assert (made.code, made.err) == (0, "")
    page = (tmp_path / "a.html").read_text(encoding="utf-8")
    assert "operator of the server" in page
    assert "Coimbatore · 5 Jan 2026" in page
    for words, said in (
        (("backlog", "a.html", "--city", "CBE"), "a.html exists already"),
        (("backlog", "b.html", "--city", "XYZ"), "there is no XYZ"),
        (("horoscope", "b.html", "--city", "CBE"), "makes no such report"),
        (("backlog", "b.docx", "--city", "CBE"), "pdf, html, xlsx"),
        (("backlog", "b.html", "--city", "CBE", "--station", "Nowhere"), "no station Nowhere"),
        (("ward-safety", "b.html", "--city", "CBE"), "a report of one ward"),
    ):
        refused = furnished("report", "run", *words)
        assert (refused.code, said in refused.err) == (1, True), refused.err
