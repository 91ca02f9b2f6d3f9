"""A quiet hour: what a desk with nothing to do costs, and a server with a thousand of them."""

import time
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from functools import partial
from typing import TypeVar
from uuid import UUID

import msgspec
import psutil  # type: ignore[import-untyped]  # it ships no types
from websockets.sync.client import ClientConnection, connect

from tests.bench.agency import Agency, Say, filled_agency
from tests.bench.measuring import Result, percentile
from tests.server.sync.town import report_changes
from tests.server.world import Client, Person, World
from tests.system.sync.fault_proxy import Road
from trafficdesk.domain.identity import new_id
from trafficdesk.sync.engine import POLL_S, TOLD_POLL_S
from trafficdesk.sync.line import Line, ServerAddress
from trafficdesk.wire.exchange import PushRequest
from trafficdesk.wire.live import LIVE, RoomKind, Subscribe, room_of
from trafficdesk.wire.operations import Operation

One = TypeVar("One")
Other = TypeVar("Other")
_HOUR_S = 3600.0
_EXCHANGES = 40
_CLIENTS = 1_000
_ROWS_A_CLIENT = 100
_AT_ONCE = 16
_HEARD_S = 30.0


def run(rows: int, _repeats: int, say: Say) -> Result:
    """Measure quiet exchanges of one desk, then light clients of one server process."""
    with filled_agency(min(rows, 1_000), say) as agency:
        figures = _desk(agency)
        say(f"{figures}")
        crowd, share = _crowd(agency, min(_CLIENTS, max(2, rows // _ROWS_A_CLIENT)))
    figures |= crowd | {"server_share_of_1000_polling": round(share, 3)}
    say(f"{figures}")
    return Result(share, figures)


def _desk(agency: Agency) -> dict[str, object]:
    """Return what exchanges with nothing to say cost, scaled to an hour of them."""
    desk = agency.join()
    desk.sync()
    with Road(agency.world.live.url) as passed:
        desk.engine.access.line.close()
        desk.engine.access.line = Line(ServerAddress(passed.url))
        desk.sync()
        sent, received, began = passed.sent, passed.received, time.process_time()
        for _ in range(_EXCHANGES):
            desk.sync()
        cpu_s = (time.process_time() - began) / _EXCHANGES
        sent, received = passed.sent - sent, passed.received - received
        desk.close()
    a_time = (sent + received) / _EXCHANGES
    return {
        "bytes_an_exchange": round(a_time),
        "desk_cpu_ms_an_exchange": round(cpu_s * 1000, 1),
        "polling_bytes_an_hour": round(a_time * _HOUR_S / POLL_S),
        "polling_cpu_s_an_hour": round(cpu_s * _HOUR_S / POLL_S, 2),
        "nudged_bytes_an_hour": round(a_time * _HOUR_S / TOLD_POLL_S),
        "nudged_cpu_s_an_hour": round(cpu_s * _HOUR_S / TOLD_POLL_S, 2),
    }


def _crowd(agency: Agency, count: int) -> tuple[dict[str, object], float]:
    """Return what many desks cost the server, polling and nudged.

    And which share of one processor 1,000 desks take that poll.
    """
    world, server = agency.world, psutil.Process(agency.server_pid)
    people = [world.person() for _ in range(min(_AT_ONCE, count))]
    shares = [range(first, count, len(people)) for first in range(len(people))]
    signed_in = _all(partial(_sign_in, world), zip(people, shares, strict=True))
    clients = [client for share in signed_in for client in share]
    target = f"/sync/changes?city={world.city_id}&after=0&limit=500"
    polled_s, polled_cpu_s = _ask_all(server, clients, target)
    rss_before = server.memory_info().rss
    with ExitStack() as stack:
        sockets = _all(partial(_listen, world.city_id), clients)
        for each in sockets:
            stack.callback(each.close)
        rss = server.memory_info().rss
        began, cpu_began = time.perf_counter(), _cpu_s(server)
        _file_report(agency, clients[0], people[0].id)
        heard = sorted(_all(lambda each: _heard_after(each, began), sockets))
        nudge_cpu_s = _cpu_s(server) - cpu_began
    fetched_s, fetched_cpu_s = _ask_all(server, clients, target)
    figures: dict[str, object] = {
        "clients": count,
        "requests_per_s": round(count / polled_s),
        "server_cpu_ms_a_request": round(polled_cpu_s * 1000 / count, 2),
        "nudge_median_s": round(percentile(heard, 0.5), 2),
        "nudge_last_s": round(heard[-1], 2),
        "nudge_server_cpu_s": round(nudge_cpu_s, 2),
        "all_fetch_after_nudge_s": round(fetched_s, 2),
        "all_fetch_server_cpu_s": round(fetched_cpu_s, 2),
        "server_mib": round(rss / 2**20),
        "kib_a_socket": round((rss - rss_before) / 1024 / count, 1),
    }
    return figures, polled_cpu_s / count * _CLIENTS / POLL_S


def _sign_in(world: World, share: tuple[Person, Iterable[int]]) -> list[Client]:
    """Sign somebody in at desk after desk: at many at once would look like guessing."""
    person, numbers = share
    return [world.sign_in(person, world.enrol()) for _ in numbers]


def _all(work: Callable[[One], Other], each: Iterable[One]) -> list[Other]:
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        return list(pool.map(work, each))


def _cpu_s(process: psutil.Process) -> float:
    return float(sum(process.cpu_times()[:2]))


def _ask_all(server: psutil.Process, clients: list[Client], target: str) -> tuple[float, float]:
    """Let every client ask once; return seconds of the clock and of the server's processor."""
    began, cpu_began = time.perf_counter(), _cpu_s(server)
    for answer in _all(lambda client: client.get(target), clients):
        if answer.status_code != 200:
            raise AssertionError(answer.text)
    return time.perf_counter() - began, _cpu_s(server) - cpu_began


def _listen(city_id: UUID, client: Client) -> ClientConnection:
    if client.desk is None:
        raise AssertionError("a client without a desk")
    headers = client.desk.signed("GET", LIVE, b"") | {"Authorization": f"Bearer {client.token}"}
    address = client.url.replace("http", "ws", 1) + LIVE
    socket = connect(address, additional_headers=headers, open_timeout=_HEARD_S, max_size=4096)
    asked = Subscribe(room=str(room_of(RoomKind.CITY, city_id)), events=["feed"])
    socket.send(msgspec.json.encode(asked).decode())
    for _ in range(2):  # greeting, and that it is in
        socket.recv(timeout=_HEARD_S)
    return socket


def _heard_after(socket: ClientConnection, began: float) -> float:
    socket.recv(timeout=_HEARD_S)
    return time.perf_counter() - began


def _file_report(agency: Agency, client: Client, actor_id: UUID) -> None:
    if client.desk is None:
        raise AssertionError("a client without a desk")
    world = agency.world
    operation = Operation(
        op_id=new_id(),
        action_id=new_id(),
        entity="report",
        entity_id=new_id(),
        action="file",
        base_version=0,
        revision=1,
        changes=report_changes(world.city_id, world.station_id),
        note="",
        actor_id=actor_id,
        device_id=client.desk.id,
        at_ms=1_795_000_000_000,
    )
    answer = client.post("/sync/push", PushRequest(protocol=1, operations=[operation]))
    if answer.status_code != 200:
        raise AssertionError(answer.text)
