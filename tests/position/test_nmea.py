"""Of what a receiver says, only whole sentences are believed, and only measured positions."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.position.drives import GANDHIPURAM, START, checked, gga, no_fix, rmc
from trafficdesk.domain.records import Place
from trafficdesk.position.fix import Fix, SourceKind
from trafficdesk.position.nmea import Rmc, read_rmc, read_sentence
from trafficdesk.position.nmea_stream import RANGE_ERROR_M, NmeaStream
from trafficdesk.position.receiving import Heard, Quiet, Signal

# As printed in the interface descriptions of receivers, of 1994 and of today.
OLD = b"$GPRMC,123519,A,4807.038,N,01131.000,E,022.4,084.4,230394,003.1,W*6A"
SOUTH_WEST = "GPRMC,101112.00,A,3352.128,S,07033.500,W,0.0,,200826,,,D"


def heard(data: bytes, *, is_live: bool = True) -> list[Heard]:
    return list(NmeaStream(SourceKind.SERIAL, is_live=is_live).hear(data))


def fixes(data: bytes, *, is_live: bool = True) -> list[Fix]:
    return [each for each in heard(data, is_live=is_live) if isinstance(each, Fix)]


def read(body: str) -> Rmc | None:
    sentence = read_sentence(checked(body))
    assert sentence is not None
    return read_rmc(sentence.fields)


def test_a_sentence_becomes_place_time_speed_and_course() -> None:
    sentence = read_sentence(OLD)
    assert sentence is not None
    said = read_rmc(sentence.fields)
    assert said is not None
    assert said.at == datetime(1994, 3, 23, 12, 35, 19, tzinfo=UTC)
    assert said.place == pytest.approx((11 + 31 / 60, 48 + 7.038 / 60))
    assert said.speed_mps == pytest.approx(22.4 * 0.514444, rel=1e-5)
    assert said.heading_deg == 84.4


def test_south_and_west_are_negative_and_no_course_is_none() -> None:
    said = read(SOUTH_WEST)
    assert said is not None
    assert said.place == pytest.approx((-70 - 33.5 / 60, -33 - 52.128 / 60))
    assert said.heading_deg is None


@pytest.mark.parametrize("talker", ["GP", "GN", "GL", "GA", "GB", "BD", "GQ", "GI"])
def test_every_system_of_satellites_is_heard(talker: str) -> None:
    sentence = read_sentence(checked(talker + SOUTH_WEST[2:]))
    assert sentence is not None
    assert sentence.kind == "RMC"


@pytest.mark.parametrize(
    "line",
    [
        OLD[:-2] + b"6B",  # the wrong sum
        OLD[:-3],  # none at all
        OLD[:40],
        OLD[10:],
        OLD.replace(b"4807", b"4907"),
        OLD.replace(b"N", b"\xce"),
        OLD.replace(b"*6A", b"*6A6A"),
        b"$" + OLD[1:].replace(b",", b";"),
        checked("PUBX,00,1").strip(),
        checked("GPRMC," + "1" * 200).strip(),
        b"",
        b"$",
        b"$*00",
        b"\xb5\x62\x01\x07\x5c\x00" + bytes(92),  # u-blox' own binary
    ],
)
def test_a_cut_damaged_or_foreign_line_is_no_sentence(line: bytes) -> None:
    assert read_sentence(line) is None


@pytest.mark.parametrize(
    "body",
    [
        "GPRMC,123519,V,4807.038,N,01131.000,E,022.4,084.4,230326,003.1,W",  # a warning
        "GPRMC,123519,A,4807.038,N,01131.000,E,022.4,084.4,230326,003.1,W,N",  # no fix
        "GPRMC,123519,A,4807.038,N,01131.000,E,022.4,084.4,230326,003.1,W,E",  # estimated
        "GPRMC,123519,A,4807.038,N,01131.000,E,022.4,084.4,230326,003.1,W,M",  # typed in
        "GPRMC,123519,A,4807.038,N,01131.000,E,022.4,084.4,230326,003.1,W,S",  # simulated
        "GPRMC,123519,A,4807.038,N,01131.000,E,022.4,084.4,230326,003.1,W,",
        "GPRMC,123519,A,4807.038,,01131.000,E,022.4,084.4,230326,003.1,W",  # which half?
        "GPRMC,123519,A,4807.038,X,01131.000,E,022.4,084.4,230326,003.1,W",
        "GPRMC,123519,A,4807.038,E,01131.000,N,022.4,084.4,230326,003.1,W",
        "GPRMC,123519,A,9107.038,N,01131.000,E,022.4,084.4,230326,003.1,W",
        "GPRMC,123519,A,4807.038,N,18131.000,E,022.4,084.4,230326,003.1,W",
        "GPRMC,123519,A,4867.038,N,01131.000,E,022.4,084.4,230326,003.1,W",  # minutes
        "GPRMC,123519,A,807.038,N,01131.000,E,022.4,084.4,230326,003.1,W",  # a digit lost
        "GPRMC,123519,A,4807038,N,01131.000,E,022.4,084.4,230326,003.1,W",  # a point lost
        "GPRMC,123519,A,4807.038,N,1131.000,E,022.4,084.4,230326,003.1,W",
        "GPRMC,123519,A,4807.038,N,,,022.4,084.4,230326,003.1,W",
        "GPRMC,243519,A,4807.038,N,01131.000,E,022.4,084.4,230326,003.1,W",
        "GPRMC,123560,A,4807.038,N,01131.000,E,022.4,084.4,230326,003.1,W",  # a leap second
        "GPRMC,,A,4807.038,N,01131.000,E,022.4,084.4,230326,003.1,W",
        "GPRMC,123519,A,4807.038,N,01131.000,E,022.4,084.4,,003.1,W",
        "GPRMC,123519,A,4807.038,N,01131.000,E,022.4,084.4,320326,003.1,W",
        "GPRMC,123519,A,4807.038,N,01131.000,E,022.4,084.4,290226,003.1,W",
        "GPRMC,123519,A,4807.038,N,01131.000,E,022.4,084.4,230326",
        "GPRMC,123519,A,4807.038,N,01131.000,E,022.4,084.4,230326,003.1,W,A,V,1",
        "GPRMC,A",
    ],
)
def test_a_position_that_was_not_measured_or_is_none_is_not_believed(body: str) -> None:
    assert read(body) is None


@pytest.mark.parametrize(("speed", "course"), [("nan", "inf"), ("-3.0", "361"), ("1e3", "x")])
def test_a_speed_or_course_that_is_none_is_left_out(speed: str, course: str) -> None:
    said = read(f"GPRMC,123519,A,4807.038,N,01131.000,E,{speed},{course},230326,,,A")
    assert said is not None
    assert (said.speed_mps, said.heading_deg) == (None, None)


def test_a_status_of_navigation_that_no_receiver_sets_is_no_matter() -> None:
    assert len(fixes(rmc())) == 1  # ends with V, which there means: not provided


@pytest.mark.parametrize("date", ["060180", "120407", "010100", "311299", "200845"])
def test_a_date_of_a_receiver_that_lost_its_weeks_is_not_believed(date: str) -> None:
    data = checked(f"GPRMC,123519,A,1101.08,N,07657.96,E,022.4,084.4,{date},,,A")
    assert fixes(data) == []
    assert len(fixes(data, is_live=False)) == 1  # in a recording every date is right


def test_the_place_where_broken_receivers_are_is_not_believed() -> None:
    assert fixes(checked("GPRMC,123519,A,0000.000,N,00000.000,E,0.0,,230326,,,A")) == []


def test_gga_and_gns_tell_how_good_a_position_is() -> None:
    (fix,) = fixes(gga(hdop="1.4") + rmc())
    assert fix.accuracy_m == pytest.approx(1.4 * RANGE_ERROR_M)
    gns = checked(f"GNGNS,{START:%H%M%S}.00,1101.08,N,07657.96,E,ANAN,14,2.0,411.0,-95.0,,,V")
    assert fixes(gns + rmc())[0].accuracy_m == pytest.approx(2.0 * RANGE_ERROR_M)
    assert fixes(rmc())[0].accuracy_m is None


def test_a_quality_vouches_for_its_own_moment_alone_also_across_midnight() -> None:
    late = datetime(2026, 11, 20, 23, 59, 59, tzinfo=UTC)
    next_second = datetime(2026, 11, 21, tzinfo=UTC)
    assert fixes(gga(late) + rmc(next_second))[0].accuracy_m == pytest.approx(0.9 * RANGE_ERROR_M)
    assert fixes(gga(START) + rmc(next_second))[0].accuracy_m is None


@pytest.mark.parametrize("quality", [0, 6, 7, 8])
def test_a_gga_that_says_it_was_not_measured_outweighs_the_rmc(quality: int) -> None:
    assert fixes(gga(quality=quality) + rmc()) == []


def test_vtg_tells_the_motion_that_an_rmc_leaves_out() -> None:
    vtg = checked("GPVTG,054.7,T,034.4,M,005.5,N,010.2,K,A")
    (fix,) = fixes(vtg + rmc(knots=""))
    assert fix.speed_mps == pytest.approx(5.5 * 1852 / 3600)
    assert fix.heading_deg == 84.4
    for bad in ("GPVTG,054.7,T,034.4,M,005.5,N,010.2,K,N", "GPVTG,054.7,T,034.4,M,010.2,K,005.5,N"):
        assert fixes(checked(bad) + rmc(knots=""))[0].speed_mps is None


def test_a_receiver_without_a_fix_is_heard_with_its_satellites() -> None:
    assert heard(no_fix())[-1] == Signal(satellites=3)


@given(st.binary(max_size=300), st.integers(1, 40))
def test_garbage_is_never_a_fix_and_never_an_error(noise: bytes, size: int) -> None:
    stream = NmeaStream(SourceKind.SERIAL)
    pieces = [noise[i : i + size] for i in range(0, len(noise), size)]
    assert not [each for piece in pieces for each in stream.hear(piece) if isinstance(each, Fix)]


@given(st.integers(0, 250), st.integers(0, 255))
def test_a_byte_that_changed_on_the_way_moves_nobody(where: int, byte: int) -> None:
    """XOR notices every single byte; what is left of the burst may still be heard."""
    burst = bytearray(gga() + rmc())
    burst[where % len(burst)] = byte
    for fix in fixes(bytes(burst)):
        assert fix.at == START
        assert fix.place == pytest.approx(GANDHIPURAM)


@given(st.lists(st.integers(1, 70), min_size=1, max_size=8))
def test_sentences_are_heard_in_whatever_pieces_they_come(sizes: list[int]) -> None:
    stream, burst = NmeaStream(SourceKind.SERIAL), gga() + rmc()
    found: list[Heard] = []
    for size in [*sizes, len(burst)]:
        found += stream.hear(burst[:size])
        burst = burst[size:]
    (fix,) = [each for each in found if isinstance(each, Fix)]
    assert fix.place == pytest.approx(GANDHIPURAM)
    assert Quiet.NOISE not in found


def test_a_sentence_after_one_that_was_cut_is_heard() -> None:
    assert len(fixes(rmc()[:30] + rmc())) == 1
    assert len(fixes(rmc()[30:] + b"\x00\xff\xfe" + rmc())) == 1


def test_bytes_without_an_end_of_line_are_noise_and_are_not_kept() -> None:
    stream = NmeaStream(SourceKind.SERIAL)
    found = [each for _ in range(100) for each in stream.hear(b"\xaa" * 4096)]
    assert set(found) == {Quiet.NOISE}
    assert len(stream._rest) <= 1024
    assert any(isinstance(each, Fix) for each in stream.hear(b"\n" + rmc()))


def test_no_position_gets_into_a_log_through_the_text_of_a_fix() -> None:
    (fix,) = fixes(rmc(place=Place(76.9512, 11.0134)))
    for text in (repr(fix), str(fix), f"{fix}", repr([fix])):
        assert "76" not in text
        assert "11" not in text
