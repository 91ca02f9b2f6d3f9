"""The private PostgreSQL keeps what it was given, ends with its program and is nobody else's."""

import os
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from sync_server import private_cluster
from sync_server.private_cluster import ClusterError, PrivateCluster

HOLD = (
    "import sys, time; from pathlib import Path;"
    "from sync_server.private_cluster import PrivateCluster;"
    "cluster = PrivateCluster(Path(sys.argv[1])); cluster.start();"
    "print(cluster.url(), flush=True); time.sleep(600)"
)


@pytest.fixture
def folder() -> Iterator[Path]:
    made = Path(tempfile.mkdtemp(prefix="trafficdesk-cluster-"))
    yield made
    shutil.rmtree(made, ignore_errors=True)


def runs_in(folder: Path) -> bool:
    """Tell whether a server process works in a folder."""
    mark = f"-D{folder / 'data'}".encode()
    for line in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            if mark in line.read_bytes().split(b"\0"):
                return True
        except (FileNotFoundError, ProcessLookupError):
            continue  # ended while we looked
    return False


def test_a_cluster_keeps_its_databases_and_outlives_a_kill_of_its_program(folder: Path) -> None:
    line = [sys.executable, "-c", HOLD, str(folder)]
    with subprocess.Popen(line, stdout=subprocess.PIPE, text=True) as program:
        assert program.stdout is not None
        url = program.stdout.readline().strip()
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute("CREATE TABLE kept AS SELECT 7 AS number")
        assert runs_in(folder)
        program.send_signal(signal.SIGKILL)
    deadline_s = time.monotonic() + 30
    while runs_in(folder):
        assert time.monotonic() < deadline_s, "the database outlived its program"
        time.sleep(0.05)
    with PrivateCluster(folder) as cluster, psycopg.connect(cluster.url()) as connection:
        assert connection.execute("SELECT number FROM kept").fetchone() == (7,)
    assert not runs_in(folder)


def test_nobody_else_on_the_machine_reaches_it(cluster: PrivateCluster) -> None:
    with psycopg.connect(cluster.url()) as connection:
        assert connection.execute("SHOW listen_addresses").fetchone() == ("",)
        assert connection.info.host.startswith("/")
        mode = stat.S_IMODE(Path(connection.info.host).stat().st_mode)
    assert mode == 0o700


def test_without_postgis_a_sentence_names_the_packages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(private_cluster, "PROGRAMS_ROOT", Path("/nowhere"))
    monkeypatch.setenv("PATH", "/nowhere")
    with pytest.raises(ClusterError, match=r"apt-get install .*postgresql-postgis"):
        PrivateCluster(Path("/nowhere"))


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may enter what PostgreSQL may not")
def test_a_folder_that_its_user_may_not_enter_is_told(tmp_path: Path) -> None:
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    with pytest.raises(ClusterError, match="may not enter"):
        PrivateCluster(closed / "cluster").start()
