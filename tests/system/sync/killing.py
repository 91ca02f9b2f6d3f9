"""Desks and servers killed while they exchange; then all must be there, once, in whole chains."""

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO, Self
from uuid import UUID

import requests

from sync_server.admin import operating
from sync_server.server import Server
from sync_server.settings import PREFIX, Settings
from tests.server.live import Live
from tests.server.world import World
from tests.system.sync.desks import SyncedDesk, join, open_desk
from tests.system.sync.laws import check_laws, count_results
from tests.system.sync.working import Shift, quiesce
from trafficdesk.domain.vocabulary import Role
from trafficdesk.services import auditing
from trafficdesk.store.engine import Store
from trafficdesk.sync.line import Line

LIGHTEST = {"argon2_memory_mib": 19, "argon2_passes": 2}  # of what a server takes
_ROOT = Path(__file__).parents[3]
_START_S = 60.0
_LONGEST_S = 0.4
_PUSH_S = 0.06  # about as long as a push takes
_EARLY = 5  # every so many kills strike before anything was done


@dataclass(frozen=True)
class Killed:
    """What a run came to; ``saved`` counts the actions that were said to be saved."""

    seed: int
    kills: int
    saved: int
    results: dict[str, int]


class Forks:
    """A child that forks a worker for every line it is told, so that each starts at once."""

    def __init__(self, module: str, environment: dict[str, str] | None = None) -> None:
        self._child = subprocess.Popen(
            [sys.executable, "-m", module],
            cwd=_ROOT,
            env=None if environment is None else os.environ | environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self._pid = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.kill()
        self._child.communicate(timeout=_START_S)

    def tell(self, line: str) -> None:
        """Tell the child something."""
        assert self._child.stdin is not None
        self._child.stdin.write(line + "\n")
        self._child.stdin.flush()

    @property
    def said(self) -> IO[str]:
        """Return what it says."""
        assert self._child.stdout is not None
        return self._child.stdout

    def start(self, line: str) -> None:
        """Start a worker."""
        self.tell(line)
        self._pid = int(self.said.readline())

    def kill(self) -> list[str]:
        """Kill the worker, if there is one; return what it had still said."""
        pid, self._pid = self._pid, 0
        if not pid:
            return []
        os.kill(pid, signal.SIGKILL)
        return list(iter(self.said.readline, "end\n"))


def reopened(desk: SyncedDesk) -> SyncedDesk:
    """Open a desk again from its disk, as after a restart."""
    store = Store.open(desk.session.profile.database, desk.session.key.hex())
    line = Line(desk.engine.access.line.address)
    return open_desk(replace(desk.session, store=store), line)


def kill_desk(world: World, folder: Path, seed: int, kills: int) -> Killed:
    """Kill the process of a desk that works and syncs, again and again; then check everything."""
    dice = random.Random(seed)  # noqa: S311 - instants, not secrets
    person = world.person(Role.SUPERVISOR, "Velu R")
    desk = join(world, person, folder / "killed")
    desk.sync()
    desk.session.store.close()
    saved = set[UUID]()
    told = {
        "folder": str(desk.session.profile.folder),
        "key": desk.session.key.hex(),
        "officer": str(desk.session.officer.id),
        "url": desk.engine.access.line.address.base_url,
    }
    with Forks("tests.system.sync.sync_child") as forks:
        forks.tell(json.dumps(told))
        for kill in range(kills):
            forks.start(str(dice.randrange(1 << 32)))
            first = [] if kill % _EARLY == 0 else [forks.said.readline()]
            time.sleep(dice.uniform(0, _LONGEST_S))
            said = {UUID(line.strip()) for line in first + forks.kill()}
            saved |= said
            _check_kept(desk, said)
    desk = reopened(desk)
    try:
        return _whole(world, [desk], Killed(seed, kills, len(saved), {}), saved)
    finally:
        desk.close()


def _check_kept(desk: SyncedDesk, said: set[UUID]) -> None:
    """Fail unless all that was said to be saved is there once the desk is opened again."""
    store = Store.open(desk.session.profile.database, desk.session.key.hex())
    try:
        with store.reading() as connection:
            rows = connection.exec_driver_sql("SELECT id FROM actions").all()
    finally:
        store.close()
    lost = said - {UUID(bytes=row[0]) for row in rows}
    assert not lost, f"L1: said to be saved, and gone: {lost}"


def _whole(world: World, desks: list[SyncedDesk], run: Killed, saved: set[UUID]) -> Killed:
    """Let all come to rest; fail unless nothing is lost or doubled, and every chain is whole."""
    quiesce(desks)
    check_laws(world, desks)
    for desk in desks:
        verdict = auditing.verify(desk.session)
        assert verdict.ok, f"seed {run.seed}: {verdict}"
    broken = [found for found in operating.check(world.live.server) if not found.ok]
    assert not broken, f"seed {run.seed}: {broken}"
    assert len(saved) == run.saved >= run.kills // 2, f"seed {run.seed}: hardly anything was done"
    return replace(run, results=count_results(world))


class KilledServer:
    """``sync-server serve`` in a process of its own, always on the same port."""

    def __init__(self, settings: Settings, forks: Forks) -> None:
        self._forks = forks
        self.url = f"http://{settings.host}:{settings.port}"

    def start(self) -> None:
        """Start it and wait until it answers."""
        self._forks.start("go")
        ends_at = time.monotonic() + _START_S
        while True:
            with suppress(requests.RequestException):
                if requests.get(f"{self.url}/health", timeout=_START_S).ok:
                    return
            assert time.monotonic() < ends_at, "the server does not start"
            time.sleep(0.02)

    def kill(self) -> None:
        """Kill it."""
        self._forks.kill()


@contextmanager
def killable(settings: Settings) -> Iterator[tuple[World, KilledServer]]:
    """Give an agency on a server that can be killed; the settings name its port."""
    own = settings.model_dump(include=settings.model_fields_set)
    told = own | {"log_level": "error"} | LIGHTEST
    environment = {f"{PREFIX}{name.upper()}": str(value) for name, value in told.items()}
    server = Server.of(settings)
    server.database.open()
    try:
        with Forks("tests.system.sync.server_child", environment) as forks:
            killed = KilledServer(settings, forks)
            killed.start()
            yield World(Live(killed.url, server)), killed
    finally:
        server.database.close()


def kill_server(settings: Settings, folder: Path, seed: int, kills: int) -> Killed:
    """Kill the server of desks that work and sync, again and again; then check everything."""
    dice = random.Random(seed)  # noqa: S311 - instants, not secrets
    saved = set[UUID]()
    with killable(settings) as (world, server), ExitStack() as stack:
        desks = [
            join(world, world.person(Role.SUPERVISOR, name), folder / name)
            for name in ("Velu R", "Meena K")
        ]
        shifts = [Shift(desk.session, dice) for desk in desks]
        for desk in desks:
            desk.engine.start()
            stack.callback(desk.engine.stop)
        for _ in range(kills):
            ends_at = time.monotonic() + dice.uniform(0, _LONGEST_S)
            while time.monotonic() < ends_at:
                _act(dice.choice(shifts), saved)
                _poke(desks)
            _await_push(desks)
            time.sleep(dice.uniform(0, _PUSH_S))
            server.kill()
            _act(dice.choice(shifts), saved)
            server.start()
            _poke(desks)
        for desk in desks:
            desk.engine.stop()
        desks = [open_desk(each.session, Line(each.engine.access.line.address)) for each in desks]
        for desk in desks:
            stack.callback(desk.close)
        return _whole(world, desks, Killed(seed, kills, len(saved), {}), saved)


def _poke(desks: list[SyncedDesk]) -> None:
    for desk in desks:
        desk.engine.poke()


def _await_push(desks: list[SyncedDesk]) -> None:
    """Let a desk begin to send: most of what can break lies in the instants after that."""
    ends_at = time.monotonic() + _LONGEST_S
    while time.monotonic() < ends_at:
        if any(desk.counts().sent for desk in desks):
            return
        time.sleep(0.001)


def _act(shift: Shift, saved: set[UUID]) -> None:
    action = shift.act()
    if action is not None:
        saved.add(action)
