"""A policy says where positions come from; without one they are off."""

from pathlib import Path

import msgspec
import pytest

from trafficdesk.policy.reading import MachinePolicy
from trafficdesk.policy.schema import Policy, PositionRules
from trafficdesk.position.fix import SourceKind
from trafficdesk.position.gpsd import GpsdReceiver
from trafficdesk.position.network import TcpReceiver, UdpReceiver
from trafficdesk.position.policy import PositionPolicy, Source, load_policy, read_source
from trafficdesk.position.receiving import Receiver
from trafficdesk.position.replay import ReplayReceiver
from trafficdesk.position.serial_port import SerialReceiver
from trafficdesk.position.sources import receiver_of
from trafficdesk.position.status import PositionFault, SourceError
from trafficdesk.profile import Profile


@pytest.mark.parametrize(
    ("text", "receiver"),
    [
        ("off", None),
        ("qt", None),
        ("gpsd", GpsdReceiver("localhost", 2947)),
        (" gpsd:car-router:12947 ", GpsdReceiver("car-router", 12947)),
        ("gpsd:[::1]:2947", GpsdReceiver("::1", 2947)),
        ("serial", SerialReceiver()),
        ("serial:COM3", SerialReceiver("COM3")),
        ("serial:/dev/ttyUSB0@4800", SerialReceiver("/dev/ttyUSB0", 4800)),
        ("tcp:192.168.1.1:10110", TcpReceiver("192.168.1.1", 10110)),
        ("udp:10110", UdpReceiver("127.0.0.1", 10110)),
        ("udp:192.168.1.5:2000", UdpReceiver("192.168.1.5", 2000)),
        ("replay:C:\\drives\\a.nmea", ReplayReceiver(Path("C:\\drives\\a.nmea"), 1.0)),
        ("replay:10x:drive.gpx", ReplayReceiver(Path("drive.gpx"), 10.0)),
        ("replay:0.5x:2x:odd", ReplayReceiver(Path("2x:odd"), 0.5)),
    ],
)
def test_each_source_is_read_with_its_parts(text: str, receiver: Receiver | None) -> None:
    assert receiver_of(read_source(text)) == receiver


@pytest.mark.parametrize(
    "text",
    [
        *("", "on", "off:now", "gps", "GPSD", "qt:1", "gpsd:host", "gpsd:host:", "gpsd::2947"),
        *("gpsd:host:0", "gpsd:host:70000", "gpsd:host:²", "tcp", "tcp:10110", "udp", "udp:x"),
        *("serial:@9600", "serial:COM3@", "serial:COM3@fast", "serial:COM3@0"),
        *("replay", "replay:", "replay:0x:drive.gpx", "replay:5000x:drive.gpx"),
    ],
)
def test_another_word_is_told_as_it_stands(text: str) -> None:
    with pytest.raises(SourceError) as caught:
        read_source(text)
    assert caught.value.fault.code is PositionFault.POLICY_UNKNOWN
    assert caught.value.fault.data["detail"] == text


def test_positions_are_off_until_somebody_turns_them_on(tmp_path: Path) -> None:
    path = tmp_path / "settings.json"
    assert read_source(load_policy(Profile(tmp_path)).source) == Source(SourceKind.OFF)
    for damaged in (
        "",
        "{",
        "[]",
        '{"position": 5}',
        '{"position": {"source": ["gpsd"]}}',
        "\udcff",
    ):
        path.write_bytes(damaged.encode("utf-8", "surrogateescape"))
        assert load_policy(Profile(tmp_path)) == PositionPolicy()


def test_the_policy_is_read_from_the_settings_beside_what_else_stands_there(tmp_path: Path) -> None:
    path = tmp_path / "settings.json"
    policy = {"source": "gpsd", "keep_days": 30}
    path.write_bytes(msgspec.json.encode({"theme": "dark", "position": policy, "keys": {}}))
    assert load_policy(Profile(tmp_path)) == PositionPolicy("gpsd", 30)


def test_the_machines_policy_goes_before_the_settings(tmp_path: Path) -> None:
    (tmp_path / "settings.json").write_text('{"position": {"source": "qt"}}')
    rules = Policy(position=PositionRules("gpsd", 3))
    profile = Profile(tmp_path, MachinePolicy(rules, "policies.json"))
    assert load_policy(profile) == PositionPolicy("gpsd", 3)


@pytest.mark.parametrize(("days", "kept"), [(-3, 0), (0, 0), (7, 7), (100_000, 90)])
def test_positions_are_kept_for_a_bounded_time(days: int, kept: int) -> None:
    assert PositionPolicy("gpsd", days).bounded_days == kept
