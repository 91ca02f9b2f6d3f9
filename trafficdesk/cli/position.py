"""``trafficdesk position``: what the position source says, for whoever mends it."""

import time
from contextlib import suppress
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING, Annotated

import typer

from trafficdesk.cli.answers import Answer, RefusedError, answering
from trafficdesk.cli.exits import Exit
from trafficdesk.cli.options import AsJson
from trafficdesk.cli.sentences import SENTENCES, sentence
from trafficdesk.profile import Profile

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Callable

    from trafficdesk.position.fix import Fix
    from trafficdesk.position.policy import Source
    from trafficdesk.position.receiving import Receiver
    from trafficdesk.position.sieve import Verdict
    from trafficdesk.position.status import Fault, Status

KMH_PER_MPS = 3.6
PUMP_S = 0.05


def position(
    seconds: Annotated[
        float, typer.Option("--seconds", metavar="N", min=0.1, max=86_400, help="Listen so long.")
    ] = 20.0,
    as_json: AsJson = False,
) -> None:
    """Listen to the position source of policy or settings, and show on screen what it says.

    Nothing of it is kept or written anywhere.
    """
    from trafficdesk.position.fix import SourceKind
    from trafficdesk.position.policy import load_policy, read_source
    from trafficdesk.position.status import SourceError

    with answering(as_json) as answer:
        policy = load_policy(Profile.from_environment())
        try:
            source = read_source(policy.source)
        except SourceError as error:
            raise _refused(error.fault) from error
        answer.say(f"source: {policy.source}")
        answer.tell(source=policy.source)
        if source.kind is SourceKind.OFF:
            answer.say(sentence("position.off"))
            answer.tell(state="off", message=sentence("position.off"))
            return
        _listen(answer, source, seconds)


def _refused(fault: "Fault") -> RefusedError:
    return RefusedError(str(fault.code), Exit.REFUSED, **fault.data)


def _listen(answer: Answer, source: "Source", seconds: float) -> None:
    from trafficdesk.position.sources import receiver_of
    from trafficdesk.position.watch import Listener, PositionWatch

    account = _Account(answer, seconds)
    receiver = receiver_of(source)
    if receiver is None:
        receiver, account.pump = _from_the_system()
    watch = PositionWatch(receiver, Listener(account.news.put, account.news.put))
    watch.start()
    try:
        account.take_news()
    finally:
        watch.stop()
    account.sum_up(watch.verdicts)


def _from_the_system() -> "tuple[Receiver, Callable[[], None]]":
    """Return the system's location service, and what keeps it going meanwhile."""
    try:
        from PySide6.QtCore import QCoreApplication

        from trafficdesk.qt.position import QtReceiver
    except ImportError as error:
        raise RefusedError("cli.no_screen", detail=str(error)) from error
    app = QCoreApplication.instance() or QCoreApplication([])
    return QtReceiver(parent=app), app.processEvents


class _Account:
    """What the watch told, shown line by line from the command's own thread."""

    def __init__(self, answer: Answer, seconds: float) -> None:
        self.pump: Callable[[], None] | None = None
        self.news: SimpleQueue[Fix | Status] = SimpleQueue()
        self._answer = answer
        self._began_s = time.monotonic()
        self._ends_s = self._began_s + seconds
        self._status: Status | None = None
        self._fix: Fix | None = None

    def take_news(self) -> None:
        """Show what comes until the time is over, or nothing can come any more."""
        while (left_s := self._ends_s - time.monotonic()) > 0 and not self._is_over():
            if self.pump is not None:
                self.pump()
            with suppress(Empty):
                self._take(self.news.get(timeout=min(left_s, PUMP_S)))

    def _take(self, told: "Fix | Status") -> None:
        from trafficdesk.position.fix import Fix

        if isinstance(told, Fix):
            self._fix, line = told, _fix_line(told)
        else:
            self._status, line = told, _status_line(told)
        self._answer.say(f"{time.monotonic() - self._began_s:6.1f} s  {line}")

    def _is_over(self) -> bool:
        fault = None if self._status is None else self._status.fault
        return fault is not None and fault.code == "position.replay_over"

    def sum_up(self, verdicts: "Counter[Verdict]") -> None:
        """Tell how it stands at the end; without a position something is wrong."""
        status, fix = self._status, self._fix
        counts = {str(verdict): count for verdict, count in verdicts.items()}
        if status is not None and status.fault is None:
            self._answer.say(_advice(status).get("message", "The position is known."))
        said = ", ".join(f"{count} {verdict}" for verdict, count in counts.items())
        self._answer.say(f"fixes: {said or 'none'}")
        if status is None or not (status.state == "fixed" or self._is_over()):
            self._answer.leave = Exit.UNSOUND
        self._answer.tell(fixes=counts, last=None if fix is None else _facts(fix))
        if status is not None:
            self._answer.tell(state=str(status.state), satellites=status.satellites)
            self._answer.tell(**_advice(status))


def _advice(status: "Status") -> dict[str, str]:
    """Return the code and the sentence of what keeps the position away; nothing if it is known."""
    if status.fault is not None:
        return {"code": str(status.fault.code), "message": _fault_line(status.fault)}
    code = f"position.{status.state}"
    return {"code": code, "message": sentence(code)} if code in SENTENCES else {}


def _status_line(status: "Status") -> str:
    if status.fault is not None:
        return _fault_line(status.fault)
    if status.satellites is None:
        return str(status.state)
    return f"{status.state}, {status.satellites} satellites"


def _fault_line(fault: "Fault") -> str:
    return sentence(str(fault.code), **fault.data)


def _fix_line(fix: "Fix") -> str:
    parts = [f"{fix.place.lat:.6f}, {fix.place.lon:.6f}"]
    if fix.accuracy_m is not None:
        parts.append(f"within {fix.accuracy_m:.0f} m")
    if fix.speed_mps is not None:
        parts.append(f"{fix.speed_mps * KMH_PER_MPS:.0f} km/h")
    if fix.heading_deg is not None:
        parts.append(f"course {fix.heading_deg:.0f}")
    return "  ".join([*parts, f"{fix.at:%Y-%m-%d %H:%M:%S} UTC"])


def _facts(fix: "Fix") -> dict[str, object]:
    return {
        "lat": fix.place.lat,
        "lon": fix.place.lon,
        "at": fix.at.isoformat(),
        "accuracy_m": fix.accuracy_m,
        "speed_mps": fix.speed_mps,
        "heading_deg": fix.heading_deg,
    }
