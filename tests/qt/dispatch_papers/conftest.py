"""A desk with a shift behind it, and the papers of dispatch opened on it."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from PySide6.QtPdf import QPdfDocument

from tests.conftest import MakeSession
from tests.qt.review.conftest import ZONE
from tests.services.dispatching import crash, enlist, file, send
from trafficdesk.domain.vocabulary import IncidentType, Role, Service, Step, UnitKind
from trafficdesk.qt.changes import Changes
from trafficdesk.qt.dispatch_papers.gear import PapersGear
from trafficdesk.qt.tasks import Lanes
from trafficdesk.qt.theme.fonts import load_fonts
from trafficdesk.services import dispatch, incidents
from trafficdesk.services.session import Session

NAME = "கமல S"
ReadPdf = Callable[[Path], list[str]]


@pytest.fixture
def session(make_session: MakeSession) -> Session:
    """Sign a dispatcher in whose name is written in Tamil, in the middle of a shift."""
    made = make_session(Role.DISPATCHER, NAME)
    here = made.clock().astimezone(ZONE)
    back = (here - here.replace(hour=10)) % timedelta(days=1)
    return replace(made, clock=lambda: made.clock() - back)


@pytest.fixture
def shift(session: Session) -> Session:
    """Let some of a shift pass: incidents open and cleared, units out, a call for help."""
    now = session.clock()
    base = replace(session, clock=lambda: now)
    cars = [enlist(base, f"P{n}") for n in (1, 2)]
    bus = enlist(base, "A1", UnitKind.AMBULANCE)
    needs = {Service.POLICE: 1, Service.AMBULANCE: 2}
    worst = file(base, replace(crash(base), vehicle_count=6, needs=needs, address="Mill Road"))
    over = file(base, replace(crash(base), type=IncidentType.TRUCK))
    send(base, over, cars[0])
    soon = replace(session, clock=lambda: now + timedelta(minutes=4))
    incidents.clear(soon, over.id)
    (first, _) = send(soon, worst, cars[1], bus)
    dispatch.step(soon, first.id, Step.ARRIVED)
    incidents.call_for_help(soon, cars[0].id)
    return session


@pytest.fixture
def gear(lanes: Lanes, shift: Session) -> PapersGear:
    """What the papers are made with; the desk has no server and no map."""

    def heard_at() -> datetime | None:
        return None

    return PapersGear(shift, lanes, Changes(), ZONE, lambda: None, heard_at)


@pytest.fixture
def read_pdf() -> ReadPdf:
    """Return the words of each page of a PDF."""
    load_fonts()

    def read(path: Path) -> list[str]:
        document = QPdfDocument()
        assert document.load(str(path)) is QPdfDocument.Error.None_
        pages = [document.getAllText(each).text() for each in range(document.pageCount())]
        document.close()
        return [page.replace("\r\n", "\n") for page in pages]

    return read
