"""The routing engine as a process of its own: started when first asked, watched, started again.

Whoever asks waits no longer than a stated time, whatever the engine does: also while it starts,
hangs, was killed, or no longer reads what it is sent.
"""

import importlib.util
import subprocess
import sys
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from queue import Empty, SimpleQueue
from threading import Lock, Thread
from time import monotonic
from typing import Final

import msgspec

from trafficdesk.domain.travel import TravelFault
from trafficdesk.maps.routing.messages import (
    Answer,
    Question,
    Ready,
    Said,
    Unusable,
    read_said,
    write,
)

ENGINE: Final = "pyvalhalla"
_ROOT = Path(__file__).resolve().parents[3]  # the child finds this very checkout or installation
_LOSSES = 3  # in a row, after which the engine is left alone for a while
_END_S = 5.0


@dataclass(frozen=True, slots=True)
class Limits:
    """How long is waited, in seconds: for an answer, for a start, and after several losses."""

    answer_s: float = 5.0
    start_s: float = 60.0
    rest_s: float = 60.0


USUAL_LIMITS: Final = Limits()


class EngineError(Exception):
    """There is no answer; ``fault`` says why."""

    def __init__(self, fault: TravelFault, detail: str = "") -> None:
        super().__init__(f"{fault}: {detail}")
        self.fault = fault


def has_engine() -> bool:
    """Tell whether this program can start a routing engine; a frozen one has none."""
    return not getattr(sys, "frozen", False) and importlib.util.find_spec("valhalla") is not None


def engine_command(folder: Path) -> tuple[str, ...]:
    """Return the program that reads the routing tiles of a pack's folder."""
    return (sys.executable, "-m", "trafficdesk.maps.routing.engine", str(folder))


class _Child:
    """One engine process. Two threads carry lines, so that nobody waits for a pipe."""

    def __init__(self, command: Sequence[str]) -> None:
        self._process = subprocess.Popen(  # noqa: S603 - our own module, no shell
            command,
            cwd=_ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        )
        self._to_say: SimpleQueue[bytes | None] = SimpleQueue()
        self._heard: SimpleQueue[bytes | None] = SimpleQueue()
        self._threads = [
            Thread(target=self._write, name="routing-questions", daemon=True),
            Thread(target=self._read, name="routing-answers", daemon=True),
        ]
        for thread in self._threads:
            thread.start()
        self.started_at = monotonic()
        self.is_ready = False

    @property
    def has_ended(self) -> bool:
        return self._process.poll() is not None

    def say(self, question: Question) -> None:
        self._to_say.put(write(question))

    def hear(self, until: float) -> Said:
        """Return what the engine says next.

        Raises:
            EngineError: it says nothing in time (SLOW), or ended or talks nonsense (STOPPED).
        """
        try:
            line = self._heard.get(timeout=max(0.0, until - monotonic()))
        except Empty:
            raise EngineError(TravelFault.SLOW) from None
        if line is None:
            raise EngineError(TravelFault.STOPPED, f"exit code {self._process.poll()}")
        try:
            return read_said(line)
        except msgspec.DecodeError as fault:
            raise EngineError(TravelFault.STOPPED, str(fault)) from fault

    def end(self) -> None:
        """Kill the process, and see both threads off."""
        self._process.kill()
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(_END_S)
        self._to_say.put(None)
        for thread in self._threads:
            thread.join(_END_S)

    def _write(self) -> None:
        pipe = self._process.stdin
        if pipe is None:
            return
        try:
            with pipe:
                while (line := self._to_say.get()) is not None:
                    pipe.write(line)
                    pipe.flush()
        except OSError:
            return  # it has ended: whoever asked hears so from the other thread

    def _read(self) -> None:
        pipe = self._process.stdout
        if pipe is not None:
            with pipe:
                for line in pipe:
                    self._heard.put(line)
        self._heard.put(None)


class EngineProcess:
    """Answers questions one at a time, from any thread. Only ``close`` ends it for good."""

    def __init__(self, command: Sequence[str], limits: Limits = USUAL_LIMITS) -> None:
        self._command = command
        self._limits = limits
        self._turn = Lock()
        self._child: _Child | None = None
        self._unusable: TravelFault | None = None
        self._losses = 0
        self._rest_until = 0.0

    @property
    def fault(self) -> TravelFault | None:
        """Why an answer is not to be expected at present, None if it is."""
        if self._unusable is not None:
            return self._unusable
        return TravelFault.STOPPED if monotonic() < self._rest_until else None

    def ask(self, question: Question) -> Answer:
        """Return the engine's answer.

        Raises:
            EngineError: there is none in the time that may pass.
        """
        until = monotonic() + self._limits.answer_s
        if not self._turn.acquire(timeout=self._limits.answer_s):
            raise EngineError(TravelFault.SLOW)
        try:
            if self.fault is not None:
                raise EngineError(self.fault)
            return self._asked(question, until)
        finally:
            self._turn.release()

    def close(self) -> None:
        """End the process; whoever waits for it hears that it stopped."""
        self._unusable = TravelFault.STOPPED
        child = self._child
        if child is not None:
            child.end()

    def _asked(self, question: Question, until: float) -> Answer:
        child = self._started()
        try:
            self._see_ready(child, until)
            child.say(question)
            said = child.hear(until)
        except EngineError as fault:
            self._note_loss(child, fault.fault)
            raise
        if isinstance(said, Ready | Unusable) or said.number != question.number:
            self._note_loss(child, TravelFault.STOPPED)
            raise EngineError(TravelFault.STOPPED, "an answer to another question")
        self._losses = 0
        return said

    def _started(self) -> _Child:
        if self._child is not None and self._child.is_ready and self._child.has_ended:
            self._child.end()  # since the last answer: no fault of this question
            self._child = None
        if self._child is None:
            try:
                self._child = _Child(self._command)
            except OSError as fault:
                self._rest()
                raise EngineError(TravelFault.STOPPED, str(fault)) from fault
            if self._unusable is not None:  # closed meanwhile
                self._child.end()
        return self._child

    def _see_ready(self, child: _Child, until: float) -> None:
        if child.is_ready:
            return
        said = child.hear(until)
        if isinstance(said, Unusable):
            self._unusable = _fault_of(said.code)
            raise EngineError(self._unusable, said.detail)
        if not isinstance(said, Ready):
            raise EngineError(TravelFault.STOPPED, "an answer before the first question")
        child.is_ready = True

    def _note_loss(self, child: _Child, fault: TravelFault) -> None:
        is_starting = fault is TravelFault.SLOW and not child.is_ready
        if is_starting and monotonic() < child.started_at + self._limits.start_s:
            return  # the next question may find it ready
        child.end()
        self._child = None
        self._losses += 1
        if self._losses >= _LOSSES:
            self._rest()

    def _rest(self) -> None:
        self._losses = 0
        self._rest_until = monotonic() + self._limits.rest_s


def _fault_of(code: str) -> TravelFault:
    try:
        return TravelFault(code)
    except ValueError:
        return TravelFault.STOPPED
