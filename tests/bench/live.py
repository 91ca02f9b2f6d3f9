"""The live WebSocket under a crowd: what each costs, how soon all are reached, units that move.

The server and the crowd have a process each, and PostgreSQL its own; ``--connections`` says how
many listen. Both processes need as many open files and some more: ``ulimit -n`` must allow it.
"""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit
from uuid import UUID

import psutil  # type: ignore[import-untyped]  # it ships no types
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from sync_server.accounts.service.tokens import Session, tokens_of
from sync_server.db.engine import Crossing
from tests.bench.agency import Agency, Say, filled_agency
from tests.bench.measuring import Result, percentile
from tests.server.live_rooms.listening import Dispatcher
from tests.server.world import World
from tests.system.sync.listening import listening
from trafficdesk.domain.identity import new_id
from trafficdesk.domain.times import utc_now
from trafficdesk.wire.accounts import User
from trafficdesk.wire.live import RoomKind, room_of

_ROOT: Final = Path(__file__).parent.parent.parent
_TURN: Final = "bench"
_ROWS_A_SOCKET: Final = 10
_INCIDENTS: Final = 20
_ROOM: Final = 1_000  # of the crowd are desks of the city
_DESKS: Final = 60  # of these watch the units
_UNITS: Final = 1_000
_SECONDS: Final = 20
_HEARD_S: Final = 60.0
_REST_S: Final = 1.2  # the hint of one incident has left before the next
_QUIET_S: Final = 45.0  # every socket is pinged twice


@dataclass(frozen=True)
class Crowd:
    """The other end of the crowd's pipes."""

    process: "subprocess.Popen[str]"

    def ask(self, do: str, **asked: object) -> dict[str, Any]:
        """Ask for something and wait for the answer."""
        if self.process.stdin is None or self.process.stdout is None:
            raise RuntimeError("the crowd has no pipes")
        self.process.stdin.write(json.dumps({"do": do, **asked}) + "\n")
        self.process.stdin.flush()
        answer: dict[str, Any] = json.loads(self.process.stdout.readline())
        return answer


@contextmanager
def _crowd(world: World, key: Ed25519PrivateKey) -> Iterator[Crowd]:
    parts = urlsplit(world.live.url)
    asked = {"host": parts.hostname, "port": parts.port, "turn": _TURN}
    asked["key"] = key.private_bytes_raw().hex()
    with subprocess.Popen(
        [sys.executable, "-m", "tests.bench.live_child"],
        cwd=_ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        if process.stdin is None:
            raise RuntimeError("the crowd has no pipes")
        process.stdin.write(json.dumps(asked) + "\n")
        yield Crowd(process)
        process.stdin.close()


def _enrol(world: World, key: Ed25519PrivateKey, count: int) -> list[tuple[str, str]]:
    """Write devices with a session each, all of one key and one person; return ids and tokens.

    They are written as enrolment and sign-in write them, for asking for each takes a minute.
    """
    person, now, server = world.person(), utc_now(), world.live.server
    ends_at, made = now + timedelta(days=7), list[tuple[str, str]]()
    user = User(
        id=person.id,
        login=person.login,
        name="",
        initials="",
        rank="",
        role=person.role,
        station_id=world.station_id,
    )
    device = (world.tenant_id, world.city_id, world.station_id, key.public_key().public_bytes_raw())
    with server.database.crossing(Crossing.OPERATOR) as connection:
        for number in range(count):
            device_id, session_id = new_id(), new_id()
            connection.execute(
                "INSERT INTO devices (tenant_id, home_city_id, home_station_id, public_key, id, "
                "name, desk_code, scope_id, city_ids, station_ids, window_days, turn) VALUES "
                "(%s, %s, %s, %s, %s, 'Desk', %s, %s, %s, '{}', 90, %s)",
                [*device, device_id, f"B{number}", new_id(), [world.city_id], _TURN],
            )
            connection.execute(
                "INSERT INTO sessions (id, tenant_id, user_id, device_id, started_at, rotated_at, "
                "expires_at) VALUES (%s, %s, %s, %s, %s, %s, %s)",
                [session_id, world.tenant_id, person.id, device_id, now, now, ends_at],
            )
            tokens = tokens_of(server.keys, Session(session_id, 0, now, ends_at), user)
            made.append((str(device_id), tokens.access_token))
    return made


def run(rows: int, _repeats: int, say: Say, connections: int = 0) -> Result:
    """Measure idle sockets, then a room that is told of incidents, then units that move.

    Unless it is said how many there are, a tenth of the ``rows`` of other benchmarks.
    """
    connections = connections or max(2, rows // _ROWS_A_SOCKET)
    with filled_agency(0, say) as agency:
        key = Ed25519PrivateKey.generate()
        who = _enrol(agency.world, key, connections)
        with _crowd(agency.world, key) as crowd:
            figures: dict[str, object] = {"load": round(os.getloadavg()[0], 1)}
            for measured in (
                _idle(agency, crowd, who),
                _told(agency, crowd, min(_ROOM, connections)),
                _alerted(agency, connections),
                _moving(agency, crowd, connections),
            ):
                figures |= measured
                say(f"{measured}")
            figures["load_after"] = round(os.getloadavg()[0], 1)
    return Result(float(str(figures["kib_a_socket"])) / 25, figures)


def _scaled(whole: float, connections: int) -> float:
    """Return how much of a measurement a smaller crowd is worth."""
    return whole * min(1.0, connections / _ROOM)


def _server(agency: Agency) -> psutil.Process:
    return psutil.Process(agency.server_pid)


def _cpu_s(agency: Agency) -> float:
    return float(sum(_server(agency).cpu_times()[:2]))


def _idle(agency: Agency, crowd: Crowd, who: Sequence[tuple[str, str]]) -> dict[str, object]:
    """Open all of them, after a few that warm; let them rest through their pings."""
    warm = min(100, len(who) // 2)
    crowd.ask("open", who=who[:warm])
    before = _server(agency).memory_info().rss
    opened = crowd.ask("open", who=who[warm:])
    at_open = _server(agency).memory_info().rss
    began, cpu_s = time.monotonic(), _cpu_s(agency)
    time.sleep(_scaled(_QUIET_S, len(who)))
    rested_s = time.monotonic() - began
    rss, count = _server(agency).memory_info().rss, len(who) - warm
    return {
        "connections": opened["open"],
        "opened_per_s": round(count / opened["s"]),
        "kib_a_socket": round((rss - before) / 1024 / count, 1),
        "kib_a_socket_just_opened": round((at_open - before) / 1024 / count, 1),
        "server_mib": round(rss / 2**20),
        "idle_server_share": round((_cpu_s(agency) - cpu_s) / rested_s, 3),
    }


def _told(agency: Agency, crowd: Crowd, count: int) -> dict[str, object]:
    """Tell a city's room of incidents, one at a time."""
    world = agency.world
    crowd.ask(
        "enter", room=str(room_of(RoomKind.CITY, world.city_id)), events=[], first=0, last=count
    )
    writer = Dispatcher.at(world)
    reached, whole = list[float](), list[float]()
    for _ in range(max(2, round(_scaled(_INCIDENTS, count)))):
        asked_at = time.monotonic()
        writer.file_incident(vehicle_count=8)
        committed_at = time.monotonic()
        heard = crowd.ask("heard", kind="incident", count=count, wait_s=_HEARD_S)
        if len(heard["times"]) != count:
            raise AssertionError(f"{len(heard['times'])} of {count} were told")
        reached += [max(0.0, at - committed_at) for at in heard["times"]]
        whole += [at - asked_at for at in heard["times"]]
        time.sleep(_scaled(_REST_S, count))
    return {
        "room": count,
        "answer_to_message_p50_s": round(percentile(reached, 0.5), 3),
        "answer_to_message_p95_s": round(percentile(reached, 0.95), 3),
        "answer_to_message_last_s": round(max(reached), 3),
        "push_to_message_p95_s": round(percentile(whole, 0.95), 3),
    }


def _wait_for(holds: Callable[[UUID], bool], record_id: UUID) -> None:
    """Look every five milliseconds."""
    ends_at = time.monotonic() + _HEARD_S
    while not holds(record_id):
        if time.monotonic() > ends_at:
            raise AssertionError("nothing came")
        time.sleep(0.005)


def _alerted(agency: Agency, count: int) -> dict[str, object]:
    """Let a real desk listen beside the crowd; time its screen's alert and the record after it."""
    writer, alerts, records = Dispatcher.at(agency.world), list[float](), list[float]()
    desk = agency.join()
    with listening(desk, agency.world.live.url) as heard:
        for _ in range(max(2, round(_scaled(_INCIDENTS, count)))):
            incident_id = writer.file_incident(vehicle_count=8)
            committed_at = time.monotonic()
            _wait_for(heard.shows, incident_id)
            alerts.append(time.monotonic() - committed_at)
            _wait_for(heard.knows, incident_id)
            records.append(time.monotonic() - committed_at)
            time.sleep(_scaled(_REST_S, count))
    desk.close()
    return {
        "answer_to_alert_p50_s": round(percentile(alerts, 0.5), 3),
        "answer_to_alert_p95_s": round(percentile(alerts, 0.95), 3),
        "answer_to_record_p95_s": round(percentile(records, 0.95), 3),
    }


def _moving(agency: Agency, crowd: Crowd, connections: int) -> dict[str, object]:
    """Let units move once a second, each told by its own socket, and some desks watch."""
    world = agency.world
    units, desks = _units(world, min(_UNITS, connections)), min(_DESKS, connections)
    room = str(room_of(RoomKind.RESPONDERS, world.city_id))
    crowd.ask("enter", room=room, events=[], first=0, last=desks)
    before = crowd.ask("heard", kind="positions", count=0, wait_s=0)
    cpu_s = _cpu_s(agency)
    seconds = max(2, round(_scaled(_SECONDS, connections)))
    moved = crowd.ask("move", units=units, seconds=seconds)
    share = (_cpu_s(agency) - cpu_s) / moved["s"]
    heard = crowd.ask("heard", kind="positions", count=0, wait_s=0)
    told = heard["positions"] - before["positions"]
    return {
        "units": len(units),
        "watching_desks": desks,
        "moves_per_s": round(moved["moves"] / moved["s"]),
        "told_share": round(told / desks / moved["moves"], 3),
        "moving_server_share": round(share, 3),
        "kib_per_s_a_desk": round(
            (heard["bytes"] - before["bytes"]) / 1024 / moved["s"] / desks, 1
        ),
        "lost": heard["lost"],
    }


def _units(world: World, count: int) -> list[str]:
    """Write units; return their ids."""
    ids = [new_id() for _ in range(count)]
    with world.live.server.database.crossing(Crossing.OPERATOR) as connection:
        connection.cursor().executemany(
            "INSERT INTO units (tenant_id, city_id, station_id, id, version, call_sign, kind, "
            "duty, created_ms) VALUES (%s, %s, %s, %s, 1, %s, 'patrol_car', 'on', 0)",
            [
                (world.tenant_id, world.city_id, world.station_id, each, f"P{number}")
                for number, each in enumerate(ids)
            ],
        )
    return list(map(str, ids))
