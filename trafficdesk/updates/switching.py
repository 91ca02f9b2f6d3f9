"""From what a repository offers to what a machine runs, step by step; a kill after any loses none.

The version that runs stays until the new one passed its own self-test. What says which one runs is
one small file, written last; everything before it can be done again.
"""

import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Final

from trafficdesk.domain.times import to_ms
from trafficdesk.instance import HeldByOther, hold_profile
from trafficdesk.updates import gate
from trafficdesk.updates.becoming import is_held
from trafficdesk.updates.errors import AT_WORK, NOT_OURS, NOT_WRITABLE, UNSOUND, UpdateError
from trafficdesk.updates.fetching import BlobSource
from trafficdesk.updates.machine import Machine
from trafficdesk.updates.places import Places, is_owners_alone, version_of
from trafficdesk.updates.repository import Release, Trusted, newest
from trafficdesk.updates.staging import PARTIAL, stage
from trafficdesk.updates.state import State, candidates, is_runnable, load_state, save_state
from trafficdesk.updates.versions import order_of

_OPEN_TO_READ: Final = 0o755
_GOING: Final = ".going"
ROLLED_BACK: Final = "rolled_back"


class Step(StrEnum):
    """What is done, in this order; told when it is on the disk."""

    LOCKED = "locked"
    ASKED = "asked"
    STAGED = "staged"
    TRIED = "tried"
    SWITCHED = "switched"
    SWEPT = "swept"


Tell = Callable[[Step], None]


@dataclass(frozen=True, slots=True)
class Order:
    """Where versions lie, where newer ones come from, and who asks for them."""

    places: Places
    source: BlobSource
    trusted: Trusted
    machine: Machine
    now: datetime
    tell: Tell = lambda _step: None


@dataclass(frozen=True, slots=True)
class Found:
    """What there is: ``release`` is None when nothing newer is offered.

    ``refused`` says why it is not taken by itself: it failed here before.
    """

    runs: str
    release: Release | None
    refused: str = ""


def check(order: Order) -> Found:
    """Ask for a newer version, and remember what was heard. Raises ``UpdateError``."""
    with changing(order.places):
        order.tell(Step.LOCKED)
        return _ask(order)


def fetch(order: Order) -> Found:
    """Lay a newer version out beside the one that runs. Raises ``UpdateError``."""
    with changing(order.places):
        order.tell(Step.LOCKED)
        found = _ask(order)
        if found.release is not None and not found.refused:
            _stage(order, found.release)
        return found


def apply(order: Order, *, again: bool = False) -> Found:
    """Fetch a newer version, try it, and have it run from the next start on.

    ``again``: also one that failed here before.

    Raises:
        UpdateError: the version that runs stays.
    """
    with changing(order.places):
        order.tell(Step.LOCKED)
        found = _ask(order)
        if found.release is None or (found.refused and not again):
            return found
        tree = _stage(order, found.release)
        _try(order, tree, found.release.version)
        order.tell(Step.TRIED)
        _switch(order.places, found.release.version)
        order.tell(Step.SWITCHED)
        sweep(order.places)
        order.tell(Step.SWEPT)
        return found


def roll_back(places: Places) -> tuple[str, str]:
    """Have the version before run from the next start on; return the one that ran, and that one.

    The version that ran is not taken again by itself. Raises ``UpdateError``.
    """
    with changing(places):
        state = load_state(places)
        if not state.current:
            return version_of(places.base), version_of(places.base)
        refused = state.refusing(state.current, ROLLED_BACK)
        usable = state.previous if _may_run(places, refused, state.previous) else ""
        _save(places, refused._replace(current=usable, previous=""))
        return state.current, usable or version_of(places.base)


def _may_run(places: Places, state: State, version: str) -> bool:
    return bool(version) and not state.why_refused(version) and is_runnable(places, version)


@contextmanager
def changing(places: Places) -> Iterator[None]:
    """Be the only one who changes what lies there; a kill lets go.

    Raises:
        UpdateError: somebody else does, or this account may not.
    """
    try:
        _make(places.versions)
        owner = places.base.stat().st_uid
        lock = hold_profile(places.lock)
    except OSError as error:
        detail = error.strerror or str(error)
        raise UpdateError(NOT_WRITABLE, name=str(places.folder), detail=detail) from error
    if isinstance(lock, HeldByOther):
        raise UpdateError(AT_WORK, name=str(places.folder))
    with lock:
        if not all(is_owners_alone(each, owner) for each in (places.folder, places.versions)):
            raise UpdateError(NOT_OURS, name=str(places.folder))
        yield


def _make(folder: Path) -> None:
    """Make a folder and those above it, for everybody to read whatever this account is used to."""
    if not folder.is_dir():
        _make(folder.parent)
        folder.mkdir()
        folder.chmod(_OPEN_TO_READ)


def _ask(order: Order) -> Found:
    places, now_ms = order.places, to_ms(order.now)
    state = load_state(places)
    runs = candidates(places, state)[0]
    try:
        release = newest(order.source, order.trusted, order.machine, order.now)
    except UpdateError as error:
        _save(places, state._replace(fault=error.code, fault_ms=now_ms))
        raise
    heard = state._replace(checked_ms=now_ms, fault="", fault_ms=0, newest="")
    if release is not None:
        heard = heard._replace(newest=release.version, expires_ms=to_ms(release.expires_at))
    _save(places, heard)
    order.tell(Step.ASKED)
    if release is None or (runs and order_of(release.version) <= order_of(runs)):
        return Found(runs, None)
    return Found(runs, release, heard.why_refused(release.version))


def _stage(order: Order, release: Release) -> Path:
    places = order.places
    known = [places.base, *_trees(places)]
    try:
        tree = stage(release, order.source, known, places.versions)
    except UpdateError as error:
        _note_fault(order, error)
        raise
    order.tell(Step.STAGED)
    return tree


def _try(order: Order, tree: Path, version: str) -> None:
    try:
        gate.try_version(tree, version)
    except UpdateError as error:
        if error.code == UNSOUND:
            places = order.places
            _save(places, load_state(places).refusing(version, error.data["detail"]))
        _note_fault(order, error)
        raise


def _note_fault(order: Order, error: UpdateError) -> None:
    with suppress(UpdateError):
        state = load_state(order.places)
        _save(order.places, state._replace(fault=error.code, fault_ms=to_ms(order.now)))


def _switch(places: Places, version: str) -> None:
    if not is_runnable(places, version):
        raise UpdateError(NOT_OURS, name=str(places.tree(version)))
    state = load_state(places).accepting(version)
    runs = candidates(places, state)[0]
    previous = runs if runs != version_of(places.base) else ""
    _save(places, state._replace(current=version, previous=previous))


def _save(places: Places, state: State) -> None:
    try:
        save_state(places, state)
    except OSError as error:
        detail = error.strerror or str(error)
        raise UpdateError(NOT_WRITABLE, name=str(places.state), detail=detail) from error


def _trees(places: Places) -> Sequence[Path]:
    return [path for path in sorted(places.versions.iterdir()) if path.is_dir()]


def sweep(places: Places) -> None:
    """Remove versions that are neither the present one nor the one before, and that nobody runs.

    What cannot be removed now is removed the next time.
    """
    state = load_state(places)
    kept = {state.current, state.previous}
    for tree in _trees(places):
        if tree.name in kept:
            continue
        with suppress(OSError):
            if not tree.name.endswith((PARTIAL, _GOING)) and is_held(tree):
                continue
            going = tree.with_name(tree.name.removesuffix(_GOING) + _GOING)
            tree.rename(going)  # in one step: half a version has no version's name
            shutil.rmtree(going)
