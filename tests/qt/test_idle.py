"""The desk locks when nobody touched it for the minutes chosen, at most thirty."""

import time
from collections.abc import Iterator

import pytest

from trafficdesk.qt.idle import IdleLock

pytestmark = pytest.mark.usefixtures("qapp")


class Clock:
    def __init__(self) -> None:
        self.monotonic_s = 1000.0
        self.wall_s = 50_000.0

    def pass_time(self, seconds: float, *, asleep: bool = False) -> None:
        self.wall_s += seconds
        self.monotonic_s += 0 if asleep else seconds


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    made = Clock()
    monkeypatch.setattr(time, "monotonic", lambda: made.monotonic_s)
    monkeypatch.setattr(time, "time", lambda: made.wall_s)
    return made


@pytest.fixture
def idle(clock: Clock) -> Iterator[IdleLock]:
    made = IdleLock(10)
    assert clock.monotonic_s == 1000.0
    made.start()
    yield made
    made.stop()


def test_it_expires_once_when_the_minutes_are_over(idle: IdleLock, clock: Clock) -> None:
    expired: list[str] = []
    idle.expired.connect(lambda: expired.append("x"))
    clock.pass_time(9 * 60 + 59)
    idle.check()
    assert expired == []
    clock.pass_time(2)
    idle.check()
    idle.check()
    assert expired == ["x"]


def test_a_laptop_that_slept_past_its_time_wakes_up_locked(idle: IdleLock, clock: Clock) -> None:
    expired: list[str] = []
    idle.expired.connect(lambda: expired.append("x"))
    clock.pass_time(11 * 60, asleep=True)
    idle.check()
    assert expired == ["x"]


def test_a_wall_clock_set_back_does_not_keep_the_desk_open(idle: IdleLock, clock: Clock) -> None:
    expired: list[str] = []
    idle.expired.connect(lambda: expired.append("x"))
    clock.pass_time(11 * 60)
    clock.wall_s = 0
    idle.check()
    assert expired == ["x"]


@pytest.mark.parametrize(("wanted", "minutes"), [(None, 15), (0, 1), (20, 20), (600, 30)])
def test_the_time_stays_within_one_and_thirty_minutes(wanted: int | None, minutes: int) -> None:
    assert IdleLock(wanted).minutes == minutes


def test_starting_again_gives_the_whole_time(idle: IdleLock, clock: Clock) -> None:
    expired: list[str] = []
    idle.expired.connect(lambda: expired.append("x"))
    clock.pass_time(9 * 60)
    idle.start()
    clock.pass_time(9 * 60)
    idle.check()
    assert expired == []
