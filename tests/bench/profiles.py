"""Desks to measure on: a cached profile per row count, encrypted as any other."""

import hashlib
import inspect
import os
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import UUID

from platformdirs import user_cache_path

from tests.bench import sample_reports
from tests.bench.sample_reports import Desk
from trafficdesk.domain.records import Bounds, City, Officer, Place, Station
from trafficdesk.domain.vocabulary import Role
from trafficdesk.profile import Profile
from trafficdesk.security.enrolment import SetUp, set_up
from trafficdesk.security.key_slots import Holder, holders
from trafficdesk.security.password_kdf import KdfParameters
from trafficdesk.security.unlock import Unlocked, unlock
from trafficdesk.services import desk
from trafficdesk.services.session import Session
from trafficdesk.store import bulk, map_cells, officers
from trafficdesk.store.engine import Store
from trafficdesk.store.migrations import m0001_first

PASSWORD = "bench password"
# What is measured never includes the password's cost.
LIGHT_KDF = KdfParameters(memory_kib=64, passes=1, lanes=1)
OFFICERS = 10
WARDS = 30
_MAKERS = (sample_reports, map_cells, m0001_first)


def cache_folder() -> Path:
    """Return where generated desks lie between runs."""
    named = os.environ.get("XDG_CACHE_HOME")
    return (Path(named) if named else user_cache_path()) / "trafficdesk-bench"


def _stamp() -> str:
    """Return a digest of what decides how a generated desk looks."""
    sources = "".join(inspect.getsource(maker) for maker in _MAKERS)
    return hashlib.sha256(sources.encode()).hexdigest()[:10]


def find_profile(rows: int, say: Callable[[str], None]) -> Profile:
    """Return the desk with this many reports, making it first if it is not there."""
    cache = cache_folder()
    cache.mkdir(parents=True, exist_ok=True)
    folder = cache / f"rows-{rows}-{_stamp()}"
    if not folder.exists():
        for stale in cache.glob(f"rows-{rows}-*"):
            shutil.rmtree(stale)
        making = cache / f"rows-{rows}-making"
        making.mkdir()
        started = time.perf_counter()
        _make(Profile(making), rows)
        making.rename(folder)
        say(f"made a desk with {rows:,} reports in {time.perf_counter() - started:.0f} s")
    return Profile(folder)


def _id(number: int) -> UUID:
    return UUID(int=number + 1, version=4)


def _make(profile: Profile, rows: int) -> None:
    city = City(
        _id(0),
        "CBE",
        "Coimbatore",
        "Asia/Kolkata",
        sample_reports.CENTRE,
        Bounds(76.7, 10.8, 77.3, 11.3),
    )
    station = Station(_id(1), city.id, "Gandhipuram", Place(76.966, 11.018))
    boss = Holder(_id(100), "Officer 1", "O1", "Inspector", Role.SUPERVISOR)
    made = set_up(profile, boss, PASSWORD, kdf=LIGHT_KDF)
    if not isinstance(made, SetUp):
        raise TypeError(made)
    people = [
        Officer(_id(100 + n), f"Officer {n + 1}", f"O{n + 1}", "SI", Role.SUPERVISOR, station.id)
        for n in range(OFFICERS)
    ]
    desk.create_store(profile, made.key, desk.Home(city, station, "D1"), people[0])
    ids = tuple(person.id.bytes for person in people)
    wards = tuple(_id(1000 + n).bytes for n in range(WARDS))
    belongs = Desk(city.id.bytes, station.id.bytes, ids, wards)
    store = Store.open(profile.database, made.key.hex())
    try:
        with store.writing() as connection:
            for person in people:
                officers.put(connection, person)
            bulk.load(connection, sample_reports.sample_reports(rows, belongs))
        store.checkpoint()
    finally:
        store.close()
        made.key.wipe()


@contextmanager
def signed_in(profile: Profile) -> Iterator[Session]:
    """Open a desk for its first officer, as the unlock screen does."""
    (holder,) = holders(profile)
    opened = unlock(profile, holder.officer_id, PASSWORD, datetime.now(UTC))
    if not isinstance(opened, Unlocked):
        raise TypeError(opened)
    session = desk.open_session(profile, opened.key, holder)
    try:
        yield session
    finally:
        desk.close_session(session, "lock")


@contextmanager
def copied(profile: Profile) -> Iterator[Profile]:
    """Give a copy of a desk that may be written to."""
    with TemporaryDirectory(dir=cache_folder(), prefix="copy-") as name:
        shutil.copytree(profile.folder, name, dirs_exist_ok=True)
        yield Profile(Path(name))
