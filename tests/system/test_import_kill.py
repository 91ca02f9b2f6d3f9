"""Killed at random instants of an import, the desk opens with the whole file or with none of it."""

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from typing import IO

import pytest

from trafficdesk.domain.queues import ReportFilter
from trafficdesk.domain.vocabulary import Role
from trafficdesk.services import auditing
from trafficdesk.services.importing import batches
from trafficdesk.services.session import Session
from trafficdesk.store import tallies
from trafficdesk.store.engine import Store
from trafficdesk.store.upkeep import check

ROOT = Path(__file__).parent.parent.parent
KILLS, ROWS = 10, 2_000
RULES = '[time]\ncolumn = "t"\n[place]\nlon = "x"\nlat = "y"\n[description]\ncolumn = "what"\n'

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork and SIGKILL")


@pytest.fixture
def supervisor(make_session: Callable[..., Session]) -> Session:
    return make_session(Role.SUPERVISOR, "Velu R")


class _Importer:
    """The child that imports, as its parent sees it."""

    def __init__(self, session: Session, mapping: Path) -> None:
        self._child = subprocess.Popen(
            [sys.executable, "-m", "tests.system.import_child"],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        officer = session.officer
        told = {
            "folder": str(session.profile.folder),
            "key": session.key.hex(),
            "officer": str(officer.id),
            "names": [officer.name, officer.initials, officer.rank],
            "mapping": str(mapping),
        }
        self._tell(json.dumps(told))

    def _tell(self, line: str) -> None:
        assert self._child.stdin is not None
        self._child.stdin.write(line + "\n")
        self._child.stdin.flush()

    @property
    def _said(self) -> IO[str]:
        assert self._child.stdout is not None
        return self._child.stdout

    def run(self, path: Path, kill_after_s: float | None) -> float:
        """Import a file, or kill the import after a while; return how long it was at work."""
        self._tell(str(path))
        number = self._said.readline().strip()
        assert number.isdigit(), self.close()
        began = time.monotonic()
        if kill_after_s is not None:
            time.sleep(kill_after_s)
            with suppress(ProcessLookupError):  # it was faster than the one before it
                os.kill(int(number), signal.SIGKILL)
        while self._said.readline() not in {"end\n", ""}:
            pass
        return time.monotonic() - began

    def close(self) -> str:
        """End the child; return what it complained about."""
        return self._child.communicate(timeout=20)[1]


@contextmanager
def _reopened(session: Session) -> Iterator[Session]:
    """Open the desk as after a restart: what was begun is brought to its end."""
    store = Store.open(session.profile.database, session.key.hex())
    again = replace(session, store=store)
    try:
        batches.end_begun(again)
        yield again
    finally:
        store.close()


def _make_file(folder: Path, number: int) -> Path:
    path = folder / f"file{number}.csv"
    rows = [
        f"2026-01-{1 + i % 28:02d}T10:00:00,{76.9 + i / 50_000:.5f},11.0,row {i} of file {number}"
        for i in range(ROWS)
    ]
    path.write_text("\n".join(["t,x,y,what", *rows]))
    return path


def _states(session: Session) -> list[str]:
    return [str(batch.state) for batch in batches.find_imports(session)]


def test_a_kill_at_any_instant_of_an_import_leaves_all_of_a_file_or_nothing(
    supervisor: Session, tmp_path: Path
) -> None:
    seed = random.SystemRandom().randrange(1 << 32)
    dice = random.Random(seed)  # noqa: S311 - instants, not secrets
    mapping = tmp_path / "map.toml"
    mapping.write_text(RULES)
    supervisor.store.close()
    importer = _Importer(supervisor, mapping)
    try:
        lasts_s = importer.run(_make_file(tmp_path, 0), None)
        whole = 1
        for kill in range(1, KILLS + 1):
            importer.run(_make_file(tmp_path, kill), dice.uniform(0, lasts_s))
            with _reopened(supervisor) as session:
                with session.store.reading() as connection:
                    count = tallies.count(connection, ReportFilter())
                    aside = connection.exec_driver_sql("SELECT count(*) FROM import_rows")
                    assert aside.scalar_one() == 0, f"seed {seed}"
                assert count in {whole * ROWS, (whole + 1) * ROWS}, f"seed {seed}, kill {kill}"
                whole = count // ROWS
                assert _states(session) == ["done"] * whole
    finally:
        complained = importer.close()
    assert complained == "", f"seed {seed}: {complained}"
    with _reopened(supervisor) as session:
        assert auditing.verify(session).ok
        assert [one for one in check(session.store) if not one.ok] == [], f"seed {seed}"
