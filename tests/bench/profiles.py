"""Desks to measure on: the demo at scale, cached per row count, encrypted as any other."""

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

from platformdirs import user_cache_path

from trafficdesk.domain.vocabulary import Role
from trafficdesk.profile import Profile
from trafficdesk.security.key_slots import holders
from trafficdesk.security.password_kdf import KdfParameters
from trafficdesk.security.unlock import Unlocked, unlock
from trafficdesk.services import desk
from trafficdesk.services.demo import scale
from trafficdesk.services.demo.build import DemoMade, DemoPlan, make_demo
from trafficdesk.services.demo.marker import DEMO_PASSWORD
from trafficdesk.services.session import Session
from trafficdesk.store import map_cells
from trafficdesk.store.analytics import day_columns, day_keys, day_rebuild
from trafficdesk.store.migrations import m0001_first

# What is measured never includes the password's cost.
LIGHT_KDF = KdfParameters(memory_kib=64, passes=1, lanes=1)
_MAKERS = (scale, map_cells, day_columns, day_keys, day_rebuild, m0001_first)


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
        started = time.perf_counter()
        made = make_demo(Profile(making), DemoPlan(scale=rows, told=0, kdf=LIGHT_KDF))
        if not isinstance(made, DemoMade):
            raise TypeError(made)
        making.rename(folder)
        say(f"made a desk with {rows:,} reports in {time.perf_counter() - started:.0f} s")
    return Profile(folder)


@contextmanager
def signed_in(profile: Profile) -> Iterator[Session]:
    """Open a desk for its first officer, as the unlock screen does."""
    holder = next(h for h in holders(profile) if h.role is Role.OFFICER)
    opened = unlock(profile, holder.officer_id, DEMO_PASSWORD, datetime.now(UTC))
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
