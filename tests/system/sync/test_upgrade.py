"""An upgrade of the program in the middle of things: what waited to be sent still is, and goes."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from sync_server.db.engine import Crossing
from tests.server.live import Live
from tests.server.world import PASSWORD, World
from tests.store.schema_fixture import FOLDER, KEY_HEX, PARKED, QUEUED, REPORTS, SENT
from tests.system.sync.desks import SyncedDesk, open_desk
from trafficdesk.domain.times import utc_now
from trafficdesk.domain.vocabulary import Role
from trafficdesk.profile import Profile
from trafficdesk.security.device import Device
from trafficdesk.security.keys import SecretKey
from trafficdesk.services import parked
from trafficdesk.services.session import Session
from trafficdesk.store import facts, officers, outbox
from trafficdesk.store.engine import Store
from trafficdesk.sync import link
from trafficdesk.sync.enrolling import enrol
from trafficdesk.sync.line import Call, Line, ServerAddress
from trafficdesk.sync.pushing import PUSH, message_of
from trafficdesk.wire.accounts import SignInRequest
from trafficdesk.wire.exchange import PushAnswer, PushRequest

SCHEMAS = sorted(FOLDER.glob("schema_*.db"))


@pytest.fixture(params=SCHEMAS, ids=lambda path: path.stem)
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    """A store that an earlier program left with a full outbox, as this one opens it."""
    database = tmp_path / "desk.db"
    shutil.copy(request.param, database)
    opened = Store.open(database, KEY_HEX)
    yield opened
    opened.close()


@pytest.fixture
def desk(store: Store, own_live: Live, tmp_path: Path) -> Iterator[SyncedDesk]:
    """The desk of that store, enrolled with a server that knows its station and its people."""
    with store.reading() as connection:
        city_id, station_id = facts.home_city_id(connection), facts.home_station_id(connection)
        (officer,) = officers.find_present(connection)
        (raw_id,) = connection.exec_driver_sql("SELECT DISTINCT device_id FROM events").one()
    world = World(own_live, city_id, station_id)
    person = world.person(Role(officer.role), officer.name, officer.id)
    private = Ed25519PrivateKey.generate()
    device = Device(UUID(bytes=raw_id), private.public_key().public_bytes_raw(), private)
    line = Line(ServerAddress(own_live.url))
    joined = enrol(
        line, device, world.token(), SignInRequest(login=person.login, password=PASSWORD)
    )
    with store.writing() as connection:
        for name, value in link.as_facts(joined.link, joined.marks).items():
            facts.put(connection, name, value)
    keys = SecretKey.random(), SecretKey.random()
    session = Session(Profile(tmp_path), store, *keys, device, officer, utc_now())
    made = open_desk(session, line)
    yield made
    made.engine.stop()


def test_a_full_outbox_survives_the_upgrade_and_drains(desk: SyncedDesk, own_live: Live) -> None:
    assert desk.counts() == (QUEUED, SENT, PARKED, 0)
    lose_answer(desk)
    desk.sync()
    desk.sync()
    assert desk.counts() == (0, 0, PARKED, 0)
    (refused,) = parked.find_parked(desk.session)
    assert (refused.reason, refused.operation.changes[0].new) == ("not_permitted", "TN37BZ4413")
    parked.retry(desk.session, refused.operation.op_id)
    desk.sync()
    assert desk.counts() == (0, 0, 0, 0)
    with own_live.server.database.crossing(Crossing.OPERATOR) as connection:
        kept = connection.execute(
            "SELECT count(*) AS n, count(DISTINCT op_id) AS once, "
            "count(*) FILTER (WHERE result = 'applied') AS applied FROM operations"
        ).fetchone()
        rows = connection.execute("SELECT address, plate, version FROM reports ORDER BY id")
        told = [(row["address"], row["plate"], row["version"]) for row in rows.fetchall()]
    total = QUEUED + SENT + PARKED
    assert kept == {"n": total, "once": total, "applied": total}
    assert told == [
        ("North Street", "TN37BZ4412", 2),
        ("North Street", "TN37BZ4412", 2),
        ("North Street", "TN37BZ4413", 3),
    ]
    with desk.session.store.reading() as connection:
        here = connection.exec_driver_sql("SELECT address, plate, version FROM reports ORDER BY id")
        assert [tuple(row) for row in here] == told
        assert len(told) == REPORTS


def lose_answer(desk: SyncedDesk) -> None:
    """Let the server take what was marked as sent, as before the upgrade, and nobody hear of it."""
    with desk.session.store.writing() as connection:
        batch = outbox.take_batch(connection, 500)
    assert len(batch) == SENT
    operations = [message_of(each.operation) for each in batch]
    body = msgspec.json.encode(PushRequest(protocol=1, operations=operations))
    answer = desk.engine.access.ask(Call("POST", PUSH, body), PushAnswer)
    assert [each.result for each in answer.outcomes] == ["applied"]
