"""Photos between desks: sent after the operations, fetched on demand, whole or not at all."""

import shutil
import time
from collections.abc import Callable
from pathlib import Path

from sync_server.db.engine import Crossing
from sync_server.media.sealing import seal
from sync_server.media.service import folder_of
from tests.server.live import Live
from tests.server.world import World
from tests.system.sync.albums import exchange, file_of, of, photo, standing, transfer, want
from tests.system.sync.conftest import AddDesk
from tests.system.sync.desks import SyncedDesk, join
from trafficdesk.services import media as photos
from trafficdesk.services.media import MediaMissing
from trafficdesk.store import media_transfers
from trafficdesk.sync.errors import Fault, LineError
from trafficdesk.sync.line import Call, Line, Reply
from trafficdesk.sync.status import Phase
from trafficdesk.sync.transferring_road import MAX_PIECE_BYTES, MIN_PIECE_BYTES


def use_clock(desk: SyncedDesk) -> list[float]:
    """Let the pauses of a desk's photos go by a clock that the test sets."""
    now = [0.0]
    desk.engine.transfers._road.monotonic = lambda: now[0]
    desk.engine.transfers.monotonic = lambda: now[0]
    return now


class BadLine(Line):
    """Counts what is sent, and fails as ``fails`` says: before the server heard, or after."""

    sent_bytes = 0
    targets: list[str]
    fails: list[str]

    def exchange(self, call: Call) -> Reply:
        fault = self.fails.pop(0) if self.fails else ""
        if fault == "unheard":
            raise LineError(Fault.NO_ANSWER)
        self.targets.append(f"{call.method} {len(call.body)}")
        self.sent_bytes += len(call.body)
        reply = super().exchange(call)
        if fault == "unanswered":
            raise LineError(Fault.CUT_OFF)
        return reply


def bad_line(desk: SyncedDesk, *fails: str) -> BadLine:
    line = BadLine(desk.engine.access.line.address)
    line.targets, line.fails = [], list(fails)
    desk.engine.access.line.close()
    desk.engine.access.line = line
    return line


def test_a_photo_filed_at_one_desk_is_seen_at_the_other(add_desk: AddDesk) -> None:
    one, two = add_desk(), add_desk()
    taken = photo()
    report = one.file_with(taken)
    assert standing(one, taken.sha256).state == "waiting"
    exchange(one)
    assert standing(one, taken.sha256).state == "sent"
    exchange(two)
    (known,) = of(two, report)
    assert isinstance(photos.load(two.session, known), MediaMissing)
    want(two, known.sha256)
    exchange(two)
    assert photos.load(two.session, known) == taken.content
    assert photos.load(two.session, known, thumbnail=True) == taken.thumbnail
    assert standing(two, taken.sha256).state == "here"


def test_nothing_is_sent_before_the_server_has_the_report(add_desk: AddDesk) -> None:
    desk = add_desk()
    taken = photo(64)
    desk.file_with(taken)
    assert transfer(desk) == 0
    assert standing(desk, taken.sha256).state == "waiting"
    exchange(desk)
    assert standing(desk, taken.sha256).state == "sent"


def test_the_small_go_before_the_large_and_operations_before_both(add_desk: AddDesk) -> None:
    desk = add_desk()
    large, small = photo(600), photo(64)
    desk.file_with(large, small)
    desk.sync()
    line = bad_line(desk)
    transfer(desk)
    sizes = [int(each.partition(" ")[2]) for each in line.targets if each.startswith("PATCH")]
    assert sizes[0] == len(small.content)
    assert sum(sizes) == len(small.content) + len(large.content)
    assert max(sizes) == MAX_PIECE_BYTES


def test_the_engine_moves_photos_until_it_is_poked(add_desk: AddDesk) -> None:
    desk = add_desk()
    taken = photo(600)
    desk.file_with(taken)
    desk.sync()
    desk.engine.poke()
    desk.engine.transfer()
    assert standing(desk, taken.sha256).state == "waiting"
    desk.engine._wake.clear()
    desk.engine.transfer()
    assert standing(desk, taken.sha256).state == "sent"
    assert desk.engine.transfers.wait_s() is None


def test_a_running_engine_sends_and_fetches_by_itself(add_desk: AddDesk) -> None:
    one, two = add_desk(), add_desk()
    taken = photo()
    one.file_with(taken)
    one.engine.start()
    wait_for(lambda: standing(one, taken.sha256).state == "sent")
    two.engine.start()
    wait_for(lambda: two.engine.status.phase is Phase.RESTING)
    want(two, taken.sha256)
    two.engine.poke()
    wait_for(lambda: standing(two, taken.sha256).state == "here")


def wait_for(is_so: Callable[[], bool]) -> None:
    until_s = time.monotonic() + 60
    while not is_so():
        assert time.monotonic() < until_s
        time.sleep(0.02)


def test_a_bad_line_costs_pieces_and_never_the_file(add_desk: AddDesk) -> None:
    desk = add_desk()
    taken = photo(700)
    desk.file_with(taken)
    desk.sync()
    now = use_clock(desk)
    line = bad_line(desk, "", "unheard", "unanswered", "unanswered", "unheard", "", "unanswered")
    for _ in range(60):
        transfer(desk)
        now[0] += desk.engine.transfers.wait_s() or 0.0
    assert standing(desk, taken.sha256).state == "sent"
    # What the server had is not sent again, though the answers were lost.
    assert line.sent_bytes == len(taken.content)


def test_pieces_shrink_on_a_line_that_breaks_and_grow_on_a_good_one(add_desk: AddDesk) -> None:
    desk = add_desk()
    taken = photo(700)
    desk.file_with(taken)
    desk.sync()
    now = use_clock(desk)
    road = desk.engine.transfers._road
    bad_line(desk, *["unheard"] * 8)
    for _ in range(8):
        transfer(desk)
        now[0] += desk.engine.transfers.wait_s() or 0.0
    assert road.piece_bytes == MIN_PIECE_BYTES
    now[0] += 3600
    transfer(desk)
    assert road.piece_bytes == MAX_PIECE_BYTES
    assert standing(desk, taken.sha256).state == "sent"


def test_a_photo_that_was_changed_on_the_disk_is_never_sent(add_desk: AddDesk) -> None:
    desk = add_desk()
    taken, sound = photo(), photo()
    desk.file_with(taken, sound)
    file = file_of(desk, taken.sha256)
    file.write_bytes(file.read_bytes()[:-1] + b"x")
    desk.sync()
    now = use_clock(desk)
    for _ in range(4):
        transfer(desk)
        now[0] += 3600
    found = standing(desk, taken.sha256)
    assert (found.state, found.fault) == ("failed", "damaged")
    assert standing(desk, sound.sha256).state == "sent"


def test_a_photo_that_came_wrong_is_not_kept(add_desk: AddDesk, world: World) -> None:
    one, two = add_desk(), add_desk()
    taken, other = photo(), photo()
    report = one.file_with(taken, other)
    exchange(one)
    exchange(two)
    _swap(world, taken.sha256, other.sha256)
    want(two, taken.sha256)
    transfer(two)
    found = standing(two, taken.sha256)
    assert (found.state, found.fault) == ("wanted", "wrong_hash")
    assert isinstance(photos.load(two.session, of(two, report)[0]), MediaMissing)


def _swap(world: World, one: str, other: str) -> None:
    """Let the server answer for one photo with another: a fault that no seal can show."""
    folder, city_id = folder_of(world.live.server), world.city_id
    with world.live.server.database.crossing(Crossing.JOB) as connection:
        found = connection.execute(
            "UPDATE media m SET size_bytes = o.size_bytes FROM media o "
            "WHERE m.sha256 = %s AND o.sha256 = %s RETURNING m.size_bytes",
            [one, other],
        ).fetchone()
    assert found is not None
    size_bytes = int(found["size_bytes"])
    content = b"".join(folder.read(city_id, other, size_bytes, range(size_bytes)))
    with folder.path_of(city_id, one).open("wb") as file:
        seal(folder.key, [content], file, f"{city_id}/{one}".encode())


def test_what_was_asked_for_last_comes_first(add_desk: AddDesk) -> None:
    one, two = add_desk(), add_desk()
    first, second = photo(64), photo(64)
    one.file_with(first, second)
    exchange(one)
    two.sync()
    want(two, first.sha256)
    time.sleep(0.002)
    want(two, second.sha256)
    assert two.engine.transfers.step() is not None
    assert standing(two, second.sha256).state == "here"
    assert standing(two, first.sha256).state == "wanted"


def test_what_is_not_at_the_server_yet_comes_when_it_is(add_desk: AddDesk) -> None:
    one, two = add_desk(), add_desk()
    taken = photo()
    one.file_with(taken)
    one.sync()
    two.sync()
    want(two, taken.sha256)
    now = use_clock(two)
    transfer(two)
    found = standing(two, taken.sha256)
    assert (found.state, found.fault) == ("wanted", "not_found")
    transfer(one)
    now[0] += two.engine.transfers.wait_s() or 0.0
    transfer(two)
    assert standing(two, taken.sha256).state == "here"


def test_a_download_goes_on_after_the_line_broke(add_desk: AddDesk) -> None:
    one, two = add_desk(), add_desk()
    taken = photo(700)
    one.file_with(taken)
    exchange(one)
    two.sync()
    want(two, taken.sha256)
    now = use_clock(two)
    line = bad_line(two, "", "", "unheard")
    transfer(two)
    assert standing(two, taken.sha256).done_bytes == 2 * MAX_PIECE_BYTES
    assert len(line.targets) == 2
    now[0] += two.engine.transfers.wait_s() or 0.0
    transfer(two)
    assert standing(two, taken.sha256).state == "here"


def test_a_full_server_is_waited_for(add_desk: AddDesk, world: World) -> None:
    desk = add_desk()
    taken = photo()
    desk.file_with(taken)
    desk.sync()
    now = use_clock(desk)
    settings = world.live.server.settings
    object.__setattr__(settings, "media_free_bytes", 2**62)
    try:
        transfer(desk)
    finally:
        object.__setattr__(settings, "media_free_bytes", 0)
    found = standing(desk, taken.sha256)
    assert (found.state, found.fault) == ("waiting", "storage_full")
    assert desk.engine.transfers.wait_s() == 300
    now[0] += 300
    transfer(desk)
    assert standing(desk, taken.sha256).state == "sent"


def test_two_desks_with_the_same_photo_send_it_once(add_desk: AddDesk) -> None:
    one, two = add_desk(), add_desk()
    taken = photo()
    for desk in (one, two):
        desk.file_with(taken)
        desk.sync()
    transfer(one)
    line = bad_line(two)
    transfer(two)
    assert standing(two, taken.sha256).state == "sent"
    assert line.sent_bytes == 0


def test_after_a_restore_every_photo_is_offered_again(add_desk: AddDesk, world: World) -> None:
    desk = add_desk()
    taken = photo()
    desk.file_with(taken)
    exchange(desk)
    shutil.rmtree(world.live.server.settings.media_dir / str(world.city_id))
    with desk.session.store.writing() as connection:
        media_transfers.distrust(connection)
    exchange(desk)
    assert standing(desk, taken.sha256).state == "sent"
    two = add_desk()
    exchange(two)
    want(two, taken.sha256)
    transfer(two)
    assert standing(two, taken.sha256).state == "here"


def test_a_photo_that_is_gone_from_this_desk_too_can_be_asked_for(add_desk: AddDesk) -> None:
    desk = add_desk()
    taken = photo()
    desk.file_with(taken)
    desk.sync()
    file_of(desk, taken.sha256).unlink()
    transfer(desk)
    found = standing(desk, taken.sha256)
    assert (found.direction, found.state, found.fault) == ("down", "failed", "missing")
    want(desk, taken.sha256)
    assert standing(desk, taken.sha256).state == "wanted"


def test_another_agency_cannot_fetch_it(add_desk: AddDesk, live: Live, tmp_path: Path) -> None:
    one = add_desk()
    taken = photo()
    one.file_with(taken)
    exchange(one)
    other = World(live)
    two = join(other, other.person(), tmp_path / "elsewhere")
    try:
        report = two.file()
        with two.session.store.writing() as connection:
            connection.exec_driver_sql(
                "INSERT INTO media_transfers (sha256, city_id, direction, state, size_bytes) "
                "VALUES (?, ?, 'down', 'wanted', 1)",
                (taken.sha256, report.city_id.bytes),
            )
        exchange(two)
        assert standing(two, taken.sha256).fault == "not_found"
    finally:
        two.close()
