"""A program killed at any instant loses nothing that it had said was saved."""

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import IO
from uuid import UUID

import pytest

from trafficdesk.domain.records import NewReport, Place
from trafficdesk.domain.vocabulary import Role, Severity
from trafficdesk.services import auditing
from trafficdesk.services.intake import file_report
from trafficdesk.services.session import Session
from trafficdesk.store import facts
from trafficdesk.store.engine import Store
from trafficdesk.store.upkeep import check

ROOT = Path(__file__).parent.parent.parent
KILLS = 50
REPORTS = 20

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork and SIGKILL")


def _file(session: Session, count: int) -> None:
    with session.store.reading() as connection:
        city_id, station_id = facts.home_city_id(connection), facts.home_station_id(connection)
    for i in range(count):
        now = session.clock()
        place = Place(76.9 + i / 500, 11.0)
        report = NewReport(("signal_jump",), Severity.SEVERE, place, now, now, city_id, station_id)
        assert file_report(session, report).outcome.is_done


class _Worker:
    """The child that decides, as its parent sees it."""

    def __init__(self, session: Session) -> None:
        self._child = subprocess.Popen(
            [sys.executable, "-m", "tests.system.triage_child"],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        told = {
            "folder": str(session.profile.folder),
            "key": session.key.hex(),
            "officer": str(session.officer.id),
        }
        self._ask(json.dumps(told))

    def _ask(self, line: str) -> None:
        assert self._child.stdin is not None
        self._child.stdin.write(line + "\n")
        self._child.stdin.flush()

    @property
    def _said(self) -> IO[str]:
        assert self._child.stdout is not None
        return self._child.stdout

    def decide_until_killed(self, wait_s: float, *, early: bool) -> list[tuple[UUID, int, int]]:
        """Let it decide, kill it ``wait_s`` seconds after its start or its first decision."""
        self._ask("go")
        number = int(self._said.readline())
        first = "" if early else self._said.readline()
        time.sleep(wait_s)
        os.kill(number, signal.SIGKILL)
        lines = [first] if first else []
        while (line := self._said.readline()) not in {"end\n", ""}:
            lines.append(line)
        return [_decision(line) for line in lines]

    def close(self) -> str:
        """End the child; return what it complained about."""
        return self._child.communicate(timeout=20)[1]


def _decision(line: str) -> tuple[UUID, int, int]:
    action, pk, revision = line.split()
    return UUID(action), int(pk), int(revision)


@pytest.fixture
def supervisor(make_session: Callable[..., Session]) -> Session:
    return make_session(Role.SUPERVISOR, "Velu R")


@contextmanager
def _reopened(session: Session) -> Iterator[Store]:
    """Open the store as after a restart: nobody else has it open, so its log is replayed."""
    store = Store.open(session.profile.database, session.key.hex())
    try:
        yield store
    finally:
        store.close()


def _assert_kept(store: Store, decisions: list[tuple[UUID, int, int]]) -> None:
    """Every decision that was said has its event, its operation, and its mark on the report."""
    with store.reading() as connection:
        for action, pk, revision in decisions:
            found = connection.exec_driver_sql(
                "SELECT e.revision, r.pk, r.revision FROM events e "
                "JOIN outbox b ON b.seq = e.seq JOIN reports r ON r.id = e.entity_id "
                "JOIN actions a ON a.id = e.action_id WHERE e.action_id = ?",
                (action.bytes,),
            ).all()
            assert [tuple(row[:2]) for row in found] == [(revision, pk)]
            assert found[0][2] >= revision


def _assert_nothing_half(store: Store) -> None:
    """No report stands at a revision without its event, no event without its operation."""
    with store.reading() as connection:
        ask = connection.exec_driver_sql
        apart = ask(
            "SELECT r.pk FROM reports r WHERE r.revision <> "
            "(SELECT max(e.revision) FROM events e WHERE e.entity_id = r.id)"
        ).all()
        assert apart == []
        lone = ask("SELECT seq FROM events WHERE seq NOT IN (SELECT seq FROM outbox)").all()
        assert lone == []


def test_fifty_kills_during_triage_lose_no_decision_that_was_said_to_be_saved(
    supervisor: Session,
) -> None:
    seed = random.SystemRandom().randrange(1 << 32)
    dice = random.Random(seed)  # noqa: S311 - instants, not secrets
    _file(supervisor, REPORTS)
    supervisor.store.close()
    worker = _Worker(supervisor)
    decisions = 0
    try:
        for kill in range(KILLS):
            early = kill % 10 == 0
            said = worker.decide_until_killed(dice.uniform(0, 0.15), early=early)
            assert said or early, "it decided nothing"
            decisions += len(said)
            with _reopened(supervisor) as store:
                _assert_kept(store, said)
                _assert_nothing_half(store)
    finally:
        complained = worker.close()
    assert complained == "", f"seed {seed}: {complained}"
    assert decisions >= KILLS
    with _reopened(supervisor) as store:
        verdict = auditing.verify(replace(supervisor, store=store))
        assert verdict.ok, f"seed {seed}: {verdict}"
        assert [one for one in check(store) if not one.ok] == [], f"seed {seed}"
