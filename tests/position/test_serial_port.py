"""A receiver on a serial port, through a real pseudo-terminal."""

import errno
import os
import subprocess
import sys
import termios
import tty
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
import serial

from tests.position.conftest import Listen
from tests.position.drives import GANDHIPURAM, START, Notes, gga, no_fix, rmc, until
from trafficdesk.position import serial_port
from trafficdesk.position.serial_port import SPEEDS, SerialReceiver, UsbPort, choose_port
from trafficdesk.position.status import PositionFault, SourceError, State

ROOT = Path(__file__).parent.parent.parent


class Terminal:
    """A port at ``name``; what is said here is heard there."""

    def __init__(self) -> None:
        self.here, self.there = os.openpty()
        tty.setraw(self.there)
        self.name = os.ttyname(self.there)

    def say(self, data: bytes) -> None:
        os.write(self.here, data)

    def speed(self) -> int:
        return int(termios.tcgetattr(self.there)[5])

    def pull_out(self) -> None:
        for end in (self.here, self.there):
            if end >= 0:
                os.close(end)
        self.here = self.there = -1


@pytest.fixture
def terminal() -> Iterator[Terminal]:
    made = Terminal()
    yield made
    made.pull_out()


def talk(terminal: Terminal, notes: Notes, count: int, since: int = 0) -> None:
    """Say one second after the other until each was heard: the port may not be open yet."""
    for n in range(since, since + count):
        have = len(notes.fixes)
        at = START + timedelta(seconds=n)

        def heard(have: int = have, burst: bytes = gga(at) + rmc(at)) -> bool:
            if len(notes.fixes) == have:
                terminal.say(burst)
            return len(notes.fixes) > have

        until(heard)


def test_what_a_receiver_says_becomes_fixes(
    terminal: Terminal, listen: Listen, notes: Notes
) -> None:
    listen(SerialReceiver(terminal.name, 9600))
    talk(terminal, notes, 3)
    assert [fix.place for fix in notes.fixes] == [pytest.approx(GANDHIPURAM)] * 3
    assert [fix.at for fix in notes.fixes] == [START + timedelta(seconds=n) for n in range(3)]


def test_garbage_cut_and_wrong_sentences_on_the_wire_are_passed_over(
    terminal: Terminal, listen: Listen, notes: Notes
) -> None:
    listen(SerialReceiver(terminal.name, 9600))
    talk(terminal, notes, 1)
    later = START + timedelta(seconds=1)
    wrong = bytearray(rmc(later))
    wrong[20] ^= 1
    for piece in (b"\xb5\x62\x00\xff\r\n", bytes(wrong), rmc(later)[:25], b"\r\n", no_fix(later)):
        terminal.say(piece)
    talk(terminal, notes, 1, since=2)
    assert [fix.at for fix in notes.fixes] == [START, START + timedelta(seconds=2)]


def test_an_unknown_speed_is_found_by_trying(
    terminal: Terminal, listen: Listen, notes: Notes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(serial_port, "TRY_S", 0.1)
    listen(SerialReceiver(terminal.name))
    speeds = {getattr(termios, f"B{speed}") for speed in SPEEDS}
    seen: set[int] = set()

    def all_tried() -> bool:
        terminal.say(b"\xff\x00\x80")
        seen.add(terminal.speed())
        return speeds <= seen

    until(all_tried)
    talk(terminal, notes, 1)
    found = terminal.speed()
    monkeypatch.setattr(serial_port, "TRY_S", 0.0)
    for n in range(1, 6):
        talk(terminal, notes, 1, since=n)
        assert terminal.speed() == found


def test_a_port_that_is_pulled_out_is_told_and_used_again_when_it_is_back(
    terminal: Terminal, listen: Listen, notes: Notes, tmp_path: Path
) -> None:
    plug = tmp_path / "gps"
    plug.symlink_to(terminal.name)
    listen(SerialReceiver(str(plug), 9600))
    talk(terminal, notes, 1)
    plug.unlink()
    terminal.pull_out()
    notes.wait_for_fault(PositionFault.BROKEN_OFF)
    notes.wait_for_fault(PositionFault.NO_PORT)
    again = Terminal()
    plug.symlink_to(again.name)
    talk(again, notes, 1, since=5)
    again.pull_out()
    assert State.FIXED in notes.states()[-3:]


def test_a_port_that_is_not_there_is_named(listen: Listen, notes: Notes, tmp_path: Path) -> None:
    missing = str(tmp_path / "ttyUSB0")
    listen(SerialReceiver(missing, 9600))
    fault = notes.wait_for_fault(PositionFault.NO_PORT).fault
    assert fault is not None
    assert fault.data["path"] == missing


def test_a_file_that_is_no_port_is_named(listen: Listen, notes: Notes, tmp_path: Path) -> None:
    (tmp_path / "notes").write_text("no port", encoding="utf-8")
    listen(SerialReceiver(str(tmp_path / "notes"), 9600))
    notes.wait_for_fault(PositionFault.PORT_FAILED)


def test_a_port_that_another_program_reads_is_busy(
    terminal: Terminal, listen: Listen, notes: Notes
) -> None:
    with serial.Serial(terminal.name, 9600, exclusive=True):
        listen(SerialReceiver(terminal.name, 9600))
        notes.wait_for_fault(PositionFault.PORT_BUSY)
    talk(terminal, notes, 1)


def test_a_port_that_this_user_may_not_read_says_so(terminal: Terminal) -> None:
    """In a program of its own: the superuser may read everything."""
    Path(terminal.name).chmod(0)
    child = (
        "import os, sys\n"
        "from trafficdesk.position.serial_port import SerialReceiver\n"
        "from trafficdesk.position.status import SourceError\n"
        "if os.geteuid() == 0: os.setuid(65_534)\n"
        "try: next(SerialReceiver(sys.argv[1], 9600).listen())\n"
        "except SourceError as error: print(error.fault.code)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", child, terminal.name],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout.strip() == PositionFault.NOT_PERMITTED, done.stderr


@pytest.mark.parametrize(
    ("error", "fault"),
    [
        (serial.SerialException(errno.ENOENT, "no"), PositionFault.NO_PORT),
        (serial.SerialException(errno.ENXIO, "no"), PositionFault.NO_PORT),
        (serial.SerialException(errno.EBUSY, "no"), PositionFault.PORT_BUSY),
        (
            serial.SerialException("could not open port 'COM9': FileNotFoundError(2, '…')"),
            PositionFault.NO_PORT,
        ),
        (
            serial.SerialException("could not open port 'COM3': PermissionError(13, '…')"),
            PositionFault.PORT_BUSY,
        ),
        (serial.SerialException("Cannot configure port"), PositionFault.PORT_FAILED),
        (ValueError("Not a valid baudrate"), PositionFault.PORT_FAILED),
    ],
)
def test_the_reason_is_found_as_each_system_tells_it(
    error: Exception, fault: PositionFault
) -> None:
    assert serial_port._why_not(error) is fault


def test_the_one_port_behind_usb_is_the_receivers() -> None:
    assert choose_port([UsbPort("COM4", 0x067B)]) == "COM4"
    assert choose_port([UsbPort("COM4", 0x067B), UsbPort("COM7", 0x1546)]) == "COM7"


def test_no_port_or_several_are_for_a_person_to_say() -> None:
    with pytest.raises(SourceError) as none:
        choose_port([])
    assert none.value.fault.code is PositionFault.NO_RECEIVER_PORT
    with pytest.raises(SourceError) as several:
        choose_port([UsbPort("ttyUSB1", 1), UsbPort("ttyUSB0", 2)])
    assert several.value.fault.code is PositionFault.WHICH_PORT
    assert several.value.fault.data["detail"] == "ttyUSB0, ttyUSB1"
