"""What every test shares: SQLCipher is loaded before anything can bring another SQLite."""

import trafficdesk.store.driver  # noqa: F401 - must be the process's first SQLite

# ruff: isort: split
import gc
import logging
import os
import shutil
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
import structlog
from hypothesis import HealthCheck, settings
from pytestqt.qtbot import QtBot

from trafficdesk.domain.identity import new_id
from trafficdesk.domain.records import Bounds, City, Officer, Place, Station
from trafficdesk.domain.vocabulary import Role
from trafficdesk.profile import Profile
from trafficdesk.security.enrolment import SetUp, set_up
from trafficdesk.security.key_slots import Holder
from trafficdesk.security.keys import SecretKey
from trafficdesk.security.password_kdf import KdfParameters
from trafficdesk.services import desk
from trafficdesk.services.session import Session
from trafficdesk.store import officers

MakeSession = Callable[..., Session]
LIGHT_KDF = KdfParameters(memory_kib=64, passes=1, lanes=1)
_CITY = City(
    new_id(),
    "CBE",
    "Coimbatore",
    "Asia/Kolkata",
    Place(76.9558, 11.0168),
    Bounds(76.8, 10.8, 77.2, 11.2),
)
HOME = desk.Home(_CITY, Station(new_id(), _CITY.id, "Gandhipuram", Place(76.966, 11.018)), "D1")

PATIENCE_MS = 30_000
THREAD_GRACE_S = 2.0
_known: set[int] = set()  # Qt objects that ran after the last test with a window

# A busy machine makes no test fail: nothing is timed, neither an example nor its
# making, and what is waited for may take its time.
settings.register_profile("unhurried", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("unhurried")
for waits in (QtBot.waitUntil, QtBot.waitSignal, QtBot.waitSignals, QtBot.waitActive):
    waits.__kwdefaults__ = {**(waits.__kwdefaults__ or {}), "timeout": PATIENCE_MS}
_wait_until = QtBot.waitUntil


def _wait_until_there(
    qtbot: QtBot, callback: Callable[[], bool | None], *, timeout: int = PATIENCE_MS
) -> None:
    """Wait as ``QtBot.waitUntil`` does; a row that is not in its list yet is waited for, too."""

    def holds() -> bool | None:
        try:
            return callback()
        except LookupError as error:
            raise AssertionError(f"not there: {error}") from error

    _wait_until(qtbot, holds, timeout=timeout)


pytest.MonkeyPatch().setattr(QtBot, "waitUntil", _wait_until_there)

# A test never opens a window and never needs a GPU, whoever starts it.
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.setdefault("QT_QUICK_BACKEND", "software")
if hasattr(os, "geteuid") and os.geteuid() == 0:
    # Chromium refuses to start as root unless its sandbox is off.
    os.environ.setdefault("QTWEBENGINE_CHROMIUM_FLAGS", "--no-sandbox")


def _log_beside_tests() -> None:
    """What a server in a thread logs is told with the test it ran beside, not by a command."""
    structlog.reset_defaults()
    structlog.configure(logger_factory=structlog.stdlib.LoggerFactory())


_log_beside_tests()


def pytest_collection_finish() -> None:
    """Take what was imported from what is looked through after each test with a window."""
    gc.collect()
    gc.freeze()


@pytest.fixture(autouse=True)
def _logs_stay_beside_tests() -> Iterator[None]:
    """Put back what a server's command set up for a process of its own."""
    root = logging.getLogger()
    handlers = root.handlers[:]
    yield
    if root.handlers != handlers:
        root.handlers[:] = handlers
        _log_beside_tests()


def _lasting_threads(before: set[threading.Thread]) -> list[str]:
    """Name the non-daemon threads that are new and still run after a grace for their ending."""
    deadline = time.monotonic() + THREAD_GRACE_S
    while True:
        new = [t for t in threading.enumerate() if t not in before and not t.daemon]
        if not new or time.monotonic() > deadline:
            return [thread.name for thread in new]
        time.sleep(0.01)


def _with_subclasses(kind: type) -> set[type]:
    return {kind}.union(*map(_with_subclasses, kind.__subclasses__()))


def _running_qt_objects() -> dict[int, Any]:
    """Return the timers that tick and the Qt threads that run, those that Python made, by id."""
    if "PySide6.QtCore" not in sys.modules:
        return {}
    import shiboken6
    from PySide6.QtCore import QThread, QTimer

    kinds = _with_subclasses(QTimer) | _with_subclasses(QThread)
    # Asking the type, not the thing: a dead weak proxy raises when it is asked for its class.
    things = [thing for thing in gc.get_objects() if type(thing) in kinds]
    return {
        id(thing): thing
        for thing in things
        if shiboken6.isValid(thing)
        and (thing.isActive() if isinstance(thing, QTimer) else thing.isRunning())
    }


@pytest.fixture(autouse=True)
def _no_thread_outlives_its_test() -> Iterator[None]:
    """Fail a test that leaves a non-daemon thread behind."""
    before = set(threading.enumerate())
    yield
    lasting = _lasting_threads(before)
    assert not lasting, f"threads left running: {lasting}"


@pytest.fixture(autouse=True)
def _no_qt_object_outlives_its_test(request: pytest.FixtureRequest) -> Iterator[None]:
    """Fail a test with a window that leaves a ticking QTimer or a running QThread behind."""
    if "qapp" not in request.fixturenames:
        yield
        return
    yield
    before = set(_known)
    _known.clear()
    _known.update(_running_qt_objects())
    if _known <= before:
        return
    from PySide6.QtCore import QCoreApplication, QEvent

    # Windows that only wait for their deferred deletion are no leak.
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    gc.collect()
    lasting = [repr(thing) for key, thing in _running_qt_objects().items() if key not in before]
    # Told once: what this test left behind is no fault of the next one.
    assert not lasting, f"Qt timers or threads left running: {lasting}"


def officer_of(holder: Holder) -> Officer:
    """Return the officer record of a key slot's holder at the test desk's station."""
    return Officer(
        holder.officer_id,
        holder.name,
        holder.initials,
        holder.rank,
        holder.role,
        HOME.station.id,
    )


@pytest.fixture
def profile(tmp_path: Path) -> Profile:
    folder = tmp_path / "profile"
    folder.mkdir()
    return Profile(folder)


@dataclass(frozen=True, slots=True)
class FreshDesk:
    """A desk that was set up and never worked at, to be copied: making one takes a while."""

    folder: Path
    key: bytes
    boss: Holder


@pytest.fixture(scope="session")
def fresh_desk(tmp_path_factory: pytest.TempPathFactory) -> FreshDesk:
    profile = Profile(tmp_path_factory.mktemp("fresh_desk"))
    boss = Holder(new_id(), "Admin A", "AA", "Inspector", Role.ADMIN)
    made = set_up(profile, boss, "a long password", kdf=LIGHT_KDF)
    assert isinstance(made, SetUp)
    with made.key as key:
        desk.create_store(profile, key, HOME, officer_of(boss))
        return FreshDesk(profile.folder, key.reveal(), boss)


@pytest.fixture
def make_session(profile: Profile, fresh_desk: FreshDesk) -> Iterator[MakeSession]:
    """Take a fresh desk at first use, then sign further officers in at the same desk."""
    opened: list[Session] = []

    def make(role: Role = Role.OFFICER, name: str = "Meena K") -> Session:
        if not opened:
            shutil.copytree(fresh_desk.folder, profile.folder, dirs_exist_ok=True)
            key = SecretKey(fresh_desk.key)
            opened.append(desk.open_session(profile, key, fresh_desk.boss))
        holder = Holder(new_id(), name, name[:1] + name[-1:], "SI", role)
        first = opened[0]
        with first.store.writing() as connection:
            officers.put(connection, officer_of(holder))
        signed_in = replace(first, officer=officer_of(holder))
        opened.append(signed_in)
        return signed_in

    yield make
    for session in opened[:1]:
        session.close()


@pytest.fixture
def session(make_session: MakeSession) -> Session:
    return make_session()
