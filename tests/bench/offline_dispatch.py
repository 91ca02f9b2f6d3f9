"""Dispatch without a network: file an incident, send a unit, take its steps, each one committed."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Final
from uuid import UUID

from tests.bench.measuring import Pair, Result, percentile, timed_ms, worst
from tests.bench.setting import Setting
from trafficdesk.domain.records import NewIncident, Place
from trafficdesk.domain.vocabulary import IncidentType, Role, Severity, Step, UnitKind
from trafficdesk.services import dispatch, incidents, units
from trafficdesk.services.session import Session
from trafficdesk.services.units import NewUnit
from trafficdesk.store import assignments

# TicketsCAD publishes these for its server on a local network, in milliseconds; an order below is
# the aim.
PUBLISHED_MS: Final = {"create incident": 41.0, "assign": 24.0, "status": 168.0}
# What only SpatiaLite knows is left out of the bare side, which is the quicker for it.
_SPATIAL: Final = re.compile(r"ST_|Contains|MakePoint\(\?, \?, \?\)|SpatialIndex", re.IGNORECASE)
_PLACE: Final = Place(76.9674, 11.0183)


class _Shift:
    """One dispatcher at work; whatever is done goes to the bare side, too."""

    def __init__(self, setting: Setting) -> None:
        self._setting = setting
        self.pairs = {name: Pair(name) for name in PUBLISHED_MS}

    def unit(self, call_sign: str) -> UUID:
        """Enlist a unit; it is not measured."""
        session = self._setting.session
        self._setting.ran.clear()
        enlisted = units.enlist(session, NewUnit(call_sign, UnitKind.PATROL_CAR))
        self._bare_ms()
        assert enlisted.unit_id is not None
        return enlisted.unit_id

    def do(self, name: str, act: Callable[[], object], *, is_counted: bool) -> None:
        """Do one thing on both sides."""
        self._setting.ran.clear()
        desk_ms = timed_ms(act)
        bare_ms = self._bare_ms()
        if is_counted:
            self.pairs[name].desk_ms.append(desk_ms)
            self.pairs[name].bare_ms.append(bare_ms)

    def _bare_ms(self) -> float:
        plain = [each for each in self._setting.ran if not _SPATIAL.search(each[0])]
        return self._setting.bare.write(plain)


def run(setting: Setting) -> Result:
    """Let incidents happen one after the other; the first one warms both sides."""
    setting.session.officer = replace(setting.session.officer, role=Role.SUPERVISOR)
    shift = _Shift(setting)
    for number in range(setting.repeats + 1):
        _live_through(shift, setting.session, number)
    pairs = list(shift.pairs.values())
    for pair in pairs:
        setting.say(f"{pair.summary()}")
    found = worst(pairs)
    shares = {
        f"{pair.name} of the published": round(
            percentile(pair.desk_ms, 0.5) / PUBLISHED_MS[pair.name], 3
        )
        for pair in pairs
    }
    return Result(found.ratio, {**found.figures, **shares})


def _live_through(shift: _Shift, session: Session, number: int) -> None:
    """File one incident, send a unit of its own to it, and take the unit's steps."""
    is_counted, unit_id = number > 0, shift.unit(f"BENCH {number}")
    filed = list[UUID]()

    def file() -> None:
        at = Place(_PLACE.lon + number / 1_000, _PLACE.lat)
        happened = session.clock() - timedelta(minutes=2)
        done = incidents.file(
            session, NewIncident(IncidentType.CAR_CRASH, Severity.SEVERE, at, happened)
        )
        assert done.incident_id is not None, done
        filed.append(done.incident_id)

    def assign() -> None:
        outcome = dispatch.assign(session, filed[-1], [unit_id])
        assert outcome.is_done, outcome

    shift.do("create incident", file, is_counted=is_counted)
    shift.do("assign", assign, is_counted=is_counted)
    with session.store.reading() as connection:
        (sent,) = assignments.find_of_incident(connection, filed[-1])
    for taken in (Step.EN_ROUTE, Step.ARRIVED, Step.CLEARED):
        step = partial(_take, session, sent.id, taken)
        shift.do("status", step, is_counted=is_counted)


def _take(session: Session, assignment_id: UUID, taken: Step) -> None:
    outcome = dispatch.step(session, assignment_id, taken)
    assert outcome.is_done, outcome
