"""gpsd is asked as its protocol says, and of what it reports only what was measured is taken."""

import math
import socket
import threading
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest

from tests.position.conftest import Listen
from tests.position.drives import Notes
from tests.position.gpsd_server import SKY, TPV, GpsdServer
from trafficdesk.position.fix import Fix, SourceKind
from trafficdesk.position.gpsd import GpsdReceiver, _fix_of, _Report
from trafficdesk.position.status import PositionFault, State


@pytest.fixture
def gpsd() -> Iterator[GpsdServer]:
    server = GpsdServer()
    yield server
    server.close()


def tpv(second: int = 0, **other: object) -> dict[str, Any]:
    at = datetime(2026, 11, 20, 9, 30, second, tzinfo=UTC)
    return {**TPV, "time": at.isoformat().replace("+00:00", "Z"), **other}


def fix_of(**other: object) -> Fix | None:
    return _fix_of(msgspec.convert({**TPV, **other}, _Report))


def test_a_report_becomes_a_fix(gpsd: GpsdServer, listen: Listen, notes: Notes) -> None:
    listen(GpsdReceiver("127.0.0.1", gpsd.port))
    gpsd.wait_for_watch()
    assert gpsd.commands == ['?WATCH={"enable":true,"json":true};\n']
    gpsd.report(SKY, tpv())
    notes.wait_for_fixes(1)
    (fix,) = notes.fixes
    assert (fix.place, fix.source) == ((76.966, 11.018), SourceKind.GPSD)
    assert fix.at == datetime(2026, 11, 20, 9, 30, tzinfo=UTC)
    assert (fix.accuracy_m, fix.speed_mps, fix.heading_deg) == (6.5, 6.4, 84.4)
    assert notes.statuses[-1].satellites == 5


def test_no_fix_is_searching_with_its_satellites(
    gpsd: GpsdServer, listen: Listen, notes: Notes
) -> None:
    listen(GpsdReceiver("127.0.0.1", gpsd.port))
    gpsd.wait_for_watch()
    gpsd.report({"class": "TPV", "mode": 1}, SKY, {"class": "TPV", "mode": 0})
    notes.wait_for(lambda: notes.statuses[-1].satellites == 5)
    assert notes.states() == [State.SEARCHING]


@pytest.mark.parametrize(
    "other",
    [
        {"mode": 1},
        {"status": 8},  # simulated
        {"status": 5},  # dead reckoning
        {"lat": None},
        {"lat": 91.0},
        {"lon": -180.5},
        {"lat": 0.0, "lon": 0.0},
        {"time": None},
        {"time": datetime(2007, 4, 6, tzinfo=UTC)},  # 1024 weeks ago
        {"time": datetime(1999, 12, 31, tzinfo=UTC)},
        {"time": datetime(2026, 11, 20, tzinfo=UTC).replace(tzinfo=None)},  # of which zone?
    ],
)
def test_what_was_not_measured_or_cannot_be_is_no_fix(other: dict[str, object]) -> None:
    assert fix_of() is not None
    assert fix_of(**other) is None


def test_the_error_is_taken_from_its_parts_and_may_be_missing() -> None:
    parted = fix_of(eph=None, epx=3.0, epy=4.0)
    assert parted is not None
    assert parted.accuracy_m == 5.0
    for nothing in (None, -1.0, math.inf, math.nan):
        bare = fix_of(eph=nothing, speed=nothing, track=nothing)
        assert bare is not None
        assert (bare.accuracy_m, bare.speed_mps, bare.heading_deg) == (None, None, None)


def test_cut_wrong_and_unknown_reports_are_passed_over(
    gpsd: GpsdServer, listen: Listen, notes: Notes
) -> None:
    listen(GpsdReceiver("127.0.0.1", gpsd.port))
    gpsd.wait_for_watch()
    gpsd.send(b'{"class":"TPV","mode":3,"lat":11.0\r\n')
    gpsd.send(b'{"class":"TPV","mode":3,"lat":"11.0","lon":"76.9"}\r\n')
    gpsd.send(b'{"class":"TPV","mode":3,"lat":NaN,"lon":76.9}\r\n[1]\r\nnull\r\n\xff\xfe\r\n')
    gpsd.send(b'{"class":"TPV","mode":3,"lat":1e999,"lon":76.9,"time":"2026-11-20T09:30:00Z"}\r\n')
    gpsd.report({"class": "AIS", "lat": 1, "lon": 1}, {"class": "POLL", "tpv": [tpv()]})
    gpsd.report(tpv(7))
    notes.wait_for_fixes(1)
    assert [fix.at.second for fix in notes.fixes] == [7]


def test_it_connects_again_when_gpsd_was_started_anew(
    gpsd: GpsdServer, listen: Listen, notes: Notes
) -> None:
    listen(GpsdReceiver("127.0.0.1", gpsd.port))
    gpsd.wait_for_watch()
    gpsd.report(tpv(0))
    notes.wait_for_fixes(1)
    gpsd.hang_up()
    gpsd.wait_for_watch(2)
    gpsd.report(tpv(5))
    notes.wait_for_fixes(2)
    assert notes.fixes[1].at - notes.fixes[0].at == timedelta(seconds=5)
    assert notes.states() == [State.SEARCHING, State.FIXED, State.FAULT, State.FIXED]
    assert notes.faults() == [PositionFault.BROKEN_OFF]


def test_no_gpsd_is_told_with_where_it_was_looked_for(listen: Listen, notes: Notes) -> None:
    with closing(socket.socket()) as unheard:
        unheard.bind(("127.0.0.1", 0))
        port = unheard.getsockname()[1]
        listen(GpsdReceiver("127.0.0.1", port))
        fault = notes.wait_for_fault(PositionFault.NO_GPSD).fault
    assert fault is not None
    assert fault.data["path"] == f"127.0.0.1:{port}"


def test_a_gpsd_without_a_receiver_says_so(listen: Listen, notes: Notes) -> None:
    server = GpsdServer(devices=())
    try:
        listen(GpsdReceiver("127.0.0.1", server.port))
        notes.wait_for_fault(PositionFault.GPSD_WITHOUT_RECEIVER)
    finally:
        server.close()


@pytest.mark.parametrize(
    "greeting",
    [
        {"class": "VERSION", "release": "9", "proto_major": 9, "proto_minor": 0},
        TPV,
        {"error": "no"},
        None,
    ],
)
def test_another_server_at_the_port_is_no_gpsd(
    greeting: object, listen: Listen, notes: Notes
) -> None:
    server = GpsdServer(greeting=greeting)
    try:
        listen(GpsdReceiver("127.0.0.1", server.port, greeting_s=0.2))
        notes.wait_for_fault(PositionFault.NOT_GPSD)
    finally:
        server.close()
    assert server.commands == []
    assert notes.fixes == []


def test_a_server_that_never_ends_its_line_is_left(listen: Listen, notes: Notes) -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as flood:

        def serve() -> None:
            try:
                while True:
                    client, _ = flood.accept()
                    with client:
                        while True:
                            client.sendall(b"x" * 65_536)
            except OSError:
                return

        thread = threading.Thread(target=serve)
        thread.start()
        watch = listen(GpsdReceiver("127.0.0.1", flood.getsockname()[1], greeting_s=600.0))
        notes.wait_for_fault(PositionFault.NOT_GPSD)
        watch.stop()
        flood.shutdown(socket.SHUT_RDWR)
        thread.join()
