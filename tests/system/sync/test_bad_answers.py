"""Whatever a desk is answered, it says what is wrong, loses nothing, and goes on by itself."""

import copy
import itertools
import tracemalloc
from collections.abc import Callable, Iterable, Iterator
from typing import Any
from uuid import UUID

import msgspec
import pytest
import zstandard

from tests.server.live import Live
from tests.server.world import World
from tests.system.sync.desks import SyncedDesk, join
from tests.system.sync.laws import check_laws
from tests.system.sync.liar import Liar, Lie
from tests.system.sync.told import exchange
from trafficdesk.domain.queues import ReportFilter
from trafficdesk.domain.vocabulary import Role
from trafficdesk.qt.sync.words import contact_words
from trafficdesk.services import board
from trafficdesk.store.queues import PageRequest
from trafficdesk.sync.line import MAX_PACKED_BYTES, Line, ServerAddress
from trafficdesk.sync.status import Phase

API = "/api/v1/sync"
HOUR_S = 3600.0
# All waits at their shortest: nine doublings from half a second, then half of five minutes each.
MOST_TRIES = 9 + 1 + int((HOUR_S - 255.5) / 150)
FOUR_GB = 4 * 10**9
HTML = {"Content-Type": "text/html; charset=utf-8"}
JSON = {"Content-Type": "application/json"}
PORTAL = b"<html><form>Sign in to Station WiFi</form></html>"


@pytest.fixture(scope="module")
def world(live: Live) -> World:
    """One agency for all of these tests: none of the lies may leave anything."""
    return World(live)


@pytest.fixture(scope="module")
def liar(world: World) -> Iterator[Liar]:
    with Liar(world.live.url) as made:
        yield made


@pytest.fixture(scope="module")
def desk(
    world: World, liar: Liar, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[SyncedDesk]:
    """A desk that believes it talks to its server."""
    person = world.person(Role.SUPERVISOR)
    made = join(world, person, tmp_path_factory.mktemp("lied") / "desk")
    made.engine.access.line.close()
    made.engine.access.line = Line(ServerAddress(liar.url))
    assert exchange(world, made) == ""
    yield made
    made.close()


@pytest.fixture(scope="module")
def other(world: World, tmp_path_factory: pytest.TempPathFactory) -> Iterator[SyncedDesk]:
    """A desk whose line is good."""
    made = join(world, world.person(), tmp_path_factory.mktemp("good") / "desk")
    yield made
    made.close()


@pytest.fixture(autouse=True)
def _the_truth_comes_out(world: World, desk: SyncedDesk, liar: Liar) -> Iterator[None]:
    """After the lie all goes through, once, with nobody doing anything about it."""
    yield
    liar.lies.clear()
    assert exchange(world, desk) == ""
    assert sum(desk.counts()) == 0
    check_laws(world, [desk])


def as_is(*pieces: bytes) -> Callable[[bytes], Iterable[bytes]]:
    return lambda _true: pieces


def packed(content: bytes) -> bytes:
    return zstandard.compress(content)


def bomb(_true: bytes) -> Iterable[bytes]:
    packing = zstandard.ZstdCompressor(level=1).compressobj()
    for _ in range(200):
        yield packing.compress(bytes(2**20))
    yield packing.flush()


ZSTD = JSON | {"Content-Encoding": "zstd"}
BROKE_OFF = "The connection broke off."
GARBLED = "The server's answer cannot be understood."
TOO_BIG = "The server's answer was too large to be right."
SOMETHING_ELSE = "Something else answers in the server's place."
FAULT = "The server has a fault."
LIES = {
    "cut short": (
        Lie(lambda true: [true[:-9]], headers=JSON | {"Content-Length": "90000"}),
        BROKE_OFF,
    ),
    "nothing": (Lie(as_is()), BROKE_OFF),
    "half of it": (Lie(lambda true: [true[: len(true) // 2]]), GARBLED),
    "half a frame": (Lie(lambda true: [packed(true)[:-20]], headers=ZSTD), BROKE_OFF),
    "no frame": (Lie(as_is(b"zstd"), headers=ZSTD), GARBLED),
    "nested": (Lie(as_is(b'{"epoch": ' * 10**5)), GARBLED),
    "of no kind": (Lie(as_is(b"[1, null]")), GARBLED),
    "not of us": (Lie(as_is(b'{"status": "ok"}')), GARBLED),
    "no text": (Lie(as_is(bytes(range(128, 256)))), GARBLED),
    "a bomb": (Lie(bomb, headers=ZSTD), TOO_BIG),
    "a network's page": (Lie(as_is(PORTAL), headers=HTML), SOMETHING_ELSE),
    "a network's door": (
        Lie(as_is(PORTAL), 302, HTML | {"Location": "http://wifi.invalid/"}),
        SOMETHING_ELSE,
    ),
    "a proxy's page": (Lie(as_is(b"<h1>Bad gateway</h1>"), 502, HTML), FAULT),
    "a fault": (Lie(as_is(b"{}"), 500), FAULT),
}


CALLS = [(kind, "push") for kind in LIES]
CALLS += [(kind, call) for kind in ("cut short", "nested") for call in ("hello", "changes")]


@pytest.mark.parametrize(("kind", "call"), CALLS)
def test_what_is_not_the_servers_answer_is_told_and_not_taken(
    world: World, desk: SyncedDesk, liar: Liar, kind: str, call: str
) -> None:
    lie, says = LIES[kind]
    report = desk.file()
    desk.engine._has_greeted = call != "hello"
    liar.lies[f"{API}/{call}"] = lie
    assert contact_words(exchange(world, desk))[0] == says
    assert desk.find(report.id) is not None
    assert sum(desk.counts()) == (0 if call == "changes" else 1)
    assert desk.engine.status.next_try_ms is not None


@pytest.mark.parametrize("length", [{"Content-Length": str(FOUR_GB)}, {}], ids=["said", "endless"])
@pytest.mark.parametrize("call", ["push", "changes"])
def test_four_gigabytes_are_left_at_the_limit(
    world: World, desk: SyncedDesk, liar: Liar, length: dict[str, str], call: str
) -> None:
    def endless(_true: bytes) -> Iterable[bytes]:
        return itertools.repeat(b" " * 65_536, FOUR_GB // 65_536)

    desk.file()
    liar.lies[f"{API}/{call}"] = Lie(endless, headers=JSON | length)
    tracemalloc.start()
    try:
        fault = exchange(world, desk)
        peak_bytes = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert contact_words(fault)[0] == TOO_BIG
    assert peak_bytes < 3 * MAX_PACKED_BYTES
    assert liar.offered < 2 * MAX_PACKED_BYTES
    assert sum(desk.counts()) == (call == "push")


Change = Callable[[Any], None]


def telling(change: Change) -> Lie:
    """Tell the truth but for one thing."""

    def body(true: bytes) -> Iterable[bytes]:
        told = msgspec.json.decode(true)
        change(told)
        return [msgspec.json.encode(told)]

    return Lie(body)


def setting(path: str, value: object) -> Change:
    """Set what a path leads to: names, and numbers of places in lists."""

    def change(told: Any) -> None:  # noqa: ANN401 - any JSON
        *way, last = path.split(".")
        for name in way:
            told = told[int(name)] if name.lstrip("-").isdigit() else told[name]
        told[int(last) if last.lstrip("-").isdigit() else last] = value

    return change


def swapping(told: Any) -> None:  # noqa: ANN401 - any JSON
    told["outcomes"].reverse()


def doubling(told: Any) -> None:  # noqa: ANN401 - any JSON
    told["events"].append(copy.deepcopy(told["events"][-1]))


ROW = "records.0.row"
HUGE = 2**70
SOMEBODY = str(UUID(int=7))
PAGES: dict[str, Change] = {
    "another city": setting("city_id", SOMEBODY),
    "a page back": setting("after", 0),
    "beyond its head": setting("upto", 10**6),
    "a head that is never reached": setting("head", 10**9),
    "a window without end": setting("window_from_ms", HUGE),
    "an event twice": doubling,
    "a number without end": setting("events.-1.seq", HUGE),
    "an instant without end": setting("events.-1.at_ms", HUGE),
    "a version without end": setting("records.0.version", HUGE),
    "a status of its own": setting(f"{ROW}.status", "moon"),
    "a severity of its own": setting(f"{ROW}.severity", 99),
    "a severity in words": setting(f"{ROW}.severity", "bad"),
    "a kind of vehicle of its own": setting(f"{ROW}.vehicle_type", "rocket"),
    "nowhere": setting(f"{ROW}.lon", None),
    "off the earth": setting(f"{ROW}.lon", 4e5),
    "a place in words": setting(f"{ROW}.lat", "north"),
    "no id": setting(f"{ROW}.city_id", "Coimbatore"),
    "a list for an id": setting(f"{ROW}.reviewer_id", []),
    "no list": setting(f"{ROW}.violations", 7),
    "a list of lists": setting(f"{ROW}.violations", [["no_helmet"]]),
    "photos without names": setting(f"{ROW}.media", [{}]),
    "photos in words": setting(f"{ROW}.media", "many"),
    "an object for a text": setting(f"{ROW}.plate", {"plate": 1}),
    "a time in words": setting(f"{ROW}.occurred_ms", "noon"),
    "a time without end": setting(f"{ROW}.occurred_ms", HUGE),
    "a time before all": setting(f"{ROW}.reported_ms", -(10**17)),
    "a row of nothing": setting(ROW, {}),
}


@pytest.mark.parametrize("kind", PAGES)
def test_a_page_that_cannot_be_is_not_taken(
    world: World, desk: SyncedDesk, other: SyncedDesk, liar: Liar, kind: str
) -> None:
    report = other.file()
    other.sync()
    mine = desk.file()
    liar.lies[f"{API}/changes"] = telling(PAGES[kind])
    assert contact_words(exchange(world, desk))[0] == GARBLED
    assert (desk.find(report.id) is None) is (kind != "a head that is never reached")
    assert desk.find(mine.id) is not None
    assert len(list(board.find_page(desk.session, PageRequest(ReportFilter())))) > 0


ANSWERS: dict[str, Change] = {
    "nobody asked about": setting("outcomes.0.op_id", SOMEBODY),
    "of one less": lambda told: told["outcomes"].pop(),
    "the wrong way round": swapping,
    "a word of its own": setting("outcomes.0.result", "eaten"),
    "a reason for nothing": setting("outcomes.0.reason", "moon"),
    "a number without end": setting("outcomes.0.seq", HUGE),
    "a version without end": setting("outcomes.0.version", HUGE),
    "a conflict of no id": setting("outcomes.0.conflict_id", 5),
    "a record of nothing": setting(
        "outcomes.0.record", {"entity": "report", "id": SOMEBODY, "version": 1, "row": {}}
    ),
    "a record of no kind": setting(
        "outcomes.0.record", {"entity": "moon", "id": SOMEBODY, "version": 1, "row": {}}
    ),
}


@pytest.mark.parametrize("kind", ANSWERS)
def test_an_answer_to_a_push_that_cannot_be_settles_nothing(
    world: World, desk: SyncedDesk, liar: Liar, kind: str
) -> None:
    for _ in range(2):
        desk.file()
    liar.lies[f"{API}/push"] = telling(ANSWERS[kind])
    assert contact_words(exchange(world, desk))[0] == GARBLED
    assert sum(desk.counts()) == 2


def test_an_hour_of_faults_is_asked_no_more_often_than_the_protocol_says_and_then_forgotten(
    desk: SyncedDesk, liar: Liar
) -> None:
    fault = Lie(as_is(b"{}"), 500, is_heard=False)
    liar.lies["*"] = fault
    desk.file()
    tries, passed_s, waits = 0, 0.0, list[float]()
    while passed_s < HOUR_S:
        liar.asked.clear()
        wait_s = desk.engine._exchange()
        assert wait_s is not None
        status = desk.engine.status
        assert (status.phase, contact_words(status.fault)[0]) == (Phase.WAITING, FAULT)
        assert len(liar.asked) == 1, "one question a try"
        tries += 1
        waits.append(wait_s)
        passed_s += wait_s
    wholes = [min(300.0, 2.0**turn) for turn in range(tries)]
    assert all(w / 2 <= wait <= w for wait, w in zip(waits, wholes, strict=True))
    assert tries <= MOST_TRIES
    assert sum(desk.counts()) == 1


def test_a_server_that_only_nudges_is_asked_no_more_often_for_it(
    world: World, desk: SyncedDesk, liar: Liar
) -> None:
    liar.lies["*"] = Lie(as_is(b"{}"), 500, is_heard=False)
    desk.file()
    assert contact_words(exchange(world, desk))[0] == FAULT
    desk.engine.nudge()
    assert not desk.engine._wake.is_set()
    liar.lies.clear()
    assert exchange(world, desk) == ""
    desk.engine.nudge()
    assert desk.engine._wake.is_set()
    desk.engine._wake.clear()
