"""A recorded drive is played again, in its own time or faster, and never into the future."""

import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.position.conftest import Listen
from tests.position.drives import Notes, checked, gga, no_fix, rmc
from trafficdesk.domain.records import Place
from trafficdesk.position.fix import Fix, SourceKind
from trafficdesk.position.gpx import NoGpxError, read_gpx
from trafficdesk.position.replay import ReplayReceiver, read_recording
from trafficdesk.position.status import PositionFault, SourceError, State

DRIVEN = datetime(2019, 5, 4, 8, 0, tzinfo=UTC)
NOW = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)
GPX = """<?xml version="1.0" encoding="UTF-8"?>
<gpx version="1.1" creator="a recorder" xmlns="http://www.topografix.com/GPX/1/1">
  <metadata><time>2019-05-04T07:00:00Z</time></metadata>
  <wpt lat="1" lon="2"><time>2019-05-04T07:30:00Z</time></wpt>
  <trk><name>Patrol</name><trkseg>
    <trkpt lat="11.0180" lon="76.9660"><ele>411</ele><time>2019-05-04T08:00:00Z</time></trkpt>
    <trkpt lat="11.0181" lon="76.9670"><time> 2019-05-04T08:00:10.500Z </time></trkpt>
    <trkpt lat="11.0182" lon="76.9680"></trkpt>
    <trkpt lat="99" lon="76.9690"><time>2019-05-04T08:00:20Z</time></trkpt>
    <trkpt lat="11.0183"><time>2019-05-04T08:00:20Z</time></trkpt>
    <trkpt lat="11.0184" lon="76.9700"><time>yesterday</time></trkpt>
  </trkseg><trkseg>
    <trkpt lat="11.0185" lon="76.9710"><time>2019-05-04T13:30:30+05:30</time></trkpt>
  </trkseg></trk>
</gpx>
"""


def drive(seconds: int) -> bytes:
    return b"".join(
        gga(at) + rmc(at, Place(76.966 + n * 0.0001, 11.018))
        for n in range(seconds)
        for at in [DRIVEN + timedelta(seconds=n)]
    )


def write(path: Path, data: bytes | str) -> Path:
    path.write_bytes(data if isinstance(data, bytes) else data.encode("utf-8"))
    return path


def played(receiver: ReplayReceiver) -> list[Fix]:
    return [each for each in receiver.listen() if isinstance(each, Fix)]


def fault_of(path: Path) -> PositionFault:
    with pytest.raises(SourceError) as caught:
        read_recording(path)
    assert caught.value.fault.data["path"] == str(path)
    return caught.value.fault.code


def test_a_gpx_holds_the_points_of_its_tracks_that_have_place_and_time() -> None:
    fixes = read_gpx(GPX.encode("utf-8"))
    assert [fix.place.lon for fix in fixes] == [76.966, 76.967, 76.971]
    assert [(fix.at - DRIVEN).total_seconds() for fix in fixes] == [0, 10.5, 30]


def test_a_recording_is_read_as_what_it_is_whatever_its_name(tmp_path: Path) -> None:
    assert len(read_recording(write(tmp_path / "drive.log", b"\xef\xbb\xbf" + GPX.encode()))) == 3
    assert len(read_recording(write(tmp_path / "drive.gpx", drive(4)))) == 4


def test_cut_and_wrong_sentences_of_a_recording_are_passed_over(tmp_path: Path) -> None:
    data = b"# recorded by hand\n" + rmc(DRIVEN)[:30] + b"\n" + no_fix(DRIVEN) + drive(2)
    data += checked("GPRMC,080009,A,1101.08,N,07657.96,E,1.0,84.4,040519,,,A").replace(b"8", b"9")
    assert len(read_recording(write(tmp_path / "drive.nmea", data.rstrip()))) == 2


def test_a_recording_of_parts_in_the_wrong_order_is_played_in_the_order_of_its_times(
    tmp_path: Path,
) -> None:
    bursts = drive(4).split(b"\r\n")
    swapped = b"\r\n".join([*bursts[4:8], *bursts[:4], b""])
    times = [fix.at for fix in read_recording(write(tmp_path / "drive.nmea", swapped))]
    assert times == [DRIVEN + timedelta(seconds=n) for n in range(4)]


def test_a_drive_is_played_to_now_with_its_own_distances_in_time(tmp_path: Path) -> None:
    path = write(tmp_path / "drive.nmea", drive(21))
    fixes = played(ReplayReceiver(path, 1000.0, clock=lambda: NOW))
    first = fixes[0].at
    assert [(fix.at - first).total_seconds() for fix in fixes] == list(range(21))
    assert fixes[-1].at == NOW + timedelta(milliseconds=20)
    assert {fix.source for fix in fixes} == {SourceKind.REPLAY}
    assert not any(fix.at.microsecond % 1000 for fix in fixes)


def test_each_fix_comes_when_it_is_due(tmp_path: Path) -> None:
    path = write(tmp_path / "drive.nmea", drive(5))
    began_s = time.monotonic()
    came_s = [
        time.monotonic() - began_s
        for each in ReplayReceiver(path, 20.0).listen()
        if isinstance(each, Fix)
    ]
    assert len(came_s) == 5
    assert all(came >= n / 20 for n, came in enumerate(came_s))


def test_in_its_own_time_the_first_fix_is_of_now(tmp_path: Path) -> None:
    path = write(tmp_path / "drive.nmea", drive(30))
    heard = ReplayReceiver(path, clock=lambda: NOW).listen()
    first = next(heard)
    heard.close()
    assert isinstance(first, Fix)
    assert first.at == NOW


def test_a_watch_plays_a_recording_to_its_end(tmp_path: Path, listen: Listen, notes: Notes) -> None:
    listen(ReplayReceiver(write(tmp_path / "drive.gpx", GPX), 1000.0))
    notes.wait_for_fault(PositionFault.REPLAY_OVER)
    assert len(notes.fixes) == 3
    assert notes.states() == [State.SEARCHING, State.FIXED, State.FAULT]


@pytest.mark.parametrize("data", ["", "\n\n", "no recording", "<gpx></gpx>", "<gpx><trk>", "<"])
def test_a_file_without_a_fix_is_named(data: str, tmp_path: Path) -> None:
    assert fault_of(write(tmp_path / "x", data)) is PositionFault.FILE_WITHOUT_FIXES


def test_a_file_that_is_not_there_or_a_folder_is_named(tmp_path: Path) -> None:
    assert fault_of(tmp_path / "none.gpx") is PositionFault.NO_FILE
    assert fault_of(tmp_path) is PositionFault.NO_FILE


def test_a_recording_that_is_too_big_is_not_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("trafficdesk.position.replay.LARGEST_FILE_BYTES", 100)
    assert fault_of(write(tmp_path / "x", drive(5))) is PositionFault.FILE_WITHOUT_FIXES


def test_a_gpx_that_declares_entities_is_refused() -> None:
    laughs = '<!DOCTYPE gpx [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]><gpx>&b;</gpx>'
    with pytest.raises(NoGpxError):
        read_gpx(laughs.encode())
