"""The watch tells how things stand, hands on what is believed, and tries again what failed."""

import threading
import time
from collections.abc import Generator
from dataclasses import dataclass, field, replace
from datetime import timedelta

from tests.position.conftest import Listen
from tests.position.drives import ENOUGH_S, QUICK, Notes, fix_at, until
from trafficdesk.position.receiving import Heard, Quiet, Signal
from trafficdesk.position.sieve import Verdict
from trafficdesk.position.status import PositionFault, SourceError, State
from trafficdesk.position.watch import Patience

DEAF = Patience(lost_s=ENOUGH_S, silent_s=0.1, retry_s=0.01, longest_retry_s=0.05)


@dataclass
class Script:
    """A receiver that plays lists, one each time it is opened; an error in a list is raised."""

    turns: list[list[Heard | SourceError]]
    then: Heard = Quiet.SILENCE
    opened: int = 0
    closed: threading.Event = field(default_factory=threading.Event)

    def listen(self) -> Generator[Heard, None, None]:
        self.opened += 1
        turn = self.turns.pop(0) if self.turns else []
        try:
            for each in turn:
                if isinstance(each, SourceError):
                    raise each
                yield each
            while True:
                time.sleep(0.01)
                yield self.then
        finally:
            self.closed.set()


def drive(count: int, since: int = 0) -> list[Heard | SourceError]:
    return [fix_at(since + n, 15.0 * (since + n), speed_mps=15.0) for n in range(count)]


def test_it_searches_then_is_fixed_then_lost_then_fixed_again(listen: Listen, notes: Notes) -> None:
    receiver = Script([[Quiet.SILENCE, Signal(3), *drive(2)]], then=Signal(2))
    listen(receiver)
    notes.wait_for_state(State.LOST)
    assert notes.states() == [State.SEARCHING, State.FIXED, State.LOST]
    assert notes.statuses[-1].satellites == 2
    receiver.then = fix_at(60, 900)
    notes.wait_for(lambda: notes.states()[-1] is State.FIXED)


def test_the_status_is_told_before_the_first_fix_and_only_when_it_changes(
    listen: Listen, notes: Notes
) -> None:
    listen(Script([drive(5)]), replace(QUICK, lost_s=ENOUGH_S))
    notes.wait_for_fixes(5)
    assert [each.state for each in notes.statuses] == [State.SEARCHING, State.FIXED]


def test_what_is_not_believed_is_counted_and_handed_to_nobody(listen: Listen, notes: Notes) -> None:
    odd = [fix_at(2, 300_000), fix_at(3, accuracy_m=5000.0), fix_at(0.5)]
    watch = listen(Script([[*drive(2), *odd, *drive(2, since=4)]]))
    notes.wait_for_fixes(4)
    assert [each.at for each in notes.fixes] == [fix_at(n).at for n in (0, 1, 4, 5)]
    assert watch.verdicts == {
        Verdict.TAKEN: 4,
        Verdict.JUMPED: 1,
        Verdict.INACCURATE: 1,
        Verdict.STALE: 1,
    }


def test_a_receiver_that_guesses_is_not_fixed(listen: Listen, notes: Notes) -> None:
    guesses: list[Heard | SourceError] = [fix_at(n, accuracy_m=2000.0) for n in range(5)]
    watch = listen(Script([guesses]))
    until(lambda: watch.verdicts[Verdict.INACCURATE] == 5)
    assert notes.states() == [State.SEARCHING]
    assert notes.fixes == []


def test_a_source_that_fails_is_told_and_opened_again(listen: Listen, notes: Notes) -> None:
    gone = SourceError(PositionFault.NO_PORT, path="/dev/ttyUSB9")
    receiver = Script([[gone], [gone], [gone], drive(2)])
    listen(receiver)
    notes.wait_for_fixes(2)
    assert receiver.opened == 4
    assert notes.states() == [State.SEARCHING, State.FAULT, State.FIXED]
    assert notes.faults() == [PositionFault.NO_PORT]  # told once
    fault = notes.statuses[1].fault
    assert fault is not None
    assert fault.data == {"path": "/dev/ttyUSB9"}


def test_a_line_that_breaks_off_goes_on_where_it_was(listen: Listen, notes: Notes) -> None:
    broken = SourceError(PositionFault.BROKEN_OFF)
    listen(Script([[*drive(2), broken], drive(2, since=2)]))
    notes.wait_for_fixes(4)
    assert notes.states() == [State.SEARCHING, State.FIXED, State.FAULT, State.FIXED]


def test_a_source_that_answers_only_to_fail_does_not_flicker(listen: Listen, notes: Notes) -> None:
    empty = SourceError(PositionFault.GPSD_WITHOUT_RECEIVER)
    receiver = Script([[Quiet.SILENCE, empty], [Quiet.SILENCE, empty], [Quiet.SILENCE, empty]])
    listen(receiver)
    until(lambda: receiver.opened == 4)
    assert notes.states() == [State.SEARCHING, State.FAULT]
    receiver.then = Signal(1)
    notes.wait_for(lambda: notes.states()[-1] is State.SEARCHING)


def test_each_failure_waits_longer_up_to_a_bound() -> None:
    waits = [Patience().delay_s(failures) for failures in (0, 1, 2, 3, 4, 5, 60, 5000)]
    assert waits == [1.0, 2.0, 4.0, 8.0, 16.0, 30.0, 30.0, 30.0]


def test_a_word_that_is_understood_ends_the_waiting(listen: Listen, notes: Notes) -> None:
    gone = SourceError(PositionFault.NO_GPSD)
    receiver = Script([[gone], [gone], [gone]], then=Signal())
    watch = listen(receiver)
    until(lambda: receiver.opened == 4)
    until(lambda: watch._failures == 0)
    assert notes.faults() == [PositionFault.NO_GPSD]


def test_silence_is_a_fault_and_the_source_is_opened_anew(listen: Listen, notes: Notes) -> None:
    receiver = Script([])
    listen(receiver, DEAF)
    until(lambda: receiver.opened >= 3)
    assert notes.faults() == [PositionFault.SILENT]  # and does not flicker with each try
    receiver.then = Signal(4)
    notes.wait_for(lambda: notes.states()[-1] is State.SEARCHING)


def test_noise_alone_is_a_fault_of_its_own(listen: Listen, notes: Notes) -> None:
    listen(Script([], then=Quiet.NOISE), DEAF)
    notes.wait_for_fault(PositionFault.UNREADABLE)


def test_a_source_that_is_at_its_end_says_so_and_is_not_opened_again(
    listen: Listen, notes: Notes
) -> None:
    class Ending(Script):
        def listen(self) -> Generator[Heard, None, None]:
            self.opened += 1
            yield fix_at(0)

    receiver = Ending([])
    watch = listen(receiver)
    notes.wait_for_fault(PositionFault.REPLAY_OVER)
    until(lambda: not watch._thread.is_alive())
    assert receiver.opened == 1


def test_stopping_closes_the_source_and_ends_the_thread(listen: Listen, notes: Notes) -> None:
    receiver = Script([drive(1)])
    watch = listen(receiver)
    notes.wait_for_fixes(1)
    watch.stop()
    assert receiver.closed.is_set()
    assert not watch._thread.is_alive()
    assert notes.states()[-1] in {State.FIXED, State.LOST}  # nothing is told of the end


def test_a_watch_may_be_stopped_by_whom_it_tells_and_before_it_began(
    listen: Listen, notes: Notes
) -> None:
    watch = listen(Script([drive(1)], then=fix_at(0)))
    notes.wait_for_fixes(1)
    late = listen(Script([drive(1)]))
    late.stop()
    watch.stop(wait_s=0)
    until(lambda: not watch._thread.is_alive())


def test_a_moment_is_told_as_the_receiver_said_it(listen: Listen, notes: Notes) -> None:
    listen(Script([drive(2)]))
    notes.wait_for_fixes(2)
    assert notes.fixes[1].at - notes.fixes[0].at == timedelta(seconds=1)
