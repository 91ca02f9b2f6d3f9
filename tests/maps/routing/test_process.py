"""Whatever the routing engine does, whoever asks it gets an answer or a fault, and soon."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from threading import Thread

import pytest

from trafficdesk.domain.records import Place
from trafficdesk.domain.travel import Basis, StraightLine, TravelFault
from trafficdesk.maps.routing.by_road import ByRoad
from trafficdesk.maps.routing.messages import ReachAsked, ReachFound, TimesAsked
from trafficdesk.maps.routing.process import EngineError, EngineProcess, Limits, engine_command

ROOT = Path(__file__).resolve().parents[3]
STAND_IN = Path(__file__).with_name("stand_in.py")
HERE = Place(9.52, 47.14)
PATIENT = Limits(answer_s=60, start_s=120, rest_s=600)
WAIT_S = 30

Start = Callable[..., EngineProcess]


@pytest.fixture
def start(monkeypatch: pytest.MonkeyPatch) -> Iterator[Start]:
    """Start stand-ins that behave in some way, and end them after the test."""
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    started: list[EngineProcess] = []

    def make(how: str, limits: Limits = PATIENT) -> EngineProcess:
        started.append(EngineProcess((sys.executable, str(STAND_IN), how), limits))
        return started[-1]

    yield make
    for engine in started:
        engine.close()


def ask(engine: EngineProcess, number: int = 1) -> int:
    """Ask, and return the id of the process that answered."""
    found = engine.ask(ReachAsked(number, HERE, 5))
    assert isinstance(found, ReachFound)
    process = found.geometry["process"]
    assert isinstance(process, int)
    return process


def fault_of(engine: EngineProcess, number: int = 1) -> TravelFault:
    with pytest.raises(EngineError) as told:
        ask(engine, number)
    return told.value.fault


def make_hasty(engine: EngineProcess) -> None:
    """From now on wait for a moment only: what is to come never answers anyway."""
    engine._limits = replace(engine._limits, answer_s=0.05)


def is_running(process: int) -> bool:
    """Tell whether a process is there; one that waits to be buried is not."""
    try:
        os.kill(process, 0)
        stat = Path(f"/proc/{process}/stat").read_text(encoding="utf-8")
    except OSError:
        return False
    return stat.rpartition(")")[2].split()[0] != "Z"


def has_gone(process: int) -> bool:
    """Wait until a process has ended."""
    until = time.monotonic() + WAIT_S
    while is_running(process) and time.monotonic() < until:
        time.sleep(0.01)
    return not is_running(process)


def test_one_process_answers_one_question_after_another(start: Start) -> None:
    engine = start("well")
    assert len({ask(engine, number) for number in range(5)}) == 1
    assert engine.fault is None


def test_questions_from_several_threads_each_get_their_own_answer(start: Start) -> None:
    engine, heard = start("well"), list[int]()

    def work(first: int) -> None:
        heard.extend(ask(engine, first + number) for number in range(20))

    threads = [Thread(target=work, args=(100 * at,)) for at in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(heard) == 80
    assert len(set(heard)) == 1


def test_a_process_that_was_killed_is_started_again_unnoticed(start: Start) -> None:
    engine = start("well")
    first = ask(engine)
    os.kill(first, signal.SIGKILL)
    assert has_gone(first)
    assert ask(engine) != first


def test_a_process_that_ends_between_questions_is_started_again(start: Start) -> None:
    engine = start("ends after an answer")
    first = ask(engine)
    assert has_gone(first)
    assert ask(engine) != first


def test_a_crash_costs_one_answer_and_the_next_question_gets_a_new_process(start: Start) -> None:
    engine = start("crashes at the second question")
    first = ask(engine)
    assert fault_of(engine) is TravelFault.STOPPED
    assert engine.fault is None
    assert ask(engine) != first


def test_a_process_that_hangs_is_killed_and_replaced(start: Start) -> None:
    engine = start("hangs at the second question")
    first = ask(engine)
    make_hasty(engine)
    assert fault_of(engine) is TravelFault.SLOW
    assert has_gone(first)
    engine._limits = PATIENT
    assert ask(engine) != first


def test_a_question_larger_than_any_pipe_blocks_nobody(start: Start) -> None:
    engine = start("reads nothing")
    child = engine._started()
    engine._see_ready(child, time.monotonic() + WAIT_S)
    make_hasty(engine)
    with pytest.raises(EngineError) as told:
        engine.ask(TimesAsked(1, [HERE] * 50_000, [HERE]))
    assert told.value.fault is TravelFault.SLOW
    assert not any(thread.is_alive() for thread in child._threads)


def test_a_process_that_is_still_starting_is_waited_for_and_not_killed(start: Start) -> None:
    engine = start("never ready", replace(PATIENT, answer_s=0.05))
    assert fault_of(engine) is TravelFault.SLOW
    child = engine._child
    assert child is not None
    assert fault_of(engine) is TravelFault.SLOW
    assert engine._child is child
    engine._limits = replace(engine._limits, start_s=0)
    assert fault_of(engine) is TravelFault.SLOW
    assert engine._child is None


@pytest.mark.parametrize("how", ["babbles", "answers another question"])
def test_nonsense_is_taken_for_no_answer_and_its_process_ended(how: str, start: Start) -> None:
    engine = start(how)
    assert fault_of(engine) is TravelFault.STOPPED
    assert engine._child is None


def test_an_engine_that_crashes_again_and_again_is_left_alone_for_a_while(start: Start) -> None:
    engine = start("crashes at the start")
    for _ in range(3):
        assert engine.fault is None
        assert fault_of(engine) is TravelFault.STOPPED
    assert engine.fault is TravelFault.STOPPED
    assert fault_of(engine) is TravelFault.STOPPED
    assert engine._child is None
    engine._rest_until = 0.0
    assert engine.fault is None


def test_an_engine_that_answers_between_its_crashes_is_not_left_alone(start: Start) -> None:
    engine = start("crashes at the second question")
    for _ in range(3):
        ask(engine)
        assert fault_of(engine) is TravelFault.STOPPED
    assert engine.fault is None


def test_an_engine_that_cannot_work_is_not_started_again(start: Start) -> None:
    engine = start("says damaged")
    assert fault_of(engine) is TravelFault.DAMAGED
    assert engine.fault is TravelFault.DAMAGED
    assert fault_of(engine) is TravelFault.DAMAGED
    assert engine._child is None


def test_a_fault_that_this_desk_does_not_know_is_a_stop(start: Start) -> None:
    assert fault_of(start("says what nobody knows")) is TravelFault.STOPPED


def test_a_program_that_is_not_there_is_a_stop(tmp_path: Path) -> None:
    engine = EngineProcess((str(tmp_path / "gone"),), PATIENT)
    assert fault_of(engine) is TravelFault.STOPPED


def test_closing_ends_the_process_and_answers_whoever_waits(start: Start) -> None:
    engine = start("hangs at the second question")
    process, heard = ask(engine), list[TravelFault]()
    waiting = Thread(target=lambda: heard.append(fault_of(engine)))
    waiting.start()
    while not engine._turn.locked():
        time.sleep(0.001)
    engine.close()
    waiting.join(WAIT_S)
    assert heard == [TravelFault.STOPPED]
    assert has_gone(process)
    assert fault_of(engine) is TravelFault.STOPPED


def test_an_engine_ends_with_the_program_that_started_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    program = (
        "import sys, os\n"
        "from trafficdesk.domain.records import Place\n"
        "from trafficdesk.maps.routing.messages import ReachAsked\n"
        "from trafficdesk.maps.routing.process import EngineProcess, Limits\n"
        f"engine = EngineProcess((sys.executable, {str(STAND_IN)!r}, 'well'), Limits(60, 60, 60))\n"
        "print(engine.ask(ReachAsked(1, Place(0, 0), 1)).geometry['process'], flush=True)\n"
        "os._exit(9)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 9, done.stderr
    assert has_gone(int(done.stdout))


def test_who_asks_for_ways_gets_an_estimate_that_says_why(start: Start) -> None:
    ways, straight = ByRoad(start("crashes at the start")), StraightLine()
    there = Place(9.53, 47.15)
    expected = [ways.basis]
    times, route = ways.times([HERE], [there]), ways.route(HERE, there)
    reach = ways.reach(HERE, 5)
    assert times.legs == straight.times([HERE], [there]).legs
    assert route == replace(straight.route(HERE, there), fault=TravelFault.STOPPED)
    assert reach == replace(straight.reach(HERE, 5), fault=TravelFault.STOPPED)
    assert times.fault is TravelFault.STOPPED
    assert [*expected, ways.basis] == [Basis.BY_ROAD, Basis.STRAIGHT_LINE]


def test_more_ways_than_can_be_found_in_time_are_estimated_and_no_engine_is_troubled(
    start: Start,
) -> None:
    ways = ByRoad(start("crashes at the start"))
    for starts, ends in ((1000, 1), (100, 100)):
        found = ways.times([HERE] * starts, [HERE] * ends)
        assert found == replace(
            StraightLine().times([HERE] * starts, [HERE] * ends), fault=TravelFault.TOO_MANY
        )
    assert ways.basis is Basis.BY_ROAD


def test_the_engine_itself_says_that_it_has_no_tiles_to_read(tmp_path: Path) -> None:
    engine = EngineProcess(engine_command(tmp_path), PATIENT)
    try:
        assert fault_of(engine) in {TravelFault.DAMAGED, TravelFault.NOT_INSTALLED}
    finally:
        engine.close()
